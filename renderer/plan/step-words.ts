import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { duration } from '../parts/format.ts';

/** The id of the host that a step is aimed at; null: its kind has no target. */
export const targetOf = (step: Step): string | null => ('target' in step ? step.target : null);

export function hostName(hosts: readonly Host[], id: string): string {
  return hosts.find((host) => host.id === id)?.name ?? `missing host "${id}"`;
}

/** What a step does to what, as it is called everywhere in the window: "Power off nas-1". */
export function stepTitle(step: Step, hosts: readonly Host[]): string {
  const { label } = stepKinds[step.kind];
  switch (step.kind) {
    case 'wait':
      return `${label} ${duration(step.seconds)}`;
    case 'notify':
      return `${label}: ${step.message}`;
    case 'command':
      return `${label} on ${hostName(hosts, step.target)}`;
    case 'shut-down-guests':
    case 'start-guests':
      return `${label} on ${hostName(hosts, step.target)}`;
    case 'enter-maintenance':
    case 'exit-maintenance':
      return `${label} on ${hostName(hosts, step.target)}`;
    case 'power-off':
    case 'wake':
      return `${label} ${hostName(hosts, step.target)}`;
    default:
      return assertNever(step, 'step kind');
  }
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
      return 'until it ends well';
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
