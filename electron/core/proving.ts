import { Pace, pause } from './looking.ts';
import type { Probe, StepContext } from './ports.ts';
import {
  done,
  type Ending,
  failed,
  givenUpInDoubt,
  limitOver,
  mayStillChange,
  overLimit,
  type StepRun,
  see,
  skipped,
} from './step-run.ts';

/** Ms after which what was perhaps sent before a cancel is taken not to have arrived. */
const doubtFor = 60_000;

/** Looks until the effect is there or the limit is over. */
export const prove = (run: StepRun, context: StepContext, last: Probe): Promise<Ending> =>
  lookUntil<Ending>(run, context, last, () => null);

/** Looks for a while whether what must not be sent now has arrived before. `again`: it may be sent again. */
export async function follow(run: StepRun, context: StepContext, last: Probe): Promise<Ending | 'stands' | 'again'> {
  const until = run.clock.monotonic() + doubtFor;
  return lookUntil<Ending | 'stands' | 'again'>(run, context, last, () => {
    const stop = run.permit.stop(run.step);
    if (stop === null) return 'again';
    if (run.clock.monotonic() <= until) return null;
    return stop.how === 'held' ? 'stands' : givenUpInDoubt(stop);
  });
}

async function lookUntil<T>(
  run: StepRun,
  context: StepContext,
  last: Probe,
  /** Not null: what ends the looking though the effect is not there. */
  enough: () => T | null,
): Promise<Ending | T> {
  const pace = new Pace(run.clock, run.actions, context);
  try {
    for (let seen = last; ; ) {
      if (context.signal.aborted)
        return context.signal.reason === limitOver
          ? failed(overLimit(run, seen))
          : skipped('broken off: the run was cancelled');
      pace.looks();
      seen = await see(run, context);
      if (seen.state === 'done') return done(seen);
      if (seen.state === 'unknown' && seen.fault.code === 'state-unknown') return failed(seen.fault);
      const end = enough();
      if (end !== null) return end;
      await pace.pause(run.actions.proveEvery);
    }
  } finally {
    pace.close();
  }
}

/** Gives a "done" time to turn out wrong. */
export async function lookAgain(run: StepRun, context: StepContext, first: Probe): Promise<Probe> {
  let seen = first;
  while (seen.state === 'done' && mayStillChange(run)) {
    await pause(run.clock, run.actions.proveEvery, context.signal);
    if (context.signal.aborted) return { state: 'not-done', seen: `${seen.proof}, which may still change` };
    seen = await see(run, context);
  }
  return seen;
}

export async function untilKnown(run: StepRun, context: StepContext, first: Probe): Promise<Probe> {
  let seen = first;
  while (seen.state === 'unknown' && !context.signal.aborted) {
    await pause(run.clock, run.actions.proveEvery, context.signal);
    seen = await see(run, context);
  }
  return seen;
}
