import { z } from 'zod';
import type { Channel } from '../../shared/channels.ts';
import { originOf } from '../../shared/channels.ts';
import type { ChannelSecret } from '../core/ports.ts';

/**
 * As it stands inside the ciphertext, since the file that names the channel can be written by anybody: where the secret
 * was entered for is where it goes, and to nobody else. A webhook's URL says that itself.
 */
export const sealedChannelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel-webhook'), url: z.string(), token: z.string() }),
  z.strictObject({
    kind: z.literal('channel-mail'),
    password: z.string(),
    server: z.string(),
    port: z.int(),
    user: z.string(),
    /** It was given to a connection that is encrypted, and must not go in the clear. */
    encrypted: z.boolean(),
  }),
]);
export type SealedChannel = z.infer<typeof sealedChannelSchema>;

/** null: a channel of this kind is used without such a secret. */
export function sealedFor(channel: Channel, secret: ChannelSecret): SealedChannel | null {
  if (channel.kind === 'webhook' && secret.kind === 'webhook')
    return { kind: 'channel-webhook', url: secret.url, token: secret.token };
  if (channel.kind !== 'mail' || secret.kind !== 'mail') return null;
  const { server, port, user, security } = channel;
  return { kind: 'channel-mail', password: secret.password, server, port, user, encrypted: security !== 'none' };
}

/** null: it was entered for another place than the channel now names. */
export function openedFor(channel: Channel, sealed: SealedChannel): ChannelSecret | null {
  if (channel.kind === 'webhook' && sealed.kind === 'channel-webhook') {
    const isIts = originOf(sealed.url) === channel.origin;
    return isIts ? { kind: 'webhook', url: sealed.url, token: sealed.token } : null;
  }
  if (channel.kind !== 'mail' || sealed.kind !== 'channel-mail') return null;
  const isIts = sealed.server === channel.server && sealed.port === channel.port && sealed.user === channel.user;
  const staysSecret = !sealed.encrypted || channel.security !== 'none';
  return isIts && staysSecret ? { kind: 'mail', password: sealed.password } : null;
}
