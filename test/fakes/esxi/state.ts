import type { Result } from '../posix-shell.ts';
import type { VsanNode } from './vsan.ts';

/** The state of a scripted ESXi host. Tests may change it at any time; the host's own clockwork does too. */

export interface EsxiVm {
  id: number;
  name: string;
  datastore: string;
  /** Relative to the datastore: `web/web.vmx`. */
  vmx: string;
  guest: string;
  hw: string;
  annotation: string;
  power: 'on' | 'off' | 'suspended';
  /** VMware Tools, while the guest is on. */
  tools: 'running' | 'notRunning';
  /** From the guest shutdown request to off. */
  shutdownDelayMs: number | 'never';
  /** The VM waits for an answer: `power.off` hangs until `esxcli vm process kill`. */
  pendingQuestion?: boolean;
}

export interface EsxiState {
  hostName: string;
  /** 5.x, 6.x, 7.x, 8.x: they print faults and tables differently, and the older ones know less of vSAN. */
  dialect: 5 | 6 | 7 | 8;
  vms: EsxiVm[];
  /** `entering`: the host waits for its last VM to go off, and refuses to power one on. */
  maintenance: 'off' | 'entering' | 'on';
  /** The management service behind vim-cmd and esxcli. `hangs`: what asks it never gets an answer. */
  hostd: 'ok' | 'down' | 'hangs';
  /** `localcli` is there, which needs no hostd. */
  localcli: boolean;
  /** What it is in a vSAN cluster; null: nothing. */
  vsan: VsanNode | null;
  /** What `vsan cluster get` answers in the place of that; null: nothing else. */
  vsanSays: Result | null;
  /** The kernel's option IgnoreClusterMemberListUpdates. */
  ignoresMembers: 0 | 1;
  /** How esxcfg-advcfg takes a new value. `lies`: it says that it has, and has not; `hangs`: it never ends. */
  advcfg: 'ok' | 'refuses' | 'lies' | 'hangs';
  /** The autostart manager acts at power off and at boot. */
  autostart: boolean;
  /** MACs of its network cards. */
  nics: string[];
  /** Users and their roles: `Admin`, `ReadOnly`, `NoAccess`. */
  roles: Record<string, string>;
  /** A power off is accepted and never happens. */
  stuck: boolean;
  /** Not documented and seen both ways: the stream and the exit code of a printed fault. */
  faultStream: 'stdout' | 'stderr';
  faultCode: 0 | 1;
}

export function esxiVm(id: number, name: string, more: Partial<EsxiVm> = {}): EsxiVm {
  return {
    id,
    name,
    datastore: 'datastore1',
    vmx: `${name}/${name}.vmx`,
    guest: 'debian12_64Guest',
    hw: 'vmx-20',
    annotation: '',
    power: 'on',
    tools: 'running',
    shutdownDelayMs: 15_000,
    ...more,
  };
}

export function esxiState(more: Partial<EsxiState> = {}): EsxiState {
  return {
    hostName: 'esxi',
    dialect: 8,
    vms: [],
    maintenance: 'off',
    hostd: 'ok',
    localcli: true,
    vsan: null,
    vsanSays: null,
    ignoresMembers: 0,
    advcfg: 'ok',
    autostart: false,
    nics: [],
    roles: { root: 'Admin' },
    stuck: false,
    faultStream: 'stdout',
    faultCode: 1,
    ...more,
  };
}
