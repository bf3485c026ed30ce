import type { Host } from './inventory.ts';

/** The hosts with what feeds them: one that names no UPS and runs on another host has the power of that one. */
export function asFed(hosts: readonly Host[]): readonly Host[] {
  if (hosts.every((host) => !hasPowerOfCarrier(host))) return hosts;
  const byId = new Map(hosts.map((host) => [host.id, host]));
  return hosts.map((host) => {
    let from = host;
    const seen = new Set([host.id]);
    while (hasPowerOfCarrier(from)) {
      const carrier = byId.get(from.runsOn);
      // Nobody knows it, or they run on each other.
      if (!carrier || seen.has(carrier.id)) return host;
      seen.add(carrier.id);
      from = carrier;
    }
    return from === host ? host : { ...host, fedBy: from.fedBy };
  });
}

const hasPowerOfCarrier = (host: Host): host is Host & { runsOn: string } =>
  host.fedBy.upses.length === 0 && host.runsOn !== undefined;
