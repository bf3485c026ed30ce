import { toFault } from '../../shared/fault.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { limitOf } from './plan/limits.ts';
import type { StepContext } from './ports.ts';
import { follow, lookAgain, prove, untilKnown } from './proving.ts';
import { send } from './sending.ts';
import { done, type Ending, earlyEnding, failed, isWell, limitOver, placeOf, type StepRun, see } from './step-run.ts';

/**
 * Takes one step from wherever its journal stands to its end. Never throws; the end is in the journal. `stands`: it
 * stopped without an end, because the run is halted or its host is not meant any more, and another call goes on.
 */
export async function runStep(run: StepRun): Promise<'ended' | 'stands'> {
  const { step, permit, clock, control } = run;
  const isNew = run.view().state === 'waiting';
  const begun = clock.monotonic();
  if (isNew) await run.write({ type: 'step-started', at: clock.now(), step: step.id });
  const limitMs = limitOf(step) * 1000;
  const abort = new AbortController();
  const stopTimer = clock.after(limitMs, () => abort.abort(limitOver));
  // What takes something away and was sent is followed to its end; anything else is broken off.
  const listen = () => {
    const isRefused = permit.stop(step)?.how === 'refused' && !stepKinds[step.kind].destructive;
    if (permit.isHalted() || isRefused || control.early) abort.abort();
  };
  const stops = [permit.onChange(listen), control.onEarly(listen)];
  let ending: Ending | 'stands';
  try {
    listen();
    ending = await walk(run, { ...run.context, signal: abort.signal }, clock.monotonic() + limitMs);
  } catch (error) {
    ending = failed(toFault(error, placeOf(step, run.context.host)));
  } finally {
    stopTimer();
    for (const stop of stops) stop();
  }
  if (ending === 'stands') return ending;
  if (!isWell(ending)) {
    if (control.early) ending = earlyEnding(run);
    else if (permit.isHalted()) return 'stands';
  }
  await run.write({ type: 'step-ended', at: clock.now(), step: step.id, ...ending });
  if (isNew && ending.result === 'done') run.timed((clock.monotonic() - begun) / 1000);
  return 'ended';
}

async function walk(run: StepRun, context: StepContext, deadline: number): Promise<Ending | 'stands'> {
  const before = run.view();
  const inDoubt = before.inDoubt && !run.control.wasPutBack;
  const resumed = inDoubt || before.accepted;
  if (run.provenBefore !== null) return done({ state: 'done', proof: run.provenBefore });
  const first = await lookAgain(run, context, await see(run, context));
  if (first.state === 'done') return { ...done(first), result: resumed ? 'done' : 'already' };
  // Sent before the crash, and nobody can tell what became of it: never a second time without knowing.
  if (inDoubt && first.state === 'unknown' && first.fault.code === 'state-unknown') return failed(first.fault);
  if (before.accepted) return prove(run, context, first);
  if (inDoubt && first.state === 'unknown') {
    const found = await lookAgain(run, context, await untilKnown(run, context, first));
    if (found.state === 'done') return done(found);
    if (found.state === 'unknown') return failed(found.fault);
  }
  for (;;) {
    const ending = await send(run, context, deadline, first);
    if (ending === 'sent') return prove(run, context, first);
    if (ending !== 'in-doubt') return ending;
    const followed = await follow(run, context, first);
    if (followed !== 'again') return followed;
  }
}
