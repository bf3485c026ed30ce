import { type Fault, toFault } from '../../../shared/fault.ts';
import type { Check } from '../../../shared/rehearsal.ts';
import type { CheckContext, Clock } from '../../core/ports.ts';

/** Nothing that changes nothing can tell whether it would work. Its message is the sentence that says why. */
export class CannotTell extends Error {}

/** One look at one thing, timed. Resolves with what was seen; a fault is a verdict, never an error. */
export async function looked(
  clock: Clock,
  context: Pick<CheckContext, 'host' | 'step'>,
  what: Check['what'],
  look: () => Promise<string>,
): Promise<Check> {
  const began = clock.monotonic();
  const ms = () => clock.monotonic() - began;
  try {
    return ready(what, await look(), ms());
  } catch (error) {
    if (error instanceof CannotTell) return cannotTell(what, error.message, ms());
    return failing(what, toFault(error, context.host?.name ?? context.step.id), ms());
  }
}

export const ready = (what: Check['what'], detail: string, ms: number | null): Check => ({
  what,
  verdict: 'ready',
  detail: detail.slice(0, 2000),
  fault: null,
  ms,
});

export const cannotTell = (what: Check['what'], detail: string, ms: number | null): Check => ({
  ...ready(what, detail, ms),
  verdict: 'cannot-check',
});

export const failing = (what: Check['what'], fault: Fault, ms: number | null): Check => ({
  what,
  verdict: 'fails',
  detail: fault.what,
  fault,
  ms,
});
