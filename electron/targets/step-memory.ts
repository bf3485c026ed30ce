import type { StepData } from '../../shared/run-record.ts';
import type { StepContext } from '../core/ports.ts';

/**
 * What a step kind remembers between its act and its looks. Bound to the step's abort signal, of which a run makes
 * one per step: a later run of the same sequence begins with nothing, and nothing has to be cleared.
 */
export class StepMemory<T> {
  readonly #kept = new WeakMap<AbortSignal, T>();

  get(context: StepContext): T | undefined {
    return this.#kept.get(context.signal);
  }

  set(context: StepContext, value: T): T {
    this.#kept.set(context.signal, value);
    return value;
  }
}

/**
 * What this very step's act left when it was accepted, if the run was resumed after that: memory is gone then, and
 * the journal hands it over among the earlier data.
 */
export function ownData(context: StepContext): StepData | undefined {
  return context.earlier.findLast((entry) => entry.step.id === context.step.id)?.data;
}
