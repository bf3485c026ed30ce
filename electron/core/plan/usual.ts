import type { Expected } from '../../../shared/durations.ts';
import type { Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { limitOf } from './limits.ts';

/** How much longer than usual one run in ten takes, as long as nothing was learned. */
const p90 = 1.5;

/** What a step takes, in seconds, as long as nothing was learned of it. Never over its limit. */
export function usual(step: Step): Expected {
  if (step.kind === 'wait') return { p50: step.seconds, p90: step.seconds, samples: 0 };
  const { usual: seconds } = stepKinds[step.kind];
  const limit = limitOf(step);
  return { p50: Math.min(limit, seconds), p90: Math.min(limit, Math.round(seconds * p90)), samples: 0 };
}
