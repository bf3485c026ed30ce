import type { Step } from './sequence.ts';

/** It is done in every run, also on a host that keeps its power. */
export const isAlways = (step: Step): boolean => step.kind === 'command' && step.always;

/** Whether a run for these hosts (null: for all) is for the step: it has no host, is for its host, or is done always. */
export function isMeant(step: Step, wanted: readonly string[] | ReadonlySet<string> | null): boolean {
  if (wanted === null || !('target' in step) || isAlways(step)) return true;
  return 'has' in wanted ? wanted.has(step.target) : wanted.includes(step.target);
}
