import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { count, duration } from '../parts/format.ts';
import type { GroupedStep } from './guest-groups.ts';
import { targetWords } from './targets.ts';

/** What a step is aimed at, a host or a group; null: its kind has no target. */
export const targetOf = (step: Step): string | null => ('target' in step ? step.target : null);

/** What a step does to what, as it is called everywhere in the window: "Power off nas-1". */
export function stepTitle(step: Step, hosts: readonly Host[]): string {
  const { label } = stepKinds[step.kind];
  switch (step.kind) {
    case 'wait':
      return `${label} ${duration(step.seconds)}`;
    case 'notify':
      return `${label}: ${step.message}`;
    case 'command':
      return `${label} on ${targetWords(step.target, hosts)}`;
    case 'shut-down-guests':
    case 'start-guests':
      return `${guestsWords(step)} on ${targetWords(step.target, hosts)}`;
    case 'enter-maintenance':
    case 'exit-maintenance':
      return `${label} on ${targetWords(step.target, hosts)}`;
    case 'migrate-guests':
    case 'disable-ha':
    case 'enable-ha':
    case 'retreat-vcls':
    case 'restore-vcls':
    case 'ignore-member-updates':
    case 'heed-member-updates':
    case 'wait-resync':
    case 'prepare-vsan':
    case 'recover-vsan':
    case 'set-ceph-flags':
    case 'unset-ceph-flags':
      return `${label} on ${targetWords(step.target, hosts)}`;
    case 'ups-off':
      return `${step.outlet === null ? label : `Turn off outlet group ${step.outlet} of the UPS`} after ${duration(step.delay)}`;
    case 'power-off':
    case 'wake':
      return `${label} ${targetWords(step.target, hosts)}`;
    default:
      return assertNever(step, 'step kind');
  }
}

/** Some of the guests are told apart from all of them: a run has a step for each of several groups. */
function guestsWords({ kind, guests }: GroupedStep): string {
  if (!guests || 'except' in guests) return stepKinds[kind].label;
  const { only } = guests;
  return `${kind === 'start-guests' ? 'Start' : 'Shut down'} ${only.length === 1 ? `guest ${only[0]}` : count(only.length, 'guest')}`;
}

/** What must be seen before the step counts as done, in a few words. */
export function proofWords(step: Step): string {
  switch (step.kind) {
    case 'power-off':
      return step.until === 'silent' ? 'until silent' : 'until port closed';
    case 'shut-down-guests':
      return step.force ? 'until all are off, by force if need be' : 'until all are off';
    case 'enter-maintenance':
      return 'until in maintenance';
    case 'exit-maintenance':
      return 'until out of maintenance';
    case 'start-guests':
      return 'until started';
    case 'wake':
      return 'until it answers';
    case 'command':
      return step.proof === undefined ? 'until it ends well' : 'until its proof ends well';
    case 'migrate-guests':
      return 'until none runs there';
    case 'disable-ha':
      return 'until HA is off';
    case 'enable-ha':
      return 'until HA is on';
    case 'retreat-vcls':
      return 'until the agent VMs are gone';
    case 'restore-vcls':
      return 'until they may run';
    case 'ignore-member-updates':
    case 'heed-member-updates':
    case 'set-ceph-flags':
    case 'unset-ceph-flags':
      return 'until it is read back';
    case 'wait-resync':
      return 'until nothing is left to resync';
    case 'prepare-vsan':
    case 'recover-vsan':
      return 'until it says so';
    case 'ups-off':
      return 'until the UPS took it';
    case 'wait':
    case 'notify':
      return '';
    default:
      return assertNever(step, 'step kind');
  }
}

export const limitOf = (step: Step): number => step.limit ?? stepKinds[step.kind].limit;

export const allStages = (sequence: Sequence): Stage[] => [...sequence.stages, ...sequence.returnStages];

export const stageOfStep = (sequence: Sequence, stepId: string): Stage | undefined =>
  allStages(sequence).find((stage) => stage.steps.some((step) => step.id === stepId));

export const findStep = (sequence: Sequence, stepId: string): Step | undefined =>
  allStages(sequence)
    .flatMap((stage) => stage.steps)
    .find((step) => step.id === stepId);
