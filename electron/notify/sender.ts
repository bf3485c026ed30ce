import type { Channel } from '../../shared/channels.ts';
import { type Fault, toFault } from '../../shared/fault.ts';
import type { KeptNotice, KeptQueue, Message } from '../../shared/notices.ts';
import type { ChannelState } from '../../shared/view.ts';
import type { Clock } from '../core/ports.ts';
import type { Outcome } from './outcome.ts';
import { NoticeQueue } from './queue.ts';

/** Ms before the second try, the third and so on; the last one for all that follow. */
const backOff = [5000, 15_000, 60_000, 300_000] as const;
const longestBackOff = 300_000;

export interface SenderDeps {
  clock: Clock;
  rack: string;
  newId(): string;
  /** One try, within its own limit. Never rejects for what goes wrong outside. */
  deliver(channel: Channel, message: Message, signal: AbortSignal): Promise<Outcome>;
  /** One line for the log. */
  warn(line: string): void;
  /** What waits, or how it stands, is another than before. */
  changed(): void;
}

/** Tells one channel its notices, one message after the other, again and again while it cannot be reached. */
export class Sender {
  readonly #deps: SenderDeps;
  readonly #queue: NoticeQueue;
  #channel: Channel;
  #held: Fault | null;
  /** Why the last try failed; null: it did not. */
  #fault: Fault | null = null;
  #tries = 0;
  #isFull = false;
  /** The try that goes on; null: none. */
  #trying: AbortController | null = null;
  #cancelTimer: (() => void) | null = null;
  #isStopped = false;

  constructor(channel: Channel, kept: KeptQueue | null, deps: SenderDeps) {
    this.#channel = channel;
    this.#deps = deps;
    this.#held = kept?.held ?? null;
    this.#queue = new NoticeQueue(kept, deps);
  }

  get channel(): Channel {
    return this.#channel;
  }

  state(): ChannelState {
    const waiting = this.#queue.size;
    if (this.#held) return { state: 'failed', waiting, fault: this.#held };
    if (waiting > 0) return { state: 'waiting', waiting, fault: this.#fault };
    return { state: this.#fault ? 'failed' : 'ok', waiting, fault: this.#fault };
  }

  kept(): KeptQueue {
    return { ...this.#queue.kept(), held: this.#held };
  }

  /** Takes it in and returns at once. */
  add(notice: KeptNotice): void {
    const dropped = this.#queue.add(notice);
    if (dropped > 0 && !this.#isFull) this.#warn('too many notices wait for it: the oldest are given up');
    this.#isFull = dropped > 0;
    this.#deps.changed();
    this.go();
  }

  /** The user has edited it, or entered its secret: whatever kept it from being told may be over. */
  edited(channel: Channel): void {
    this.#channel = channel;
    this.#held = null;
    this.#fault = null;
    this.#endTry();
    this.#deps.changed();
    this.go();
  }

  /** Something got through to it: what waits for a later try, or was held, goes out now. */
  reached(): void {
    this.#held = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#deps.changed();
    this.go();
  }

  /** Begins with what waits, unless it is being tried, waits for its next try, or is held. */
  go(): void {
    if (this.#isStopped || this.#trying || this.#cancelTimer || this.#held) return;
    const old = this.#queue.expire();
    if (old > 0) this.#warn(`${old} of its notices are older than a day, and are not told any more`);
    const message = this.#queue.next();
    if (!message) return;
    const trying = new AbortController();
    this.#trying = trying;
    this.#deps.changed();
    void this.#deps
      .deliver(this.#channel, message, trying.signal)
      .catch((error: unknown): Outcome => ({ type: 'give-up', fault: toFault(error, this.#channel.name) }))
      .then((outcome) => {
        if (this.#trying === trying) this.#ended(outcome);
      });
  }

  stop(): void {
    this.#isStopped = true;
    this.#endTry();
  }

  #ended(outcome: Outcome): void {
    this.#trying = null;
    if (outcome.type === 'retry') this.#tryAgain(outcome.fault, outcome.after);
    else if (outcome.type === 'hold') this.#hold(outcome.fault);
    else this.#done(outcome.type === 'delivered' ? null : outcome.fault);
    this.#deps.changed();
    this.go();
  }

  #done(fault: Fault | null): void {
    if (fault) this.#warn(`a notice was not told: ${fault.what}`);
    else if (this.#tries > 0) this.#warn('it can be told again');
    this.#fault = fault;
    this.#tries = 0;
    this.#queue.done();
  }

  #tryAgain(fault: Fault, after: number | null): void {
    if (this.#tries === 0) this.#warn(`cannot be told, and is tried again: ${fault.what}`);
    const wait = Math.max(after ?? 0, backOff[this.#tries] ?? longestBackOff);
    this.#fault = fault;
    this.#tries += 1;
    this.#cancelTimer = this.#deps.clock.after(wait, () => {
      this.#cancelTimer = null;
      this.go();
      // What was too old by then is forgotten.
      this.#deps.changed();
    });
  }

  #hold(fault: Fault): void {
    this.#warn(`is not tried any more until it is edited: ${fault.what}`);
    this.#held = fault;
  }

  #endTry(): void {
    this.#tries = 0;
    this.#trying?.abort();
    this.#trying = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #warn(line: string): void {
    this.#deps.warn(`channel “${this.#channel.name}”: ${line}`);
  }
}
