import net from 'node:net';
import os from 'node:os';
import type { Host } from '../../shared/inventory.ts';

/** Milliseconds of real time that one look waits for an answer. */
export const lookMs = 2000;

/**
 * What one TCP connection attempt shows. `open`: something accepted. `closed`: the host answered that nothing
 * listens. `silent`: no answer. `blind`: nothing left this computer, or the name means no address, so that silence
 * would prove nothing.
 */
export type Look = 'open' | 'closed' | 'silent' | 'blind';

/** Looks once at the port at which a host is spoken to. Never rejects. */
export type LookAt = (host: Host) => Promise<Look>;

/** No packet left: no network, no route, no address of our own, no address for the name. */
const ours = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES', 'EPERM']);

const loopback = new net.BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Looks from this computer, at an IP address. Never rejects. */
export const lookAt = (host: Pick<Host, 'address' | 'port'>): Promise<Look> => lookBy(undefined, host);

/**
 * Never rejects. Takes at most 2 s. The connection is closed before a word is said.
 * @param lookup gives the addresses of a name at once: a slow answer would count as the host's silence
 */
export const lookBy = (
  lookup: net.LookupFunction | undefined,
  { address, port }: Pick<Host, 'address' | 'port'>,
): Promise<Look> =>
  new Promise((resolve) => {
    const socket = net.connect({ host: address, port, ...(lookup && { lookup }) });
    const end = (look: Look): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(look === 'silent' && !isLoopback(address) && !hasNetwork() ? 'blind' : look);
    };
    const timer = setTimeout(() => end('silent'), lookMs);
    socket.on('connect', () => end('open'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(lookOf(error.code ?? '')));
  });

/** A host that resets the connection is there all the same: it answered. */
function lookOf(code: string): Look {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'closed';
  return ours.has(code) ? 'blind' : 'silent';
}

/** Whether any interface but loopback is up and has an address that reaches further than its own cable. */
function hasNetwork(): boolean {
  return Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some((one) => !one.internal && !/^(169\.254\.|fe[89ab])/i.test(one.address));
}

function isLoopback(address: string): boolean {
  const family = net.isIP(address);
  return family === 0 ? address === 'localhost' : loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
