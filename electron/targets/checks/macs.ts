import type { Host } from '../../../shared/inventory.ts';
import type { CheckContext } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { platformTable } from '../platforms/table.ts';
import { CannotTell } from './check.ts';
import { type HostLooks, isIn } from './host-looks.ts';
import type { Neighbours } from './neighbours.ts';

/** MAC addresses in a text, in the inventory's writing; macOS leaves out leading noughts. */
export function macsIn(text: string): string[] {
  const found = text.match(/(?<![\w:-])[0-9a-f]{1,2}([:-])(?:[0-9a-f]{1,2}\1){4}[0-9a-f]{1,2}(?![\w:-])/gi) ?? [];
  const all = found.map((mac) =>
    mac
      .toLowerCase()
      .split(/[:-]/)
      .map((byte) => byte.padStart(2, '0'))
      .join(':'),
  );
  return [...new Set(all)].filter((mac) => mac !== '00:00:00:00:00:00' && mac !== 'ff:ff:ff:ff:ff:ff');
}

/**
 * Whether a host would be woken by the MAC that is entered. It says itself which are its own; if it does not let us in,
 * the network's table can confirm the MAC. Which of a host's cards wakes it nobody tells.
 * @throws FaultError `no-mac` when none is entered, or none of them is the host's; CannotTell
 */
export async function isItsMac(
  looks: HostLooks,
  neighbours: Neighbours,
  context: CheckContext,
  host: Host,
): Promise<string> {
  const entered = host.macs.join(', ');
  if (host.macs.length === 0) {
    throw hostFault(
      host,
      'no-mac',
      'it has no MAC address to wake it by',
      'Enter the MAC address of its network card.',
    );
  }
  const own = await ownMacs(looks, context, host);
  if (own.length > 0) {
    if (own.some((mac) => host.macs.includes(mac))) return `${entered}: the host has it`;
    const remedy = 'Enter the MAC address of the network card that wakes it.';
    throw hostFault(host, 'no-mac', `${entered} is none of its MAC addresses, which are ${own.join(', ')}`, remedy);
  }
  const seen = await neighbours(host.address);
  if (seen.some((mac) => host.macs.includes(mac))) return `${entered}: the network has it for ${host.address}`;
  const instead = seen.length > 0 ? `; the network has ${seen.join(', ')} for ${host.address}` : '';
  throw new CannotTell(`whether ${entered} is its MAC address cannot be seen without signing in${instead}`);
}

/** Empty: it does not let us in, or does not say. */
async function ownMacs(looks: HostLooks, context: CheckContext, host: Host): Promise<string[]> {
  if (!isIn(await looks.enter(context, host))) return [];
  const command = platformTable[host.kind].macs;
  if (command === undefined) return [];
  try {
    return macsIn((await looks.ask(context, host, command)).stdout);
  } catch {
    // The host has gone in between: what it would have said is not known.
    return [];
  }
}
