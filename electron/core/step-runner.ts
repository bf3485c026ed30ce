import { type Fault, type FaultCode, FaultError, toFault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { StepView } from '../../shared/run.ts';
import type { RunRecord, StepData } from '../../shared/run-record.ts';
import type { Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { duration } from '../../shared/words.ts';
import type { Permit } from './permit.ts';
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

/** Ms after which what was perhaps sent before a cancel is taken not to have arrived. */
const doubtFor = 60_000;

/** Ms between two attempts at most. */
const longestBackOff = 15_000;

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
  permit: Permit;
  /** Tried until the limit whatever its retries: on the way back nothing is lost by trying longer. */
  persistent: boolean;
  /** Ms for which the first look must go on saying "done": a host that may be on its way down still answers. */
  doubtMs: number;
}

type Ending = Pick<Extract<RunRecord, { type: 'step-ended' }>, 'result' | 'proof' | 'fault' | 'data'>;

const failed = (fault: Fault): Ending => ({ result: 'failed', proof: '', fault, data: {} });
const skipped = (proof: string): Ending => ({ result: 'skipped', proof, fault: null, data: {} });

/**
 * Takes one step from wherever its journal stands to its end. Never throws; the end is in the journal. When the run is
 * halted it stops without an end, and another call goes on from there.
 */
export async function runStep(run: StepRun): Promise<void> {
  const { step, permit, clock } = run;
  if (run.view().state === 'waiting') await run.write({ type: 'step-started', at: clock.now(), step: step.id });
  const limitMs = limitOf(step) * 1000;
  const abort = new AbortController();
  const stopTimer = clock.after(limitMs, () => abort.abort());
  // What takes something away and was sent is followed to its end; anything else is broken off.
  const listen = () => {
    if (permit.isHalted() || (permit.refusal() !== null && !stepKinds[step.kind].destructive)) abort.abort();
  };
  const stopListening = permit.onChange(listen);
  let ending: Ending;
  try {
    listen();
    ending = await walk(run, { ...run.context, signal: abort.signal }, clock.monotonic() + limitMs);
  } catch (error) {
    ending = failed(toFault(error, placeOf(step, run.context.host)));
  } finally {
    stopTimer();
    stopListening();
  }
  if (permit.isHalted() && ending.result !== 'done' && ending.result !== 'already') return;
  await run.write({ type: 'step-ended', at: clock.now(), step: step.id, ...ending });
}

async function walk(run: StepRun, context: StepContext, deadline: number): Promise<Ending> {
  const before = run.view();
  const resumed = before.inDoubt || before.accepted;
  const first = await lookAgain(run, context, await look(run, context));
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

/** Attempts the act until it is accepted, is refused for good, or the limit is over. Null: its effect is awaited. */
async function send(run: StepRun, context: StepContext, deadline: number, before: Probe): Promise<Ending | null> {
  const { step, clock } = run;
  const data = before.state === 'not-done' ? (before.data ?? {}) : {};
  let mayHaveArrived = run.view().inDoubt;
  for (let attempt = run.view().attempt + 1, tries = 1; ; attempt += 1, tries += 1) {
    // What may have arrived is followed, and never sent again once nothing more may be sent.
    const refused = () => run.permit.refusal() !== null;
    const unsent = () => (mayHaveArrived ? null : skipped('not sent: the run was cancelled'));
    if (refused()) return unsent();
    await run.write({ type: 'intent', at: clock.now(), step: step.id, attempt, data });
    // The mains may have come back while the disk wrote.
    if (refused()) return unsent();
    try {
      const left = await actOrLimit(run, context);
      await run.write({ type: 'accepted', at: clock.now(), step: step.id, attempt, data: left });
      return null;
    } catch (error) {
      const fault = toFault(error, placeOf(run.step, run.context.host));
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
  const last = tries > run.step.retries && !run.persistent;
  // A host that cannot be reached may be off already: its silence decides, not the connection.
  const silenceDecides = run.step.kind === 'power-off' && (fault.code === 'unreachable' || fault.code === 'dead-peer');
  if (last && silenceDecides) return untilSilent(failure, fault);
  const wait = Math.min(longestBackOff, backOff * 2 ** (tries - 1));
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
    if (run.permit.refusal() !== null && !mayHaveArrived) return skipped('not sent: the run was cancelled');
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
  const doubtful = run.clock.monotonic() + doubtFor;
  for (let seen = last; ; ) {
    if (context.signal.aborted && run.clock.monotonic() < deadline) return skipped('broken off: the run was cancelled');
    if (context.signal.aborted) return failed(overLimit(run, seen));
    seen = await look(run, context);
    if (seen.state === 'done') return { result: 'done', proof: seen.proof, fault: null, data: seen.data ?? {} };
    if (seen.state === 'unknown' && seen.fault.code === 'state-unknown') return failed(seen.fault);
    const wasTaken = run.view().accepted || run.permit.refusal() === null;
    if (!wasTaken && run.clock.monotonic() > doubtful)
      return skipped('not sent again, and not done: the run was cancelled');
    await pause(run.clock, run.actions.proveEvery, context.signal);
  }
}

/** Gives a first "done" time to turn out wrong. */
async function lookAgain(run: StepRun, context: StepContext, first: Probe): Promise<Probe> {
  const until = run.clock.monotonic() + run.doubtMs;
  let seen = first;
  while (seen.state === 'done' && run.clock.monotonic() < until && !context.signal.aborted) {
    await pause(run.clock, run.actions.proveEvery, context.signal);
    seen = await look(run, context);
  }
  return seen;
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
    where: placeOf(run.step, run.context.host),
    remedy: 'Look at the host, then give the step a longer limit if it only needs more time.',
  };
}

/** A step for people: "Power off nas-1". */
export function placeOf(step: Step, host: Host | null): string {
  const { label } = stepKinds[step.kind];
  return host ? `${label} ${host.name}` : label;
}

/** One look that cannot throw and cannot outlive the step. */
async function look(run: StepRun, context: StepContext): Promise<Probe> {
  try {
    return await orAborted(run.actions.probe(context), context.signal, placeOf(run.step, run.context.host));
  } catch (error) {
    return { state: 'unknown', fault: toFault(error, placeOf(run.step, run.context.host)) };
  }
}

const actOrLimit = (run: StepRun, context: StepContext): Promise<StepData> =>
  orAborted(run.actions.act(context), context.signal, placeOf(run.step, run.context.host));

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
