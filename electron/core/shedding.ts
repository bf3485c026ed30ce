import { isHeld } from '../../shared/held.ts';
import { isOrderOnly } from '../../shared/origin.ts';
import type { RunView } from '../../shared/run.ts';
import type { Shed, Step } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import { remaining } from './plan/remaining.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import { targetOf } from './plan/target-of.ts';

/** Ms for which the battery must be too small before anything is given up: one odd reading gives up nothing. */
const lasts = 5000;

/** Ms that guests may take once they are forced, before the step is given up all the same. */
const forceTakes = 20_000;

/** What a run has, and needs. */
export interface Budget {
  /** With what was asked of it, and measured, since its journal was written. */
  run: RunView;
  /** Seconds of battery on which its hosts can count. */
  left: number;
  failedUpses: number;
  expected: ExpectedOf;
  /** Ms since the epoch. */
  now: number;
}

/** What is given up now. */
export interface Sacrifice {
  /** A measure that the run takes from now on; null: none. */
  measure: { shed: Shed; why: string } | null;
  /** Steps that go on and are not waited for any longer. */
  late: { stepId: string; why: string }[];
}

const nothing: Sacrifice = { measure: null, late: [] };

/** Watches whether what is left of the battery covers what a run still needs, and says what is given up if not. */
export class Pressure {
  /** Since when it does not, and when something was last given up; monotonic ms. */
  #shortSince: number | null = null;
  #givenUpAt = Number.NEGATIVE_INFINITY;
  /** When what may be forced was; null: not yet, or nobody has seen it. */
  #forcedAt: number | null = null;

  /** On mains, or when nobody knows how long the battery lasts. */
  reset(): void {
    this.#shortSince = null;
  }

  /** @param mono monotonic ms */
  look(budget: Budget, mono: number): Sacrifice {
    const needs = remaining(budget.run, budget.now, budget.expected, budget.failedUpses);
    if (budget.left >= needs) {
      this.reset();
      return nothing;
    }
    this.#shortSince ??= mono;
    if (mono - this.#shortSince < lasts) return nothing;
    if (budget.run.shed.includes('force')) this.#forcedAt ??= mono;
    const isForced = this.#forcedAt !== null && mono - this.#forcedAt >= forceTakes;
    const late = budget.run.shed.includes('shorten-limits') ? lateSteps(budget, isForced) : [];
    const isDue = mono - this.#givenUpAt >= lasts;
    const measure = isDue ? nextMeasure(budget, needs) : null;
    if (measure) this.#givenUpAt = mono;
    return { measure, late };
  }
}

const said: Record<Shed, string> = {
  'skip-optional': 'optional steps are left out',
  'shorten-limits': 'what has had its usual time is not waited for when the battery is needed for what comes after',
  force: 'what may be forced is forced at once',
};

function nextMeasure({ run, left }: Budget, needs: number): Sacrifice['measure'] {
  const shed = run.sequence.shed.find((each) => !run.shed.includes(each) && (each !== 'skip-optional' || canSkip(run)));
  if (!shed) return null;
  const why = `The battery lasts for ${duration(left)} and the run still needs ${duration(needs)}: ${said[shed]}`;
  return { shed, why };
}

const downSteps = (run: RunView): Step[] => run.sequence.stages.flatMap((stage) => stage.steps);

function canSkip(run: RunView): boolean {
  return downSteps(run).some((step) => step.optional && isWaiting(run, step));
}

/** It has not begun, and could. */
const isWaiting = (run: RunView, step: Step): boolean =>
  run.steps[step.id]?.state === 'waiting' && !isHeld(step, run.steps[step.id], run);

/**
 * Steps past their usual time for which what comes after them can wait no longer.
 * @param isForced what may be forced has been, and has had its time
 */
function lateSteps(budget: Budget, isForced: boolean): Sacrifice['late'] {
  const { run, left, now, expected, failedUpses } = budget;
  const hosts = new Map(run.hosts.map((host) => [host.id, host]));
  const candidates = downSteps(run).filter((step) => {
    const state = run.steps[step.id];
    if (state?.state !== 'active' || state.startedAt === null || mustNotFail(run, step)) return false;
    // To be forced takes seconds; to be given up leaves its host on until it is cut.
    if (!isForced && run.sequence.shed.includes('force') && 'force' in step && step.force) return false;
    const { p50 } = expected(step, hosts.get(targetOf(step) ?? '') ?? null);
    return now - state.startedAt > p50 * 1000;
  });
  const gone = fallingWith(run, candidates);
  const overdue = candidates.filter((step) => somethingFollows(run, step, gone));
  if (overdue.length === 0) return [];
  const after = remaining(withoutSteps(run, overdue), now, expected, failedUpses);
  if (after === 0 || left > after) return [];
  return overdue.map((step) => {
    const { p50 } = expected(step, hosts.get(targetOf(step) ?? '') ?? null);
    const why = `it has had more than its usual ${duration(p50)}, and the ${duration(left)} of battery that are left are needed for what comes after, which takes ${duration(after)}`;
    return { stepId: step.id, why };
  });
}

/** Its failure would keep from beginning what it is given up for. */
const mustNotFail = (run: RunView, step: Step): boolean =>
  step.onFailure === 'stop' ||
  run.sequence.stages.some((each) => each.steps.includes(step) && each.onFailure === 'stop');

/**
 * A step that can begin once this one has ended unproven: giving it up saves that one's time.
 * @param gone what is given up, and what falls with it
 */
function somethingFollows(run: RunView, step: Step, gone: ReadonlySet<string>): boolean {
  const stages = run.sequence.stages;
  const own = stages.findIndex((stage) => stage.steps.includes(step));
  const same = stages[own]?.steps ?? [];
  const canFollow = (other: Step) => isWaiting(run, other);
  if (same.some((other) => canFollow(other) && other.needs.includes(step.id) && isOrderOnly(other.id, step.id)))
    return true;
  // A later stage waits for the whole of this one: as long as another step holds it up, this one costs nothing.
  const isOpen = (other: Step) => run.steps[other.id]?.state === 'active' || canFollow(other);
  return (
    stages.slice(own + 1).some((stage) => stage.steps.some(canFollow)) &&
    same.every((other) => gone.has(other.id) || !isOpen(other))
  );
}

/** The run as it would be with these steps ended unproven: what needs them is not done either. */
function withoutSteps(run: RunView, gone: readonly Step[]): RunView {
  const steps = { ...run.steps };
  for (const id of fallingWith(run, gone)) {
    const state = steps[id];
    if (state) steps[id] = { ...state, state: 'failed' };
  }
  return { ...run, steps };
}

/** The ids of these steps and of all that need them. */
function fallingWith(run: RunView, gone: readonly Step[]): Set<string> {
  const ids = new Set(gone.map((step) => step.id));
  for (const stage of run.sequence.stages) {
    // What needs what needs it as well, in whatever order they stand.
    for (let before = -1; before !== ids.size; ) {
      before = ids.size;
      for (const step of stage.steps) {
        if (step.needs.some((need) => ids.has(need) && !isOrderOnly(step.id, need))) ids.add(step.id);
      }
    }
  }
  return ids;
}
