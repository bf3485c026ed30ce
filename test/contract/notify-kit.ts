import { randomUUID } from 'node:crypto';
import type { ChannelSecret } from '../../electron/core/ports.ts';
import { type DeliverDeps, deliver } from '../../electron/notify/deliver.ts';
import { NameLookup } from '../../electron/notify/lookup.ts';
import type { Outcome } from '../../electron/notify/outcome.ts';
import { type Channel, channelSchema, originOf } from '../../shared/channels.ts';
import type { Message } from '../../shared/notices.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

/** What must never be seen in a fault, a log or a file. */
export const secretToken = 'tk_verysecrettoken';
export const secretPath = 'services/T0/B0/verysecretpath';
export const secretPassword = 'correct horse verysecret';

/** What a hostile UPS could call itself, and what people write. */
export const sampleMessage: Message = {
  id: 'a2b0c9be-3f1d-4f2a-9d4e-0d5b9f5c1e11',
  at: Date.UTC(2026, 10, 22, 2, 12, 45),
  category: 'power',
  urgency: 'critical',
  rack: 'cellar',
  title: 'Power lost: <!channel> *Eaton* & “Söhne”',
  body: 'On battery, 98 %, 41 min. [click](https://evil.example) @everyone\n- not a list\nSun, 22 Nov 2026, 02:12:45 GMT, on cellar',
};

export const webhook = (shape: string, url: string, more: Record<string, unknown> = {}): Channel =>
  channelSchema.parse({
    id: 'hook',
    name: 'Hook',
    categories: ['power', 'run', 'failure'],
    kind: 'webhook',
    shape,
    origin: originOf(url),
    ...more,
  });

export const keptUrl = (url: string, token = ''): ChannelSecret => ({ kind: 'webhook', url, token });

/** One try, on a clock that the test moves. */
export function oneTry(
  channel: Channel,
  secret: ChannelSecret | null,
  more: Partial<DeliverDeps> = {},
  said: Partial<Message> = {},
) {
  const clock = new ManualClock();
  const deps: DeliverDeps = {
    clock,
    lookup: new NameLookup().function,
    roots: null,
    secret: async () => secret,
    ...more,
  };
  const message = { ...sampleMessage, id: randomUUID(), ...said };
  const stop = new AbortController();
  const outcome: Promise<Outcome> = deliver(deps, channel, message, stop.signal);
  return { clock, outcome, message, stop };
}
