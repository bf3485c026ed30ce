import type { Host } from '../../shared/inventory.ts';
import type { HostKind } from '../../shared/platforms.ts';

/** How late a machine goes down: what others stand on goes down last, and comes back first. */
export const tiers = ['servers', 'hypervisors', 'last'] as const;
export type Tier = (typeof tiers)[number];

/** In doubt later: with OPNsense and pfSense the network goes. */
const usual: Readonly<Record<HostKind, Tier>> = {
  linux: 'servers',
  windows: 'servers',
  macos: 'servers',
  docker: 'servers',
  kubernetes: 'servers',
  other: 'servers',
  esxi: 'hypervisors',
  'esxi-api': 'hypervisors',
  vcenter: 'hypervisors',
  proxmox: 'hypervisors',
  libvirt: 'hypervisors',
  'hyper-v': 'hypervisors',
  'xcp-ng': 'hypervisors',
  truenas: 'last',
  synology: 'last',
  qnap: 'last',
  unraid: 'last',
  freebsd: 'last',
};

/** Storage by its platform; whatever else is in its tier, others need it. */
export const isStorage = ({ kind }: Host): boolean => usual[kind] === 'last' && kind !== 'freebsd';

/** What must be on while something is done to it. */
const basesOf = ({ uses, jump, managedBy }: Host): string[] =>
  [...uses, jump, managedBy].filter((id) => id !== undefined);

/** A machine that one of a later tier needs goes down last, whatever it is. */
export function tiersOf(machines: readonly Host[]): ReadonlyMap<string, Tier> {
  const found = new Map<string, Tier>(machines.map(({ id, kind }) => [id, usual[kind]]));
  const rank = (id: string) => tiers.indexOf(found.get(id) ?? 'last');
  const tooEarly = () => machines.flatMap((host) => basesOf(host).filter((base) => rank(base) < rank(host.id)));
  for (let early = tooEarly(); early.length > 0; early = tooEarly()) {
    for (const id of early) found.set(id, 'last');
  }
  return found;
}

/** A machine, and those of its tier that go down before it because they need it. */
export interface Placed {
  host: Host;
  after: readonly Host[];
}

/** Those that need others before these. Of those that need each other in a circle one begins. */
export function inOrder(machines: readonly Host[]): Placed[] {
  const placed: Placed[] = [];
  let left = machines;
  while (left.length > 0) {
    const isFree = (host: Host) => !left.some((other) => other !== host && basesOf(other).includes(host.id));
    const next = left.find(isFree) ?? (left[0] as Host);
    const after = placed.filter(({ host }) => basesOf(host).includes(next.id)).map(({ host }) => host);
    placed.push({ host: next, after });
    left = left.filter((host) => host !== next);
  }
  return placed;
}
