import net from 'node:net';
import type { Host } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';

/**
 * What a host of the inventory may be among things that tell their names and addresses, in small letters: by the address
 * as it was entered, or by those that it leads to. More than one, where several tell it; empty: none of them is it.
 */
export async function allLike<T extends { names: readonly string[] }>(
  host: Host,
  things: readonly T[],
  addresses: Addresses,
): Promise<T[]> {
  const entered = host.address.toLowerCase();
  const found = things.filter(({ names }) => names.includes(entered));
  if (found.length > 0 || net.isIP(entered) !== 0) return found;
  const known = (await addresses.of(entered)).map(({ address }) => address.toLowerCase());
  return things.filter(({ names }) => names.some((name) => known.includes(name)));
}
