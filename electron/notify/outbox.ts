import { isDeepStrictEqual } from 'node:util';
import type { Channel } from '../../shared/channels.ts';
import { FaultError } from '../../shared/fault.ts';
import { type KeptQueue, longestBody, longestTitle, type NoticesFile, noNotices } from '../../shared/notices.ts';
import type { ChannelState } from '../../shared/view.ts';
import type { Notice, NoticeStore, Notifier } from '../core/ports.ts';
import { fold } from './fold.ts';
import { Sender, type SenderDeps } from './sender.ts';
import { lines, oneLine } from './text.ts';

/** Ms for which a delivery waits until it is on disk what is being delivered: a disk that hangs keeps nobody uninformed. */
const mostKeeping = 1000;

export interface OutboxDeps extends Omit<SenderDeps, 'changed'> {
  store: NoticeStore;
  /** How a channel stands is another than before. */
  changed(): void;
}

/** Tells notices by the channels. Taking one in never waits for anything; what waits outlives a restart. */
export class Outbox implements Notifier {
  readonly #deps: OutboxDeps;
  readonly #senders = new Map<string, Sender>();
  /** Of channels that are not known yet: they have not been read. */
  #kept = new Map<string, KeptQueue>();
  #isSaving = false;
  #isDirty = false;
  #saved: Promise<void> = Promise.resolve();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Reads what still has to be told. To be called before the channels are known. */
  async load(): Promise<void> {
    this.#kept = new Map(Object.entries((await this.#deps.store.load()).channels));
  }

  /** These are the channels now: one that changed begins anew, what waited for one that is gone is forgotten. */
  configure(channels: readonly Channel[]): void {
    for (const [id, sender] of this.#senders) {
      if (channels.some((channel) => channel.id === id)) continue;
      sender.stop();
      this.#senders.delete(id);
    }
    for (const channel of channels) {
      const sender = this.#senders.get(channel.id);
      if (!sender) this.#begin(channel);
      else if (!isDeepStrictEqual(sender.channel, channel)) sender.edited(channel);
    }
    this.#kept.clear();
    this.#changed();
  }

  /** Another secret is kept for this channel. */
  secretChanged(id: string): void {
    const sender = this.#senders.get(id);
    sender?.edited(sender.channel);
  }

  notify(notice: Notice): void {
    const kept = {
      at: this.#deps.clock.now(),
      category: notice.category,
      urgency: notice.urgency,
      title: oneLine(notice.title, longestTitle),
      body: lines(notice.body, longestBody),
    };
    const named = notice.channels;
    for (const [id, sender] of this.#senders) {
      const isFor = named === undefined ? sender.channel.categories.includes(notice.category) : isNamed(named, id);
      if (isFor) sender.add(kept);
    }
    if (named === undefined || named === 'all') return;
    for (const id of named.filter((each) => !this.#senders.has(each)))
      this.#deps.warn(`a step tells the channel “${id}”, which there is not`);
  }

  /**
   * Sends one message beside what waits. A channel that it reaches is tried at once with what does.
   * @throws FaultError why it does not get through, `reference-missing`
   */
  async test(id: string): Promise<void> {
    const { clock, rack, newId, deliver } = this.#deps;
    const sender = this.#senders.get(id);
    if (!sender) throw noChannel(id);
    const body = 'This is a test: nothing has happened.';
    const notice = {
      at: clock.now(),
      category: 'user',
      urgency: 'normal',
      title: 'Test of this channel',
      body,
    } as const;
    const message = fold([notice], { id: newId(), rack, dropped: 0 });
    const outcome = await deliver(sender.channel, message, new AbortController().signal);
    if (outcome.type !== 'delivered') throw new FaultError(outcome.fault);
    sender.reached();
  }

  /** How a channel stands. */
  state(id: string): ChannelState {
    return this.#senders.get(id)?.state() ?? { state: 'ok', waiting: 0, fault: null };
  }

  /** Ends what is under way: it goes on at the next start. Resolves when it is kept. */
  async stop(): Promise<void> {
    for (const sender of this.#senders.values()) sender.stop();
    this.#save();
    await this.#saved;
  }

  #begin(channel: Channel): void {
    const sender = new Sender(channel, this.#kept.get(channel.id) ?? null, {
      ...this.#deps,
      changed: () => this.#changed(),
      // After a crash it must go out again under the same id, and nothing else under that one.
      deliver: async (...delivery) => {
        await this.#written();
        return this.#deps.deliver(...delivery);
      },
    });
    this.#senders.set(channel.id, sender);
    sender.go();
  }

  #changed(): void {
    this.#save();
    this.#deps.changed();
  }

  /** One write after the other, each with all that is new by then: a storm of notices is a few writes. */
  #save(): void {
    this.#isDirty = true;
    if (this.#isSaving) return;
    this.#isSaving = true;
    this.#saved = this.#saveAll();
  }

  /** Resolves when what holds now is on disk, or that takes too long. */
  #written(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(mostKeeping, resolve);
      void this.#saved.then(() => {
        cancel();
        resolve();
      });
    });
  }

  async #saveAll(): Promise<void> {
    // What is asked for within one turn of the loop is written at once.
    await Promise.resolve();
    while (this.#isDirty) {
      this.#isDirty = false;
      await this.#deps.store.save(this.#file()).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.#deps.warn(`notices that wait are not kept: ${why}`);
      });
    }
    this.#isSaving = false;
  }

  #file(): NoticesFile {
    const channels: Record<string, KeptQueue> = Object.fromEntries(this.#kept);
    for (const [id, sender] of this.#senders) channels[id] = sender.kept();
    return { ...noNotices, channels };
  }
}

const isNamed = (named: readonly string[] | 'all', id: string): boolean => named === 'all' || named.includes(id);

const noChannel = (id: string): FaultError =>
  new FaultError({
    code: 'reference-missing',
    what: 'There is no such channel.',
    where: id,
    remedy: 'Look at the channels as they are now.',
  });
