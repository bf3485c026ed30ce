import type { Host } from '../../../shared/inventory.ts';

/**
 * These hosts and all that use them or run on them, through any number of others. To each the reason, as "uses nas-1"
 * or "runs on esx-2"; empty for those that were asked for. Ids that no host has are left out.
 */
export function withDependents(hostIds: Iterable<string>, hosts: readonly Host[]): Map<string, string> {
  const known = new Map(hosts.map((host) => [host.id, host]));
  const cargo = new Map<string, { id: string; how: string }[]>();
  const note = (carrier: string, id: string, how: string) => {
    const list = cargo.get(carrier);
    if (list) list.push({ id, how });
    else cargo.set(carrier, [{ id, how }]);
  };
  for (const host of hosts) {
    for (const carrier of host.uses) note(carrier, host.id, 'uses');
    if (host.runsOn !== undefined) note(host.runsOn, host.id, 'runs on');
  }
  const found = new Map<string, string>();
  for (const id of hostIds) if (known.has(id)) found.set(id, '');
  // What is added on the way is visited as well.
  for (const id of found.keys()) {
    for (const each of cargo.get(id) ?? []) {
      if (!found.has(each.id)) found.set(each.id, `${each.how} ${known.get(id)?.name ?? id}`);
    }
  }
  return found;
}
