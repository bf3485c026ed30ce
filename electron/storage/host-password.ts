import { z } from 'zod';
import type { Bmc, Host } from '../../shared/inventory.ts';
import type { SecretSlot } from '../../shared/secret-slot.ts';

/** Which of a host's secrets do not sign in to it. */
export type PasswordSlot = Exclude<SecretSlot, 'login'>;

/**
 * Inside the ciphertext, since the file that names the management controller can be written by anybody: where its
 * password was entered for is where it goes.
 */
const bmcPassword = z.strictObject({
  kind: z.literal('bmc'),
  password: z.string(),
  protocol: z.string(),
  address: z.string(),
  port: z.int().nullable(),
  user: z.string(),
});

/** A SecureOn password goes out in the clear with every magic packet: it is bound to nothing. */
const secureOnPassword = z.strictObject({ kind: z.literal('secure-on'), password: z.string() });

export const sealedPasswordSchema = z.discriminatedUnion('kind', [bmcPassword, secureOnPassword]);
export type SealedPassword = z.infer<typeof sealedPasswordSchema>;

/** Null: the host has no management controller for which it could be kept. */
export function passwordFor(host: Host, slot: PasswordSlot, password: string): SealedPassword | null {
  if (slot === 'secure-on') return { kind: slot, password };
  return host.bmc && { kind: slot, password, ...placeOf(host.bmc) };
}

/** Null: it was entered for another one. */
export function passwordOf(host: Host, slot: PasswordSlot, sealed: SealedPassword): string | null {
  const { password, ...rest } = sealed;
  const { password: _, ...now } = passwordFor(host, slot, '') ?? { password: '' };
  return JSON.stringify(rest) === JSON.stringify(now) ? password : null;
}

const placeOf = ({ protocol, address, port, user }: Bmc) => ({ protocol, address, port: port ?? null, user });
