import type { LookupFunction } from 'node:net';
import { assertNever } from '../../shared/assert-never.ts';
import type { Channel } from '../../shared/channels.ts';
import { toFault } from '../../shared/fault.ts';
import type { Message } from '../../shared/notices.ts';
import type { ChannelSecret, Clock } from '../core/ports.ts';
import { hungLocal, runLocal } from './local-command.ts';
import { sendMail } from './mail.ts';
import { lateOutcome } from './network-fault.ts';
import { channelFault, type Outcome, retry } from './outcome.ts';
import { type Connecting, postWebhook } from './webhook.ts';

/** Seconds for one delivery over the network, from the name to the last answer. */
const networkSeconds = 10;
/** Seconds for a program. */
const programSeconds = 30;

export interface DeliverDeps {
  clock: Clock;
  lookup: LookupFunction;
  /** PEM of the certificates that are trusted in the place of the usual ones; null: the usual ones. */
  roots: string | null;
  /** null: none is kept. @throws FaultError `no-credential` when it cannot be used */
  secret(channel: Channel): Promise<ChannelSecret | null>;
}

/** One try to tell a message by a channel, within its limit. Rejects only for a defect of ours. */
export function deliver(deps: DeliverDeps, channel: Channel, message: Message, signal: AbortSignal): Promise<Outcome> {
  switch (channel.kind) {
    case 'command':
      return limited(deps.clock, programSeconds, signal, hungLocal(channel, programSeconds), (limit) =>
        runLocal(channel, message, limit),
      );
    case 'webhook':
      return overNetwork(deps, channel, channel.origin, signal, async (secret, connecting) =>
        secret?.kind === 'webhook'
          ? postWebhook(channel, secret, message, connecting)
          : withoutSecret(channel, 'Enter its URL under Notifications.'),
      );
    case 'mail':
      return overNetwork(deps, channel, `${channel.server}:${channel.port}`, signal, async (secret, connecting) => {
        const password = secret?.kind === 'mail' ? secret.password : null;
        if (channel.user !== '' && password === null)
          return withoutSecret(channel, 'Enter its password under Notifications.');
        return sendMail(channel, channel.user === '' ? null : password, message, connecting);
      });
    default:
      return assertNever(channel, 'channel');
  }
}

function overNetwork(
  { clock, lookup, roots, secret }: DeliverDeps,
  channel: Channel,
  place: string,
  signal: AbortSignal,
  send: (secret: ChannelSecret | null, connecting: Connecting) => Promise<Outcome>,
): Promise<Outcome> {
  const late = lateOutcome(channel, place, networkSeconds);
  return limited(clock, networkSeconds, signal, late, async (limit) => {
    let kept: ChannelSecret | null;
    try {
      kept = await secret(channel);
    } catch (error) {
      // A keyring may be locked until somebody has logged in.
      return retry(toFault(error, channel.name));
    }
    // Its time was over while the keychain thought: nothing is sent that nobody waits for.
    return limit.aborted ? late : send(kept, { lookup, roots, signal: limit });
  });
}

/** What `work` gives, or `late` when that takes too long; it is then aborted. */
function limited(
  clock: Clock,
  seconds: number,
  signal: AbortSignal,
  late: Outcome,
  work: (limit: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  if (signal.aborted) return Promise.resolve(late);
  const limit = new AbortController();
  const abort = () => limit.abort();
  return new Promise((resolve, reject) => {
    const cancel = clock.after(seconds * 1000, () => {
      abort();
      resolve(late);
    });
    signal.addEventListener('abort', abort, { once: true });
    work(limit.signal)
      .finally(() => {
        cancel();
        signal.removeEventListener('abort', abort);
      })
      .then(resolve, reject);
  });
}

const withoutSecret = (channel: Channel, remedy: string): Outcome =>
  retry(channelFault(channel, 'no-credential', 'Nothing is kept to reach it with.', remedy));
