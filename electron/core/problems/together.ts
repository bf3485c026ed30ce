import { failedCounts, unmet } from '../plan/conditions.ts';
import type { PlacedStep, Places } from './places.ts';

function isDone({ step, host }: PlacedStep, failedUpses: number, { compiled }: Places): boolean {
  return unmet(step.when, { host, failedUpses, sequence: compiled }) === null;
}

/** Whether one run may do both, whatever has failed: their conditions do not exclude each other. */
export function mayBothBeDone(one: PlacedStep, other: PlacedStep, places: Places): boolean {
  if (one.step.when.length === 0 && other.step.when.length === 0) return true;
  return failedCounts.some((failed) => isDone(one, failed, places) && isDone(other, failed, places));
}

/** Whether one of them is done whenever `step` is: none is left out by its conditions, or given up, without it. */
export function areDoneWith(step: PlacedStep, others: readonly PlacedStep[], places: Places): boolean {
  const maySkip = places.compiled.shed.includes('skip-optional');
  const firm = others.filter((other) => !maySkip || !other.step.optional || step.step.optional);
  return failedCounts.every(
    (failed) => !isDone(step, failed, places) || firm.some((other) => isDone(other, failed, places)),
  );
}
