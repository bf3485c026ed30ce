import type { Step } from '../../../shared/sequence.ts';

/** What a step is aimed at, in a compiled sequence the id of a host; null for kinds that have no target. */
export const targetOf = (step: Step): string | null => ('target' in step ? step.target : null);
