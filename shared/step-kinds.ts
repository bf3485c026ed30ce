import type { HostKind } from './inventory.ts';
import type { StepKind } from './sequence.ts';

/** What the editor, the planner and the runner must know of a step kind; what it does is in electron/targets. */
export interface StepKindInfo {
  label: string;
  /** Said in the live run while it goes on. */
  doing: string;
  /** Which kinds of host it can be aimed at; null: it has no target. */
  targets: readonly HostKind[] | null;
  /** Seconds in which it must be proven, unless the step says otherwise. */
  limit: number;
  /** Seconds it takes until its own durations are learned. */
  usual: number;
  /** Its act takes something away from the users: it is journalled before and never repeated blindly. */
  destructive: boolean;
}

export const stepKinds: Readonly<Record<StepKind, StepKindInfo>> = {
  'power-off': {
    label: 'Power off',
    doing: 'powering off',
    targets: ['linux', 'esxi'],
    limit: 240,
    usual: 60,
    destructive: true,
  },
  'shut-down-guests': {
    label: 'Shut down guests',
    doing: 'shutting down guests',
    targets: ['esxi'],
    limit: 300,
    usual: 90,
    destructive: true,
  },
  'enter-maintenance': {
    label: 'Enter maintenance mode',
    doing: 'entering maintenance mode',
    targets: ['esxi'],
    limit: 120,
    usual: 20,
    destructive: true,
  },
  'exit-maintenance': {
    label: 'Exit maintenance mode',
    doing: 'leaving maintenance mode',
    targets: ['esxi'],
    // After a boot its management services can be minutes behind SSH.
    limit: 600,
    usual: 10,
    destructive: false,
  },
  'start-guests': {
    label: 'Start guests',
    doing: 'starting guests',
    targets: ['esxi'],
    limit: 300,
    usual: 30,
    destructive: false,
  },
  wake: { label: 'Wake', doing: 'waking', targets: ['linux', 'esxi'], limit: 600, usual: 120, destructive: false },
  command: {
    label: 'Run a command',
    doing: 'running a command',
    targets: ['linux', 'esxi'],
    limit: 60,
    usual: 5,
    destructive: true,
  },
  wait: { label: 'Wait', doing: 'waiting', targets: null, limit: 7200, usual: 0, destructive: false },
  notify: { label: 'Notify', doing: 'notifying', targets: null, limit: 10, usual: 1, destructive: false },
};
