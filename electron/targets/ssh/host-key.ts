import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import ssh2 from 'ssh2';
import type { HostKey } from '../../../shared/inventory.ts';

/** Key types that we can check, best first, and the signature algorithms that each can prove itself with. */
const algorithmsOf: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
]);

/** All algorithms that we know, best first: what is offered to a host whose key is not known yet. */
export const allHostKeyAlgorithms: ServerHostKeyAlgorithm[] = [...algorithmsOf.values()].flat();

/**
 * What to offer a host of which these keys are pinned: nothing else, so that it cannot present a key of another
 * type, which would look like a changed key. Empty: none of the pinned types is known here.
 */
export function algorithmsFor(pinned: readonly HostKey[]): ServerHostKeyAlgorithm[] {
  const types = new Set(pinned.map((key) => key.type));
  return [...algorithmsOf].flatMap(([type, algorithms]) => (types.has(type) ? algorithms : []));
}

/** As `ssh-keygen -l` prints it: SHA-256 in base64 without padding. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Reads a host key as it comes over the wire; null when it is no key that ssh2 can read. */
export function readKey(key: Buffer): HostKey | null {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) return null;
  const first = Array.isArray(parsed) ? parsed[0] : parsed;
  return first ? { type: first.type, fingerprint: fingerprintOf(key) } : null;
}
