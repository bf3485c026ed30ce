import type { Host } from '../../../shared/inventory.ts';
import { withDependents } from '../plan/dependents.ts';

/** Which hosts cannot work without which. */
export interface Cargo {
  /** The hosts that cannot work without this one, in the order of the inventory. Two that need each other have no order. */
  of(carrier: Host): readonly Host[];
  /** No host names anything that it needs. */
  isNone: boolean;
}

export function cargoAmong(hosts: ReadonlyMap<string, Host>): Cargo {
  const all = [...hosts.values()];
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (host: Host): ReadonlySet<string> => {
    const found = reached.get(host.id) ?? new Set(withDependents([host.id], all).keys());
    reached.set(host.id, found);
    return found;
  };
  const known = new Map<string, readonly Host[]>();
  return {
    isNone: all.every((host) => host.uses.length === 0 && host.runsOn === undefined),
    of: (carrier) => {
      const found =
        known.get(carrier.id) ??
        all.filter((host) => host.id !== carrier.id && reach(carrier).has(host.id) && !reach(host).has(carrier.id));
      known.set(carrier.id, found);
      return found;
    },
  };
}
