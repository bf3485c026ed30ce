import type { Host } from '../../../shared/inventory.ts';
import type { PlacedStep, Places } from './places.ts';

/**
 * The hosts that a step takes away: the one that it powers off with all that run on it, or the hosts that are among the
 * guests that it shuts down.
 */
export function lostBy({ step, host }: PlacedStep, { hosts }: Places): Host[] {
  if (host === null) return [];
  if (step.kind === 'power-off') return [host, ...guestsOf(host, hosts)];
  if (step.kind !== 'shut-down-guests') return [];
  const { guests } = step;
  const isMeant = ({ name }: Host) =>
    !guests || ('only' in guests ? guests.only.includes(name) : !guests.except.includes(name));
  return guestsOf(host, hosts).filter(isMeant);
}

const guestsOf = (carrier: Host, hosts: ReadonlyMap<string, Host>): Host[] =>
  [...hosts.values()].filter((host) => host.runsOn === carrier.id && host.id !== carrier.id);
