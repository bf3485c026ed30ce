import type { Fault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { StepView } from '../../shared/run.ts';
import type { RunRecord, StepData } from '../../shared/run-record.ts';
import type { Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { duration } from '../../shared/words.ts';
import { byHand, followed, leftOut } from './left-out.ts';
import { look } from './looking.ts';
import type { Permit, Stop } from './permit.ts';
import { limitOf } from './plan/limits.ts';
import type { Clock, Probe, StepActions, StepContext } from './ports.ts';
import type { StepControl } from './step-control.ts';

/** One step as it is being done, with all that it may ask and write. */
export interface StepRun {
  step: Step;
  /** As the journal tells it now: a resumed step is not new. */
  view(): StepView;
  actions: StepActions;
  context: Omit<StepContext, 'signal'>;
  clock: Clock;
  write(record: RunRecord): Promise<void>;
  permit: Permit;
  /** Ends it early, from outside. */
  control: StepControl;
  /** What proves it without a look, as only a restart of this computer can; null: it is looked at. */
  provenBefore: string | null;
  /** It was begun and proven by this process, and took so many seconds. */
  timed(seconds: number): void;
  /** An earlier run has switched its host off, and nothing has brought it back since. */
  wasSwitchedOff: boolean;
  /** One look whether its host is off; null: that would not be the step's effect. */
  lookOff: ((context: StepContext) => Promise<Probe>) | null;
  /** Tried until the limit whatever its retries: on the way back nothing is lost by trying longer. */
  persistent: boolean;
  /**
   * Monotonic ms. Until then its host may be on its way down, and still answer, or on its way up, and be silent: neither
   * proves anything, and no attempt is the last.
   */
  doubtUntil: number;
}

/** With this the signal of a step is aborted whose limit is over; anything else breaks it off. */
export const limitOver = Symbol('limit over');

export type Ending = Pick<Extract<RunRecord, { type: 'step-ended' }>, 'result' | 'proof' | 'fault' | 'data'>;

export const failed = (fault: Fault): Ending => ({ result: 'failed', proof: '', fault, data: {} });
export const skipped = (proof: string, data: StepData = {}): Ending => ({
  result: 'skipped',
  proof,
  fault: null,
  data,
});
export const done = (seen: Extract<Probe, { state: 'done' }>): Ending => ({
  result: 'done',
  proof: seen.proof,
  fault: null,
  data: seen.data ?? {},
});

/** Its effect is there. */
export const isWell = ({ result }: Ending): boolean => result === 'done' || result === 'already';

export function earlyEnding(run: StepRun): Ending {
  const { early } = run.control;
  const wasSent = run.view().attempt > 0;
  if (early?.by === 'hand')
    return skipped(wasSent ? 'skipped by hand: it was sent, and is not waited for' : 'skipped by hand', byHand);
  const what = `given up unproven: ${early?.why ?? ''}`;
  if (run.permit.stop(run.step)?.how === 'left-out') return skipped(what, { ...leftOut('optional'), ...followed });
  return failed({
    code: 'limit-reached',
    what,
    where: placeOf(run.step, run.context.host),
    remedy: 'Look at the host. Start the run earlier, or leave out more, if the battery is too small for all steps.',
  });
}

/** The end of a step of which nothing can have arrived. */
export function unsent(stop: Stop): Ending | 'stands' {
  if (stop.how === 'held') return 'stands';
  return stop.how === 'refused'
    ? skipped('not sent: the run was cancelled')
    : skipped(`not sent: ${stop.why}`, leftOut('optional'));
}

/** The end of a step that may have arrived, was followed for a while, and must not be sent again. */
export function givenUpInDoubt(stop: Exclude<Stop, { how: 'held' }>): Ending {
  return stop.how === 'refused'
    ? skipped('not sent again, and not done: the run was cancelled', followed)
    : skipped(`not sent again, and not done: ${stop.why}`, { ...leftOut('optional'), ...followed });
}

export function overLimit(run: StepRun, seen: Probe): Fault {
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

/** Its host may be on its way up or down. */
export const isMoving = ({ clock, doubtUntil }: StepRun): boolean => clock.monotonic() < doubtUntil;

/** What proves it is that the host answers, or does not, and that may still change by itself. */
export const mayStillChange = (run: StepRun): boolean =>
  (run.step.kind === 'power-off' || run.step.kind === 'wake') && isMoving(run);

/** One look at the step, as far as it has come. */
export const see = (run: StepRun, context: StepContext): Promise<Probe> =>
  look(run.actions, context, placeOf(run.step, run.context.host));
