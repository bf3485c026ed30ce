import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { Address } from '../core/ports.ts';

/**
 * Asks this computer's resolver, as every program here does: with /etc/hosts, mDNS and what else there is. An IP
 * address is its own. Empty: not known. Never rejects, and takes as long as the resolver does: half a minute without DNS.
 */
export async function resolveName(name: string): Promise<Address[]> {
  const family = net.isIP(name);
  if (family === 4 || family === 6) return [{ address: name, family }];
  try {
    const found = await lookup(name, { all: true });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  } catch {
    return [];
  }
}
