import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';
import type { Host } from '../../../shared/inventory.ts';

/**
 * What systems of 2010 to 2014 speak and nothing newer: ESXi 5.x, old switches and NAS. As patterns: a name that the
 * runtime lacks makes ssh2 throw, a pattern is skipped. Never group1-sha1: its 1024 bits, the same for everybody, can be
 * broken by who has prepared for them, and Electron's BoringSSL does not have it.
 * @see https://weakdh.org
 * @see https://github.com/electron/electron/issues/39603
 */
const ofOldSystems = {
  kex: { append: [/^diffie-hellman-group(14|-exchange)-sha1$/] },
  cipher: { append: [/^aes(128|192|256)-cbc$/] },
} as unknown as Algorithms;

/** What is offered to a host: ssh2's own choice, and behind it what old systems need where the user allows it. */
export function algorithmsOf(
  { oldAlgorithms }: Pick<Host, 'oldAlgorithms'>,
  serverHostKey: ServerHostKeyAlgorithm[],
): Algorithms {
  return { ...(oldAlgorithms && ofOldSystems), serverHostKey };
}
