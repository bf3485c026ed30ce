import net from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Host, HostKey } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { resolveName } from '../resolve-name.ts';
import { fingerprintOf } from '../ssh/host-key.ts';
import { lookupBy } from '../ssh/lookup.ts';
import { connectFault } from './connect-fault.ts';

/** Milliseconds of real time for TCP and the TLS handshake. */
export const handshakeMs = 10_000;

/** How a pinned certificate is written in the inventory. */
const type = 'x509';

/**
 * A TLS connection to a host, as soon as its handshake is over. Nothing has been said over it. Who it is with is for
 * the caller to find out: the certificates of these servers are their own, so no authority vouches for them.
 * @throws FaultError `unreachable`, `dead-peer`
 */
function handshake(host: Host, addresses: Addresses, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const socket = tls.connect({
      host: host.address,
      port: host.port,
      lookup: lookupBy(addresses),
      ...(net.isIP(host.address) === 0 && { servername: host.address }),
      // Its certificate is compared with the pinned one before a byte is sent.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    });
    const fail = (error: unknown): void => {
      end();
      socket.destroy();
      reject(connectFault(host, error, connected));
    };
    const stop = (): void => fail(new Error('the connection was given up'));
    const onClose = (): void => fail(new Error('the connection was closed'));
    const timer = setTimeout(() => fail(new Error(`no answer within ${handshakeMs / 1000} s`)), handshakeMs);
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.off('close', onClose);
    };
    socket.on('connect', () => {
      connected = true;
      socket.setNoDelay(true);
    });
    // Stays for good: an error that nobody hears ends the process.
    socket.on('error', fail);
    socket.on('close', onClose);
    socket.on('secureConnect', () => {
      end();
      resolve(socket);
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** SHA-256 of the DER of the certificate that the other end has proven to be its own; null: it showed none. */
function shownBy(socket: TLSSocket): HostKey | null {
  const { raw } = socket.getPeerCertificate();
  return raw ? { type, fingerprint: fingerprintOf(raw) } : null;
}

/** The certificates that a person has confirmed. @throws FaultError `host-key-unknown` when there are none */
export function pinnedOf(host: Host): HostKey[] {
  const pinned = host.hostKeys.filter((key) => key.type === type);
  if (pinned.length > 0) return pinned;
  throw hostFault(
    host,
    'host-key-unknown',
    'its certificate has not been confirmed yet, so nothing was sent to it',
    'Open the host, compare the fingerprint of the certificate that it shows and confirm it.',
  );
}

/**
 * A TLS connection to a host that has shown the pinned certificate. Nothing has been said over it yet.
 * @param addresses where names lead
 * @throws FaultError `host-key-unknown` before a packet is sent; `unreachable`, `dead-peer`; `host-key-changed`
 */
export async function connectPinned(host: Host, addresses: Addresses, signal: AbortSignal): Promise<TLSSocket> {
  const pinned = pinnedOf(host);
  const socket = await handshake(host, addresses, signal);
  const shown = shownBy(socket);
  if (shown && pinned.some((key) => key.fingerprint === shown.fingerprint)) return socket;
  socket.destroy();
  throw hostFault(
    host,
    'host-key-changed',
    `it shows the certificate ${shown?.fingerprint ?? 'of nobody'}, pinned is ${pinned.map((key) => key.fingerprint).join(', ')}`,
    'If its certificate was made anew, confirm the new one in the host settings; if not, someone may be in between.',
  );
}

/**
 * Asks a host for its certificate, so that a person can compare and confirm it. Turns back at once: nobody signs in.
 * @throws FaultError `unreachable`, `dead-peer`, `unexpected-answer` when it shows none
 */
export async function readCertificate(host: Host): Promise<HostKey> {
  const socket = await handshake(host, { of: resolveName }, new AbortController().signal);
  const shown = shownBy(socket);
  socket.destroy();
  if (shown) return shown;
  throw hostFault(host, 'unexpected-answer', 'it shows no certificate', 'Look what answers at that port.');
}
