import { type Fault, type FaultCode, toFault } from '../../shared/fault.ts';
import type { StepData } from '../../shared/run-record.ts';
import { leftOut } from './left-out.ts';
import { orAborted, pause } from './looking.ts';
import type { Probe, StepContext } from './ports.ts';
import {
  done,
  type Ending,
  failed,
  isMoving,
  mayStillChange,
  overLimit,
  placeOf,
  type StepRun,
  see,
  skipped,
  unsent,
} from './step-run.ts';

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

/** Ms between two attempts at most. */
const longestBackOff = 15_000;

/** Ms of looking at a host that could not be reached, before it is tried once more. Longer than silence takes to prove. */
const tryAgainAfter = 25_000;

/** Ms between two looks whether a host is off, at least: each one that finds a port open counts against us there. */
const lookOffEvery = 1000;

/**
 * Attempts the act until it is accepted, is refused for good, or the limit is over. `sent`: its effect is awaited.
 * `in-doubt`: it may have arrived, and must not be sent now.
 */
export async function send(
  run: StepRun,
  context: StepContext,
  deadline: number,
  before: Probe,
): Promise<Ending | 'stands' | 'sent' | 'in-doubt'> {
  const { step, clock } = run;
  // The first look that tells it counts: once something was sent, less may be left.
  let found = before;
  const looked = (seen: Probe): void => {
    if (found.state === 'unknown') found = seen;
  };
  let mayHaveArrived = run.view().inDoubt && !run.control.wasPutBack;
  for (let attempt = run.view().attempt + 1, tries = 1; ; attempt += 1, tries += 1) {
    // What may have arrived is followed, and never sent again once nothing more may be sent.
    const stopped = (): Ending | 'stands' | 'in-doubt' | null => {
      const stop = run.permit.stop(step);
      return stop && (mayHaveArrived ? 'in-doubt' : unsent(stop));
    };
    const now = stopped();
    if (now) return now;
    if (context.signal.aborted) return failed(overLimit(run, before));
    const data = found.state === 'not-done' ? (found.data ?? {}) : {};
    await run.write({ type: 'intent', at: clock.now(), step: step.id, attempt, data });
    // The mains may have come back while the disk wrote.
    const late = stopped();
    if (late) return late;
    try {
      const left = await actOrLimit(run, context);
      await run.write({ type: 'accepted', at: clock.now(), step: step.id, attempt, data: left });
      return 'sent';
    } catch (error) {
      const fault = toFault(error, placeOf(run.step, run.context.host));
      run.context.tell(`attempt ${attempt}: ${fault.what}`);
      mayHaveArrived ||= fault.code !== 'unreachable';
      const wasSeen = before.state === 'not-done';
      const ending = await afterFault({ run, context, deadline, tries, mayHaveArrived, wasSeen, looked }, fault);
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
  /** The step's own look has seen its host answer. */
  wasSeen: boolean;
  /** Told what is found before the next attempt. */
  looked(seen: Probe): void;
}

/** Waits and looks after a failed attempt. Null: it should be tried again. */
async function afterFault(failure: Failure, fault: Fault): Promise<Ending | 'stands' | null> {
  const { run, context, deadline, tries } = failure;
  const isKnownOff = isCommandWhereOff(run) && fault.code === 'unreachable' && !failure.mayHaveArrived;
  const last = (tries > run.step.retries || isKnownOff) && !run.persistent && !isMoving(run);
  // A host that cannot be reached may be off already: its silence decides, not the connection.
  const isPowerOff = run.step.kind === 'power-off';
  if (last && isPowerOff && (fault.code === 'unreachable' || fault.code === 'dead-peer'))
    return untilSilent(failure, fault);
  const wait = Math.min(longestBackOff, backOff * 2 ** (tries - 1));
  const isOver = last || !passing.has(fault.code) || context.signal.aborted;
  if (isOver || run.clock.monotonic() + wait >= deadline) {
    if (isPowerOff || fault.code !== 'unreachable' || failure.mayHaveArrived) return failed(fault);
    // One that was woken and is silent still may be on its way up: what it says cannot be waited for any longer.
    if (isMoving(run)) return run.wasSwitchedOff ? offBefore(run) : failed(fault);
    return failure.wasSeen ? failed(fault) : ifOff(failure, fault);
  }
  await pause(run.clock, wait, context.signal);
  // It may have arrived all the same.
  const seen = await see(run, context);
  failure.looked(seen);
  if (seen.state === 'done' && !mayStillChange(run))
    return { ...done(seen), result: failure.mayHaveArrived ? 'done' : 'already' };
  return seen.state === 'unknown' && seen.fault.code === 'state-unknown' ? failed(seen.fault) : null;
}

/** What the user's command does, nobody knows: so that its host is off does not do it, but nothing can be done there. */
const isCommandWhereOff = ({ step, wasSwitchedOff }: StepRun): boolean => step.kind === 'command' && wasSwitchedOff;

function offBefore(run: StepRun): Ending {
  if (isCommandWhereOff(run)) {
    const name = run.context.host?.name ?? 'its host';
    return skipped(`left out: ${name} is off since an earlier run`, leftOut('host-off'));
  }
  const proof = 'an earlier run switched the host off, and it does not answer';
  return { result: 'already', proof, fault: null, data: {} };
}

/**
 * Looks whether the host is off. `already` only if nothing of ours can have reached it: a host that was off before is
 * not brought back. Null: nothing has reached it, and it may be back (a switch that restarts), so try again.
 */
async function untilSilent(
  { run, context, deadline, mayHaveArrived }: Failure,
  fault: Fault,
): Promise<Ending | 'stands' | null> {
  const again = mayHaveArrived ? Number.POSITIVE_INFINITY : run.clock.monotonic() + tryAgainAfter;
  while (!context.signal.aborted && run.clock.monotonic() < deadline) {
    const stop = run.permit.stop(run.step);
    if (stop && !mayHaveArrived) return unsent(stop);
    const seen = await see(run, context);
    if (seen.state === 'done') return { ...done(seen), result: mayHaveArrived ? 'done' : 'already' };
    if (run.clock.monotonic() >= again) return null;
    await pause(run.clock, run.actions.proveEvery, context.signal);
  }
  return failed(fault);
}

/**
 * Nothing runs on a host that is off: if it is, there was nothing to take away, and what waits for it may go on. Null:
 * that is not proven, as it may have answered in between; so it is tried once more.
 */
async function ifOff({ run, context, deadline, tries }: Failure, fault: Fault): Promise<Ending | 'stands' | null> {
  if (run.lookOff === null) return failed(fault);
  // A command is often given less time than silence takes to prove.
  const isCommand = isCommandWhereOff(run);
  const isOver = (): boolean => (isCommand ? run.control.early !== null : context.signal.aborted);
  const { signal } = isCommand ? new AbortController() : context;
  const longest = run.clock.monotonic() + tryAgainAfter;
  const until = isCommand ? longest : Math.min(deadline, longest);
  while (!isOver() && run.clock.monotonic() < until) {
    const stop = run.permit.stop(run.step);
    if (stop) return unsent(stop);
    const seen = await run.lookOff(context);
    if (seen.state === 'done' && isCommand) return offBefore(run);
    if (seen.state === 'done') return { ...done(seen), result: 'already', proof: `the host is off: ${seen.proof}` };
    await pause(run.clock, Math.max(lookOffEvery, run.actions.proveEvery), signal);
  }
  return tries > run.step.retries + 1 || context.signal.aborted ? failed(fault) : null;
}

const actOrLimit = (run: StepRun, context: StepContext): Promise<StepData> =>
  orAborted(run.actions.act(context), context.signal, placeOf(run.step, run.context.host));
