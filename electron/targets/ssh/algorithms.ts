import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';
import type { Host } from '../../../shared/inventory.ts';

/**
 * ESXi 5.x speaks nothing newer. As patterns: a name that the runtime lacks makes ssh2 throw, a pattern is skipped.
 * Never group1-sha1, which Electron's BoringSSL does not have.
 */
const ofOldEsxi = {
  kex: { append: [/^diffie-hellman-group(14|-exchange)-sha1$/] },
  cipher: { append: [/^aes(128|192|256)-cbc$/] },
} as unknown as Algorithms;

/** What is offered to a host: ssh2's own choice, and for ESXi also what its old versions need. */
export function algorithmsOf(host: Host, serverHostKey: ServerHostKeyAlgorithm[]): Algorithms {
  return { ...(host.kind === 'esxi' && ofOldEsxi), serverHostKey };
}
