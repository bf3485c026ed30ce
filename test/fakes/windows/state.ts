/** How a Windows host of the tests is, and what it makes of what is asked of it. */
export interface WindowsState {
  /** The login shell that sshd starts. */
  shell: 'cmd' | 'powershell';
  /** By user; nobody is in any unless given. */
  groups: Readonly<Record<string, readonly ('administrators' | 'hyper-v')[]>>;
  /** By user; Administrators have both of them. */
  privileges: Readonly<Record<string, readonly string[]>>;
  fault: WindowsFault;
  powershell: PowerShellFault;
  /** What the login shell's start-up files print before anything else. */
  noise: string;
  /** Somebody has scheduled a shutdown for later. */
  scheduled: boolean;
  /** From the shutdown to dark, the 5 s of its delay not counted. */
  timeToDieMs: number;
  vms: Vm[];
  /** The service that manages VMs answers. */
  vmms: boolean;
  /** Null: it is in no cluster. */
  cluster: Cluster | null;
  macs: readonly string[];
}

/**
 * What a shutdown does. `hang`: it never answers. `stuck`: it says yes and nothing happens. `refuses`: it fails with 1203.
 * `in-progress`: it is going down already.
 */
export type WindowsFault = 'none' | 'hang' | 'stuck' | 'refuses' | 'in-progress';

/** `blocked`: it does not start. `garbled`: half of its answer is missing. `dies`: the host is gone before it answers. */
export type PowerShellFault = 'none' | 'blocked' | 'hang' | 'garbled' | 'dies';

export interface Vm {
  id: string;
  name: string;
  state: string;
  /** Of the guest's integration services: they run, do not, are switched off for it, or take the question and do nothing. */
  agent: 'ok' | 'none' | 'off' | 'deaf';
  heartbeat: string;
  shutDownMs: number;
  /** It cannot even be turned off. */
  cannotTurnOff: boolean;
  cannotStart: boolean;
}

export interface Cluster {
  /** Its service runs on this node. `forgotten`: it runs, and knows no node of this name. */
  service: 'running' | 'stopped' | 'forgotten';
  node: 'Up' | 'Paused' | 'Joining';
  drain: 'NotInitiated' | 'InProgress' | 'Completed' | 'Failed';
  /** Until its roles have moved; `never`: there is nowhere to go. */
  drainMs: number | 'never';
  /** It does what it is told, and fails. */
  saysNo: boolean;
}

/** The same id for the same number. */
export const vmId = (number: number): string => `0a1b2c3d-4e5f-4a6b-8c7d-${String(number).padStart(12, '0')}`;

export const vm = (number: number, name: string, more: Partial<Vm> = {}): Vm => ({
  id: vmId(number),
  name,
  state: 'Running',
  agent: 'ok',
  heartbeat: more.agent === 'none' ? 'NoContact' : 'OkApplicationsUnknown',
  shutDownMs: 8000,
  cannotTurnOff: false,
  cannotStart: false,
  ...more,
});

export const cluster = (more: Partial<Cluster> = {}): Cluster => ({
  service: 'running',
  node: 'Up',
  drain: 'NotInitiated',
  drainMs: 9000,
  saysNo: false,
  ...more,
});

export const windowsState = (more: Partial<WindowsState> = {}): WindowsState => ({
  shell: 'cmd',
  groups: { Administrator: ['administrators'] },
  privileges: {},
  fault: 'none',
  powershell: 'none',
  noise: '',
  scheduled: false,
  timeToDieMs: 10_000,
  vms: [],
  vmms: true,
  cluster: null,
  macs: ['02-00-00-00-00-07'],
  ...more,
});
