import type { Host } from '../../shared/inventory.ts';
import { isChain, jumpChain } from '../../shared/jump-chain.ts';
import { type HostKind, hostKinds, platforms } from '../../shared/platforms.ts';

/** Under which heading a kind of host is found in the list. */
const headings: Readonly<Record<HostKind, string>> = {
  linux: 'Computers',
  windows: 'Computers',
  freebsd: 'Computers',
  macos: 'Computers',
  esxi: 'VMware',
  'esxi-api': 'VMware',
  vcenter: 'VMware',
  proxmox: 'Other hypervisors',
  libvirt: 'Other hypervisors',
  'hyper-v': 'Other hypervisors',
  'xcp-ng': 'Other hypervisors',
  truenas: 'Storage',
  synology: 'Storage',
  qnap: 'Storage',
  unraid: 'Storage',
  docker: 'Containers',
  kubernetes: 'Containers',
  other: 'Anything else',
};

/** Every kind of host, by name under its heading. */
export const kindOptions = [...new Set(Object.values(headings))].flatMap((group) =>
  hostKinds
    .filter((kind) => headings[kind] === group)
    .map((value) => ({ value, label: platforms[value].label, group }))
    .sort((one, other) => one.label.localeCompare(other.label, 'en')),
);

/** What one must know before one chooses it; empty: nothing. */
export function kindHint(kind: HostKind): string {
  if (kind === 'esxi-api') return 'The free licence lets its API only read: choose “ESXi over SSH” for that one';
  if (kind === 'vcenter') return 'It manages hosts; the machine it runs on is a host of its own, or a guest';
  if (kind === 'other') return 'Any system with SSH: you say which command powers it off';
  const { by, guests } = platforms[kind];
  return `Over ${by === 'ssh' ? 'SSH' : 'HTTPS'}${guests ? `, with its ${guests}` : ''}`;
}

/** Whether a command of the user's own may power it off: ESXi goes down by what its shell says itself. */
export const takesCommand = (kind: HostKind): boolean => platforms[kind].by === 'ssh' && kind !== 'esxi';

/** Whether Glidepath could run on it, which needs a system of one's own. */
export const mayBeThisComputer = (kind: HostKind): boolean => {
  const { isMachine, offInMaintenance } = platforms[kind];
  return isMachine && !offInMaintenance;
};

interface ManagerKind {
  label: string;
  hint: string;
  fits: (kind: HostKind) => boolean;
}

const vcenter: ManagerKind = {
  label: 'Its vCenter',
  hint: 'It moves guests, and puts the host into maintenance mode',
  fits: (kind) => kind === 'vcenter',
};

/** What manages a host of this kind, and how it is asked for. */
const managers: Partial<Readonly<Record<HostKind, ManagerKind>>> = {
  esxi: vcenter,
  'esxi-api': vcenter,
  'xcp-ng': {
    label: 'Master of its pool',
    hint: 'None: it is alone, or the master itself',
    fits: (kind) => kind === 'xcp-ng',
  },
  kubernetes: {
    label: 'Its control plane',
    hint: 'Where kubectl is run; none: on the node itself',
    fits: (kind) => platforms[kind].by === 'ssh',
  },
};

export interface Manager {
  label: string;
  hint: string;
  hosts: readonly Host[];
}

/** What may manage a host of this kind; null: nothing does. */
export function managersOf(kind: HostKind, others: readonly Host[]): Manager | null {
  const manager = managers[kind];
  return manager
    ? { label: manager.label, hint: manager.hint, hosts: others.filter((host) => manager.fits(host.kind)) }
    : null;
}

/** The hosts through which a host can be reached: over SSH, and not through the host itself. */
export function jumpsFor(id: string, others: readonly Host[]): Host[] {
  return others.filter((jump) =>
    isChain(jumpChain({ ...jump, id, jump: jump.id }, (wanted) => others.find((each) => each.id === wanted))),
  );
}
