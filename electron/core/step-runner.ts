import { type Fault, type FaultCode, FaultError, toFault } from '../../shared/fault.ts';
import type { StepView } from '../../shared/run.ts';
import type { RunRecord, StepData } from '../../shared/run-record.ts';
import type { Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { duration } from '../../shared/words.ts';
import { limitOf } from './planner.ts';
import type { Clock, Probe, StepActions, StepContext } from './ports.ts';

/** Faults that another attempt may not meet. All others are told at once: trying again could lock an account. */
const passing: ReadonlySet<FaultCode> = new Set([
  'unreachable',
  'dead-peer',
  'command-failed',
  'wake-not-sent',
  'unexpected-answer',
]);

/** Ms before the second attempt; doubled each time. */
const backOff = 2000;

/** Ms of looking at a host that could not be reached, before it is tried once more. Longer than silence takes to prove. */
const tryAgainAfter = 25_000;

export interface StepRun {
  step: Step;
  /** As the journal tells it now: a resumed step is not new. */
  view(): StepView;
  actions: StepActions;
  context: Omit<StepContext, 'signal'>;
  clock: Clock;
  write(record: RunRecord): Promise<void>;
  /** True once nothing more may be begun: the mains are back, or the user said stop. */
  isCancelled(): boolean;
  /** Calls when that happens. Returns the function that ends the subscription. */
  onCancel(call: () => void): () => void;
}

type Ending = Pick<Extract<RunRecord, { type: 'step-ended' }>, 'result' | 'proof' | 'fault' | 'data'>;

const failed = (fault: Fault): Ending => ({ result: 'failed', proof: '', fault, data: {} });
const skipped = (proof: string): Ending => ({ result: 'skipped', proof, fault: null, data: {} });

/** Takes one step from wherever its journal stands to its end. Never throws; the end is in the journal. */
export async function runStep(run: StepRun): Promise<StepView['state']> {
  if (run.view().state === 'waiting') await run.write({ type: 'step-started', at: run.clock.now(), step: run.step.id });
  const limitMs = limitOf(run.step) * 1000;
  const abort = new AbortController();
  const stopTimer = run.clock.after(limitMs, () => abort.abort());
  // What has been sent is followed to its end; only what takes nothing away is broken off.
  const stopListening = run.onCancel(() => {
    if (!stepKinds[run.step.kind].destructive) abort.abort();
  });
  let ending: Ending;
  try {
    if (run.isCancelled() && !stepKinds[run.step.kind].destructive) abort.abort();
    ending = await walk(run, { ...run.context, signal: abort.signal }, run.clock.monotonic() + limitMs);
  } catch (error) {
    ending = failed(toFault(error, placeOf(run)));
  } finally {
    stopTimer();
    stopListening();
  }
  await run.write({ type: 'step-ended', at: run.clock.now(), step: run.step.id, ...ending });
  return ending.result;
}

async function walk(run: StepRun, context: StepContext, deadline: number): Promise<Ending> {
  const before = run.view();
  const resumed = before.inDoubt || before.accepted;
  const first = await look(run, context);
  if (first.state === 'done') {
    return { result: resumed ? 'done' : 'already', proof: first.proof, fault: null, data: first.data ?? {} };
  }
  // Sent before the crash, and nobody can tell what became of it: never a second time without knowing.
  if (before.inDoubt && first.state === 'unknown' && first.fault.code === 'state-unknown') return failed(first.fault);
  if (before.accepted) return prove(run, context, deadline, first);
  if (before.inDoubt && first.state === 'unknown') {
    const found = await untilKnown(run, context, deadline, first);
    if (found.state === 'done') return { result: 'done', proof: found.proof, fault: null, data: found.data ?? {} };
    if (found.state === 'unknown') return failed(found.fault);
  }
  const ending = await send(run, context, deadline, first);
  if (ending) return ending;
  return prove(run, context, deadline, first);
}

/** Attempts the act until it is accepted, is refused for good, or the limit is over. Null: accepted. */
async function send(run: StepRun, context: StepContext, deadline: number, before: Probe): Promise<Ending | null> {
  const { step, clock } = run;
  const data = before.state === 'not-done' ? (before.data ?? {}) : {};
  let mayHaveArrived = run.view().inDoubt;
  for (let attempt = run.view().attempt + 1, tries = 1; ; attempt += 1, tries += 1) {
    if (run.isCancelled() && !mayHaveArrived) return skipped('not sent: the run was cancelled');
    await run.write({ type: 'intent', at: clock.now(), step: step.id, attempt, data });
    try {
      const left = await actOrLimit(run, context);
      await run.write({ type: 'accepted', at: clock.now(), step: step.id, attempt, data: left });
      return null;
    } catch (error) {
      const fault = toFault(error, placeOf(run));
      run.context.tell(`attempt ${attempt}: ${fault.what}`);
      mayHaveArrived ||= fault.code !== 'unreachable';
      const ending = await afterFault({ run, context, deadline, tries, mayHaveArrived }, fault);
      if (ending) return ending;
    }
  }
}

interface Failure {
  run: StepRun;
  context: StepContext;
  deadline: number;
  /** Attempts made since this process took the step up. */
  tries: number;
  mayHaveArrived: boolean;
}

/** Waits and looks after a failed attempt. Null: it should be tried again. */
async function afterFault(failure: Failure, fault: Fault): Promise<Ending | null> {
  const { run, context, deadline, tries } = failure;
  const last = tries > run.step.retries;
  // A host that cannot be reached may be off already: its silence decides, not the connection.
  const silenceDecides = run.step.kind === 'power-off' && (fault.code === 'unreachable' || fault.code === 'dead-peer');
  if (last && silenceDecides) return untilSilent(failure, fault);
  const wait = backOff * 2 ** (tries - 1);
  if (last || !passing.has(fault.code) || context.signal.aborted) return failed(fault);
  if (run.clock.monotonic() + wait >= deadline) return failed(fault);
  await pause(run.clock, wait, context.signal);
  // It may have arrived all the same.
  const seen = await look(run, context);
  if (seen.state === 'done') return { result: 'done', proof: seen.proof, fault: null, data: seen.data ?? {} };
  return seen.state === 'unknown' && seen.fault.code === 'state-unknown' ? failed(seen.fault) : null;
}

/**
 * Looks whether the host is off. `already` only if nothing of ours can have reached it: a host that was off before is
 * not brought back. Null: nothing has reached it, and it may be back (a switch that restarts), so try again.
 */
async function untilSilent({ run, context, deadline, mayHaveArrived }: Failure, fault: Fault): Promise<Ending | null> {
  const again = mayHaveArrived ? Number.POSITIVE_INFINITY : run.clock.monotonic() + tryAgainAfter;
  while (!context.signal.aborted && run.clock.monotonic() < deadline) {
    if (run.isCancelled() && !mayHaveArrived) return skipped('not sent: the run was cancelled');
    const seen = await look(run, context);
    if (seen.state === 'done') {
      return { result: mayHaveArrived ? 'done' : 'already', proof: seen.proof, fault: null, data: seen.data ?? {} };
    }
    if (run.clock.monotonic() >= again) return null;
    await pause(run.clock, run.actions.proveEvery, context.signal);
  }
  return failed(fault);
}

/** Looks until the effect is there or the limit is over. */
async function prove(run: StepRun, context: StepContext, deadline: number, last: Probe): Promise<Ending> {
  for (let seen = last; ; ) {
    if (context.signal.aborted && run.clock.monotonic() < deadline) return skipped('broken off: the run was cancelled');
    if (context.signal.aborted) return failed(overLimit(run, seen));
    seen = await look(run, context);
    if (seen.state === 'done') return { result: 'done', proof: seen.proof, fault: null, data: seen.data ?? {} };
    if (seen.state === 'unknown' && seen.fault.code === 'state-unknown') return failed(seen.fault);
    await pause(run.clock, run.actions.proveEvery, context.signal);
  }
}

async function untilKnown(run: StepRun, context: StepContext, deadline: number, first: Probe): Promise<Probe> {
  let seen = first;
  while (seen.state === 'unknown' && run.clock.monotonic() < deadline && !context.signal.aborted) {
    await pause(run.clock, run.actions.proveEvery, context.signal);
    seen = await look(run, context);
  }
  return seen;
}

function overLimit(run: StepRun, seen: Probe): Fault {
  const last = seen.state === 'unknown' ? seen.fault.what : seen.state === 'not-done' ? seen.seen : '';
  return {
    code: 'limit-reached',
    what: `not proven within ${duration(limitOf(run.step))}; last seen: ${last}`,
    where: placeOf(run),
    remedy: 'Look at the host, then give the step a longer limit if it only needs more time.',
  };
}

const placeOf = (run: StepRun): string => {
  const label = stepKinds[run.step.kind].label;
  return run.context.host ? `${label} ${run.context.host.name}` : label;
};

/** One look that cannot throw and cannot outlive the step. */
async function look(run: StepRun, context: StepContext): Promise<Probe> {
  try {
    return await orAborted(run.actions.probe(context), context.signal, placeOf(run));
  } catch (error) {
    return { state: 'unknown', fault: toFault(error, placeOf(run)) };
  }
}

const actOrLimit = (run: StepRun, context: StepContext): Promise<StepData> =>
  orAborted(run.actions.act(context), context.signal, placeOf(run));

async function orAborted<T>(work: Promise<T>, signal: AbortSignal, where: string): Promise<T> {
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

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
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
