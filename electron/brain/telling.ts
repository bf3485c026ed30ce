import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Channel } from '../../shared/channels.ts';
import type { RunView } from '../../shared/run.ts';
import type { DecisionView } from '../../shared/view.ts';
import type { Clock, Notifier } from '../core/ports.ts';
import { deliver } from '../notify/deliver.ts';
import { NameLookup } from '../notify/lookup.ts';
import { Outbox } from '../notify/outbox.ts';
import type { Log } from '../storage/log.ts';
import { noticeStore } from '../storage/notices-file.ts';
import type { Secrets } from '../storage/secrets.ts';
import { ChannelBook } from './channel-book.ts';
import { withNext } from './what-next.ts';

export interface TellingDeps {
  dataFolder: string;
  clock: Clock;
  secrets: Pick<Secrets, 'channelSecret' | 'channelIds' | 'setChannelSecret' | 'removeChannelSecret'>;
  /** The desktop, or what there is in its place. */
  notifier: Notifier;
  log: Log;
  /** What a notice of now is followed by. */
  now(): { decision: DecisionView; run: RunView | null };
  /** The channels, or how telling by them goes, are others than before. */
  changed(): void;
}

/** The desktop and the channels as one: whoever has something to tell tells it here. */
export interface Telling extends Notifier {
  readonly channels: ChannelBook;
  /** Reads the channels and what they still have to tell. */
  load(): Promise<void>;
  /** Sends one message by a channel. @throws FaultError why it does not get through */
  test(channelId: string): Promise<void>;
  /** Resolves when what waits is kept. */
  stop(): Promise<void>;
}

export function tellingBy({ dataFolder, clock, secrets, notifier, log, now, changed }: TellingDeps): Telling {
  const lookup = new NameLookup().function;
  const secret = (channel: Channel) => secrets.channelSecret(channel);
  const outbox = new Outbox({
    clock,
    rack: hostname(),
    newId: randomUUID,
    store: noticeStore(dataFolder, log),
    deliver: (...delivery) => deliver({ clock, lookup, roots: null, secret }, ...delivery),
    warn: (line) => log.warn(line),
    changed,
  });
  const channels = new ChannelBook({
    dataFolder,
    secrets,
    state: (id) => outbox.state(id),
    secretChanged: (id) => outbox.secretChanged(id),
    read: (found) => outbox.configure(found),
    changed,
  });
  return {
    channels,
    notify: (notice) => {
      // Each of them whatever the other does.
      try {
        notifier.notify(notice);
      } finally {
        const { decision, run } = now();
        outbox.notify(withNext(notice, decision, run));
      }
    },
    load: async () => {
      await outbox.load();
      await channels.load();
    },
    test: (id) => outbox.test(id),
    stop: () => outbox.stop(),
  };
}
