import type { NutServer } from '../../../shared/supplies.ts';
import type { Clock } from '../../core/ports.ts';
import { rememberingLookup } from '../net/names.ts';
import { readCertificate } from './open.ts';

/**
 * The SHA-256 fingerprint of the certificate that a upsd shows, to be compared by the user and pinned. Nothing is
 * trusted and no user is named. Takes at most 8 s.
 * @throws FaultError `ups-no-answer`; `ups-refused` when it does not speak TLS
 */
export async function readNutCertificate(
  address: string,
  port: number,
  clock: Clock,
): Promise<{ fingerprint: string }> {
  const server: NutServer = { id: 'new', kind: 'nut', address, port, user: '', certificate: null };
  const signal = new AbortController().signal;
  return { fingerprint: await readCertificate(server, { clock, lookup: rememberingLookup(clock), signal }) };
}
