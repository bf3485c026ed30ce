import type { StepData } from '../../../shared/run-record.ts';

/**
 * What a look keeps for the way back: whether somebody else had a host enter maintenance mode, who wants it to stay
 * there. A list, as the journal keeps the first one that a step found: once it was switched, all looks find it so.
 */
export const keptOf = (isAsked: boolean): StepData => ({ maintenanceBefore: isAsked ? ['asked for'] : [] });

/** All that tell of it found it so: those of an earlier run may be why a later one did. */
export function wasBefore(left: readonly StepData[]): boolean {
  const told = left.flatMap(({ maintenanceBefore: was }) => (Array.isArray(was) ? [was.length > 0] : []));
  return told.length > 0 && told.every((was) => was);
}
