import { type HostKind, kindsWith, type Setting } from './platforms.ts';
import type { Step, StepKind } from './sequence.ts';

/** What the editor, the planner and the runner must know of a step kind; what it does is in electron/targets. */
export interface StepKindInfo {
  label: string;
  /** Said in the live run while it goes on. */
  doing: string;
  /** Which kinds of host it can be aimed at; null: it has no target. */
  targets: readonly HostKind[] | null;
  /** Those in words, as in "needs a host with guests"; empty without a target. */
  needs: string;
  /** Seconds in which it must be proven, unless the step says otherwise. */
  limit: number;
  /** Seconds it takes until its own durations are learned. */
  usual: number;
  /** Its act takes something away from the users: it is journalled before and never repeated blindly. */
  destructive: boolean;
  /** It is destructive and touches neither a machine nor a user's guest: it may go beside another such act on its host. */
  apart?: true;
}

const machines = kindsWith((info) => info.isMachine);
const withGuests = kindsWith((info) => info.guests !== null);
const withSetting = (setting: Setting) => kindsWith((info) => info.settings.includes(setting));
const withVsan = kindsWith((info) => info.vsan);
const withShell = kindsWith((info) => info.by === 'ssh');

export const stepKinds: Readonly<Record<StepKind, StepKindInfo>> = {
  'power-off': {
    label: 'Power off',
    doing: 'powering off',
    targets: machines,
    needs: 'a machine that can be powered off',
    limit: 240,
    usual: 60,
    destructive: true,
  },
  'shut-down-guests': {
    label: 'Shut down guests',
    doing: 'shutting down guests',
    targets: withGuests,
    needs: 'a host with guests',
    limit: 300,
    usual: 90,
    destructive: true,
  },
  'enter-maintenance': {
    label: 'Enter maintenance mode',
    doing: 'entering maintenance mode',
    targets: withSetting('maintenance'),
    needs: 'a host with a maintenance mode',
    limit: 120,
    usual: 20,
    destructive: true,
  },
  'exit-maintenance': {
    label: 'Exit maintenance mode',
    doing: 'leaving maintenance mode',
    targets: withSetting('maintenance'),
    needs: 'a host with a maintenance mode',
    // After a boot its management services can be minutes behind SSH.
    limit: 600,
    usual: 10,
    destructive: false,
  },
  'start-guests': {
    label: 'Start guests',
    doing: 'starting guests',
    targets: withGuests,
    needs: 'a host with guests',
    limit: 300,
    usual: 30,
    destructive: false,
  },
  wake: {
    label: 'Wake',
    doing: 'waking',
    targets: machines,
    needs: 'a machine that can be powered off',
    limit: 600,
    usual: 120,
    destructive: false,
  },
  command: {
    label: 'Run a command',
    doing: 'running a command',
    targets: withShell,
    needs: 'a host with a shell',
    limit: 60,
    usual: 5,
    destructive: true,
  },
  'migrate-guests': {
    label: 'Move guests away',
    doing: 'moving guests away',
    targets: kindsWith((info) => info.migrates),
    needs: 'an ESXi host that a vCenter manages',
    limit: 600,
    usual: 120,
    destructive: true,
  },
  'disable-ha': {
    label: 'Switch HA off',
    doing: 'switching HA off',
    targets: withSetting('ha'),
    needs: 'a host with high availability: vCenter, Proxmox VE or XCP-ng',
    limit: 120,
    usual: 15,
    destructive: true,
  },
  'enable-ha': {
    label: 'Switch HA on',
    doing: 'switching HA on',
    targets: withSetting('ha'),
    needs: 'a host with high availability: vCenter, Proxmox VE or XCP-ng',
    limit: 300,
    usual: 15,
    destructive: false,
  },
  'retreat-vcls': {
    label: 'Retreat vCLS',
    doing: 'waiting until the vCLS VMs are gone',
    targets: withSetting('vcls'),
    needs: 'a vCenter',
    limit: 180,
    usual: 60,
    destructive: true,
    // vCenter's own agent VMs go, and nothing else.
    apart: true,
  },
  'restore-vcls': {
    label: 'Restore vCLS',
    doing: 'restoring vCLS',
    targets: withSetting('vcls'),
    needs: 'a vCenter',
    limit: 300,
    usual: 15,
    destructive: false,
  },
  'ignore-member-updates': {
    label: 'Ignore cluster member updates',
    doing: 'ignoring cluster member updates',
    targets: withSetting('member-updates'),
    needs: 'an ESXi host over SSH',
    limit: 60,
    usual: 5,
    destructive: true,
  },
  'heed-member-updates': {
    label: 'Heed cluster member updates',
    doing: 'heeding cluster member updates',
    targets: withSetting('member-updates'),
    needs: 'an ESXi host over SSH',
    limit: 300,
    usual: 5,
    destructive: false,
  },
  'wait-resync': {
    label: 'Wait for vSAN resync',
    doing: 'waiting for vSAN to resync',
    targets: withVsan,
    needs: 'an ESXi host over SSH',
    limit: 600,
    usual: 30,
    destructive: false,
  },
  'prepare-vsan': {
    label: 'Prepare the vSAN cluster',
    doing: 'preparing the vSAN cluster',
    targets: withVsan,
    needs: 'an ESXi host over SSH',
    limit: 900,
    usual: 120,
    destructive: true,
  },
  'recover-vsan': {
    label: 'Recover the vSAN cluster',
    doing: 'recovering the vSAN cluster',
    targets: withVsan,
    needs: 'an ESXi host over SSH',
    limit: 900,
    usual: 120,
    destructive: false,
  },
  'set-ceph-flags': {
    label: 'Set Ceph flags',
    doing: 'setting Ceph flags',
    targets: withSetting('ceph-flags'),
    needs: 'a Proxmox VE node',
    limit: 60,
    usual: 5,
    destructive: true,
  },
  'unset-ceph-flags': {
    label: 'Unset Ceph flags',
    doing: 'unsetting Ceph flags',
    targets: withSetting('ceph-flags'),
    needs: 'a Proxmox VE node',
    limit: 300,
    usual: 5,
    destructive: false,
  },
  'ups-off': {
    label: 'Turn off the UPS',
    doing: 'telling the UPS to turn off',
    targets: null,
    needs: '',
    limit: 60,
    usual: 5,
    destructive: true,
  },
  wait: { label: 'Wait', doing: 'waiting', targets: null, needs: '', limit: 7200, usual: 0, destructive: false },
  notify: { label: 'Notify', doing: 'notifying', targets: null, needs: '', limit: 10, usual: 1, destructive: false },
};

/**
 * What a step has for itself: of two destructive steps that have the same, one waits for the other. It is the step's
 * host, and of a kind that goes apart that kind on its host; null: it may go beside anything.
 */
export function aloneOn(step: Step): string | null {
  const { destructive, apart } = stepKinds[step.kind];
  if (!destructive || !('target' in step)) return null;
  return apart ? `${step.target} ${step.kind}` : step.target;
}
