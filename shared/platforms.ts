/**
 * What can be switched on and off on a host, and read back. `maintenance`: nothing runs on it or is started there. `ha`:
 * guests are restarted elsewhere when their host goes. `vcls`: vCenter's own agent VMs. `member-updates`: a vSAN host
 * follows what vCenter says of the cluster's members. `ceph-flags`: Ceph leaves data where it is when a node goes.
 */
export type Setting = 'maintenance' | 'ha' | 'vcls' | 'member-updates' | 'ceph-flags';

/** What the editor, the planner and the runner must know of a platform; how it is handled is in electron/targets/platforms. */
export interface PlatformInfo {
  label: string;
  /** How it is spoken to: SSH, or the SOAP API of VMware over TLS. */
  by: 'ssh' | 'soap';
  /** Who usually signs in there. */
  user: string;
  /** What its guests are called, several of them; null: it has none. */
  guests: string | null;
  /** What can be switched on and off there. */
  settings: readonly Setting[];
  /** It is not powered off while guests run on it. */
  guestsFirst: boolean;
  /** It is powered off in maintenance mode only. */
  offInMaintenance: boolean;
  /**
   * Glidepath in a guest of it can power it off as its very last act: it, or what is left there, shuts that guest down
   * first by itself.
   */
  offFromWithin: boolean;
  /** Its storage may be vSAN. */
  vsan: boolean;
  /** Its guests can be moved to other hosts while they run, by what manages it. */
  migrates: boolean;
  /** It is a machine of its own, which can be powered off and woken. */
  isMachine: boolean;
  /** Commands are run by sudo where the user is not root. */
  sudo: boolean;
  /** The command that powers it off unless the host says otherwise; null: done in the platform's own way. */
  powerOff: string | null;
}

const machine = {
  by: 'ssh',
  user: 'root',
  guests: null,
  settings: [],
  guestsFirst: false,
  offInMaintenance: false,
  offFromWithin: true,
  vsan: false,
  migrates: false,
  isMachine: true,
  sudo: true,
} as const;

const esxi = {
  ...machine,
  guests: 'VMs',
  settings: ['maintenance'],
  guestsFirst: true,
  offInMaintenance: true,
  migrates: true,
  sudo: false,
  powerOff: null,
} as const;

/** Every platform there is. A new one is one row here, one module in electron/targets/platforms and its row in table.ts there. */
const rows = {
  linux: { ...machine, label: 'Linux', powerOff: 'systemctl poweroff' },
  windows: { ...machine, label: 'Windows', user: 'Administrator', sudo: false, powerOff: null },
  esxi: { ...esxi, label: 'ESXi over SSH', settings: ['maintenance', 'member-updates'], vsan: true },
  // Over its API nothing can be left there that goes on when Glidepath is off.
  'esxi-api': { ...esxi, label: 'ESXi over its API', by: 'soap', offFromWithin: false },
  vcenter: {
    ...machine,
    label: 'vCenter',
    by: 'soap',
    user: 'administrator@vsphere.local',
    guests: 'VMs',
    settings: ['ha', 'vcls'],
    isMachine: false,
    offFromWithin: false,
    sudo: false,
    powerOff: null,
  },
  proxmox: {
    ...machine,
    label: 'Proxmox VE',
    guests: 'guests',
    settings: ['maintenance', 'ha', 'ceph-flags'],
    powerOff: 'systemctl poweroff',
  },
  libvirt: {
    ...machine,
    label: 'libvirt (KVM)',
    guests: 'domains',
    guestsFirst: true,
    offFromWithin: false,
    powerOff: 'systemctl poweroff',
  },
  'hyper-v': {
    ...machine,
    label: 'Hyper-V',
    user: 'Administrator',
    guests: 'VMs',
    guestsFirst: true,
    offFromWithin: false,
    settings: ['maintenance'],
    sudo: false,
    powerOff: null,
  },
  'xcp-ng': {
    ...machine,
    label: 'XCP-ng, XenServer',
    guests: 'VMs',
    guestsFirst: true,
    offFromWithin: false,
    settings: ['maintenance', 'ha'],
    powerOff: null,
  },
  truenas: { ...machine, label: 'TrueNAS', user: 'admin', powerOff: null },
  synology: { ...machine, label: 'Synology DSM', user: 'admin', powerOff: '/usr/syno/sbin/synoshutdown -s' },
  qnap: { ...machine, label: 'QNAP', user: 'admin', powerOff: '/sbin/poweroff' },
  unraid: { ...machine, label: 'Unraid', sudo: false, powerOff: '/sbin/poweroff' },
  freebsd: { ...machine, label: 'FreeBSD, OPNsense, pfSense', powerOff: '/sbin/shutdown -p now' },
  macos: { ...machine, label: 'macOS', user: 'admin', powerOff: '/sbin/shutdown -h now' },
  docker: { ...machine, label: 'Docker host', guests: 'containers', powerOff: 'systemctl poweroff' },
  kubernetes: { ...machine, label: 'Kubernetes node', settings: ['maintenance'], powerOff: 'systemctl poweroff' },
  other: { ...machine, label: 'Anything with a shell', powerOff: null },
} as const satisfies Readonly<Record<string, PlatformInfo>>;

export type HostKind = keyof typeof rows;

export const platforms: Readonly<Record<HostKind, PlatformInfo>> = rows;

export const hostKinds = Object.keys(rows) as [HostKind, ...HostKind[]];

/** The kinds of host of which something is true. */
export const kindsWith = (isTrue: (info: PlatformInfo) => boolean): HostKind[] =>
  hostKinds.filter((kind) => isTrue(platforms[kind]));

/** What a host of that kind proves itself with, in words. */
export const proofNoun = (kind: HostKind): string => (platforms[kind].by === 'ssh' ? 'host key' : 'certificate');

/** The port at which it is spoken to, unless the host says otherwise. */
export const usualPort = (kind: HostKind): number => (platforms[kind].by === 'ssh' ? 22 : 443);
