import type { Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';

/** Seconds that a wait may be late before it counts as failed. */
const waitSlack = 5;

/** Seconds in which a step must be proven. */
export function limitOf(step: Step): number {
  return step.limit ?? (step.kind === 'wait' ? step.seconds + waitSlack : stepKinds[step.kind].limit);
}
