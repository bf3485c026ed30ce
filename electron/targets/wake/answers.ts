import net, { type LookupFunction } from 'node:net';
import tls from 'node:tls';
import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Addresses } from '../../core/ports.ts';
import { lookMs } from '../reach.ts';
import { lookupBy } from '../ssh/lookup.ts';
import { hasSshBanner } from '../ssh/read-banner.ts';

/**
 * Whether a host's own service speaks: its SSH server says its banner, or its TLS server shakes hands. Never rejects.
 * @param addresses where names lead: who resolves them may be what has yet to be woken
 */
export async function answers(host: Host, addresses: Addresses): Promise<boolean> {
  const found = await addresses.of(host.address);
  if (found.length === 0) return false;
  const lookup = lookupBy({ of: async () => found });
  return platforms[host.kind].by === 'ssh' ? hasSshBanner(host, lookup) : shakesHands(host, lookup);
}

/** Nothing is sent behind the handshake, so it does not matter here whose certificate it is. */
function shakesHands({ address, port }: Pick<Host, 'address' | 'port'>, lookup: LookupFunction): Promise<boolean> {
  return new Promise((resolve) => {
    const named = net.isIP(address) === 0 && { servername: address };
    const socket = tls.connect({
      host: address,
      port,
      lookup,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ...named,
    });
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), lookMs);
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('secureConnect', () => end(true));
  });
}
