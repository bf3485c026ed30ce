import { duration } from '../../../shared/words.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import { ready } from '../checks/check.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { stepOf, type TargetDeps } from './deps.ts';

/** Lets time pass. */
export function wait({ clock }: TargetDeps): StepActions {
  /** Monotonic ms at which it is over. */
  const ends = new StepMemory<number>();

  const msOf = (context: StepContext): number => stepOf(context, 'wait').seconds * 1000;

  /** After a restart of Glidepath the wall clock tells what is left, and is trusted no further than the step's length. */
  const recall = (context: StepContext): number | undefined => {
    const known = ends.get(context);
    const endsAt = ownData(context)?.endsAt;
    if (known !== undefined || typeof endsAt !== 'number') return known;
    const left = Math.min(Math.max(0, endsAt - clock.now()), msOf(context));
    return ends.set(context, clock.monotonic() + left);
  };

  return {
    proveEvery: 250,
    async probe(context) {
      const end = recall(context);
      const seconds = msOf(context) / 1000;
      if (end === undefined) return { state: 'not-done', seen: `${duration(seconds)} to wait` };
      const left = end - clock.monotonic();
      if (left <= 0) return { state: 'done', proof: `waited ${duration(seconds)}` };
      return { state: 'not-done', seen: `${duration(Math.ceil(left / 1000))} left` };
    },
    async act(context) {
      ends.set(context, clock.monotonic() + msOf(context));
      return { endsAt: clock.now() + msOf(context) };
    },
    check: async ({ step }) => [ready('time', `${duration(stepOf({ step }, 'wait').seconds)} to wait`, null)],
    would: (step) => `wait ${duration(stepOf({ step }, 'wait').seconds)}`,
  };
}
