import { type KeptNotice, type KeptQueue, type Message, mostWaiting } from '../../shared/notices.ts';
import type { Clock } from '../core/ports.ts';
import { fold } from './fold.ts';

/** Ms after which a notice is no news any more. */
const newsFor = 24 * 3_600_000;

interface Aged<T> {
  what: T;
  /** When it came, by a clock that no correction of the time makes a day older. */
  mono: number;
}

export interface QueueDeps {
  clock: Pick<Clock, 'now' | 'monotonic'>;
  rack: string;
  newId(): string;
}

/**
 * What waits for one channel: bounded, in order, nothing older than a day. What is being delivered does not change any
 * more; what comes meanwhile waits behind it, and all of one category goes out together.
 */
export class NoticeQueue {
  readonly #deps: QueueDeps;
  #waiting: Aged<KeptNotice>[];
  #message: Aged<Message> | null;
  #dropped: number;

  constructor(kept: Pick<KeptQueue, 'waiting' | 'message' | 'dropped'> | null, deps: QueueDeps) {
    this.#deps = deps;
    const aged = <T extends { at: number }>(what: T): Aged<T> => ({
      what,
      mono: deps.clock.monotonic() - Math.max(0, deps.clock.now() - what.at),
    });
    this.#waiting = (kept?.waiting ?? []).map(aged);
    this.#message = kept?.message ? aged(kept.message) : null;
    this.#dropped = kept?.dropped ?? 0;
  }

  /** What still has to be told: notices, and one more for the message that is being delivered. */
  get size(): number {
    return this.#waiting.length + (this.#message ? 1 : 0);
  }

  /** Gives how many had to be given up for it, itself perhaps: the oldest that is not critical, or else the oldest. */
  add(notice: KeptNotice): number {
    this.#waiting.push({ what: notice, mono: this.#deps.clock.monotonic() });
    if (this.#waiting.length <= mostWaiting) return 0;
    const calm = this.#waiting.findIndex(({ what }) => what.urgency !== 'critical');
    this.#waiting.splice(Math.max(0, calm), 1);
    this.#dropped += 1;
    return 1;
  }

  /** What is to be delivered now, the same until `done`; null: nothing. */
  next(): Message | null {
    if (this.#message) return this.#message.what;
    const [first, ...others] = this.#waiting;
    if (!first) return null;
    const isOfIt = ({ what }: Aged<KeptNotice>) => what.category === first.what.category;
    const also = others.filter(isOfIt);
    this.#waiting = others.filter((each) => !isOfIt(each));
    const { rack, newId } = this.#deps;
    const envelope = { id: newId(), rack, dropped: this.#dropped };
    const what = fold([first.what, ...also.map((each) => each.what)], envelope);
    this.#dropped = 0;
    this.#message = { what, mono: (also.at(-1) ?? first).mono };
    return what;
  }

  /** It was told, or never will be. */
  done(): void {
    this.#message = null;
  }

  /** Forgets what is too old, and gives how much that was. */
  expire(): number {
    const before = this.size;
    const isNews = ({ mono }: Aged<unknown>) => this.#deps.clock.monotonic() - mono <= newsFor;
    this.#waiting = this.#waiting.filter(isNews);
    if (this.#message && !isNews(this.#message)) this.#message = null;
    return before - this.size;
  }

  kept(): Pick<KeptQueue, 'waiting' | 'message' | 'dropped'> {
    const waiting = this.#waiting.map(({ what }) => what);
    return { waiting, message: this.#message?.what ?? null, dropped: this.#dropped };
  }
}
