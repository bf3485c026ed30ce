import { FaultError, toFault } from '../../shared/fault.ts';
import type { Clock, Probe, StepActions, StepContext } from './ports.ts';

/** Ms between two looks that hints ask for, at least: a connection that breaks in pieces must not become a flood. */
const leastBetween = 100;

/** One look that cannot throw and cannot outlive the step. */
export async function look(actions: StepActions, context: StepContext, where: string): Promise<Probe> {
  try {
    return await orAborted(actions.probe(context), context.signal, where);
  } catch (error) {
    return { state: 'unknown', fault: toFault(error, where) };
  }
}

/** @throws FaultError `limit-reached` as soon as the signal is aborted, whatever the work does. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal, where: string): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () =>
      reject(
        new FaultError({
          code: 'limit-reached',
          what: 'no answer within the limit',
          where,
          remedy: 'Look at the host; the command may still be going on there.',
        }),
      );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Resolves after `ms`, or as soon as the signal is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** The pauses between looks at one step, cut short by hints. */
export class Pace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #stopHints: () => void;
  /** Monotonic ms. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isHinted = false;
  #wake: () => void = () => undefined;

  constructor(clock: Clock, actions: StepActions, context: StepContext) {
    this.#clock = clock;
    this.#signal = context.signal;
    this.#stopHints =
      actions.onHint?.(context, () => {
        this.#isHinted = true;
        this.#wake();
      }) ?? (() => undefined);
  }

  /** A look begins. A hint that comes from now on asks for another one. */
  looks(): void {
    this.#lookedAt = this.#clock.monotonic();
    this.#isHinted = false;
  }

  async pause(ms: number): Promise<void> {
    const over = new AbortController();
    const end = () => over.abort();
    this.#signal.addEventListener('abort', end, { once: true });
    let stopHint: () => void = () => undefined;
    this.#wake = () => {
      stopHint();
      const wait = this.#lookedAt + leastBetween - this.#clock.monotonic();
      if (wait <= 0) end();
      else stopHint = this.#clock.after(wait, end);
    };
    if (this.#signal.aborted) end();
    else if (this.#isHinted) this.#wake();
    await pause(this.#clock, ms, over.signal);
    stopHint();
    this.#wake = () => undefined;
    this.#signal.removeEventListener('abort', end);
  }

  close(): void {
    this.#stopHints();
  }
}
