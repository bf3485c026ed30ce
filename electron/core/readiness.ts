import type { Host } from '../../shared/inventory.ts';
import { isOrderOnly } from '../../shared/origin.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { Stage, Step } from '../../shared/sequence.ts';
import { aloneOn } from '../../shared/step-kinds.ts';
import { isByHand, isLeftOut, type LeftOut } from './left-out.ts';
import { broughtBackReason } from './owed.ts';
import type { Stop } from './permit.ts';
import { unmet } from './plan/conditions.ts';
import { targetOf } from './plan/target-of.ts';

/** Where a way (down, or back) stands. */
export interface Situation {
  run: RunView;
  stages: readonly Stage[];
  hosts: ReadonlyMap<string, Host>;
  /** Ids of the steps that this process is doing. */
  going: ReadonlySet<string>;
  /** Ids of those whose end is on its way into the journal. */
  ending: ReadonlySet<string>;
  /** Ids of those that were stopped before anything of them had arrived. */
  putBack: ReadonlySet<string>;
  failedUpses: number;
  stop(step: Step): Stop | null;
  /** Whether the delay of a step is over that could begin but for it, since `since` (ms since the epoch) at the latest. */
  hasWaited(step: Step, since: number): boolean;
}

export interface Skip {
  step: Step;
  why: string;
  leftOut: LeftOut | null;
}

export interface Moves {
  /** In the order of the sequence. */
  begin: { step: Step; stage: number }[];
  skip: Skip[];
  /** What has not ended, nothing of it being on its way. */
  waiting: Step[];
  /** What has not ended because its host is not meant now. */
  held: Step[];
}

const hasEnded = ({ state }: StepView): boolean => state !== 'waiting' && state !== 'active';
const earlierFailed = 'not begun: an earlier step failed';

/**
 * What may begin now, and what will never. Stages are barriers for what has not begun: steps that are held keep nobody
 * waiting, and when they are meant again, what comes later and has not begun waits for them. Pure, but for `hasWaited`.
 */
export function nextMoves(situation: Situation): Moves {
  const moves: Moves = { begin: [], skip: [], waiting: [], held: [] };
  const busy = taken(situation);
  let isReached = true;
  let isStopped = false;
  let since = situation.run.returnBegunAt ?? situation.run.begunAt;
  situation.stages.forEach((stage, index) => {
    const failed = stage.steps.filter((step) => stateOf(situation, step.id)?.state === 'failed');
    const isStoppedHere = isStopped || failed.some((step) => step.onFailure === 'stop');
    const look = new StageLook(situation, stage, { busy, isReached, isStopped: isStoppedHere, since });
    const isOpen = look.into(moves, index);
    isReached &&= !isOpen;
    isStopped = isStoppedHere || (stage.onFailure === 'stop' && failed.length > 0);
    since = Math.max(since, ...stage.steps.map((step) => stateOf(situation, step.id)?.endedAt ?? 0));
  });
  return moves;
}

const stateOf = ({ run }: Situation, id: string): StepView | undefined => run.steps[id];

/**
 * What something destructive that goes on has for itself, mostly its host: a second such thing there waits, whatever the
 * sequence says.
 */
function taken({ stages, going }: Situation): Set<string> {
  const busy = new Set<string>();
  for (const stage of stages) {
    for (const step of stage.steps) {
      const alone = aloneOn(step);
      if (alone !== null && going.has(step.id)) busy.add(alone);
    }
  }
  return busy;
}

interface Standing {
  busy: Set<string>;
  /** Everything before it has ended or is held. */
  isReached: boolean;
  isStopped: boolean;
  /** When the stages before it had ended. */
  since: number;
}

class StageLook {
  readonly #all: Situation;
  readonly #stage: Stage;
  readonly #standing: Standing;
  readonly #byId: ReadonlyMap<string, Step>;
  readonly #passed = new Map<string, boolean>();
  #room: number;

  constructor(all: Situation, stage: Stage, standing: Standing) {
    this.#all = all;
    this.#stage = stage;
    this.#standing = standing;
    this.#byId = new Map(stage.steps.map((step) => [step.id, step]));
    const going = stage.steps.filter((step) => all.going.has(step.id)).length;
    this.#room = (stage.parallel ?? Number.POSITIVE_INFINITY) - going;
  }

  /** True: something in it has not ended and is not held. */
  into(moves: Moves, stage: number): boolean {
    let isOpen = false;
    for (const step of this.#stage.steps) {
      const state = stateOf(this.#all, step.id);
      if (!state || hasEnded(state)) continue;
      if (this.#all.going.has(step.id) || this.#all.ending.has(step.id)) {
        isOpen = true;
        continue;
      }
      if (this.#isHeld(step, state)) {
        moves.held.push(step);
        continue;
      }
      isOpen = true;
      const skip = this.#neverBegins(step, state);
      if (skip) moves.skip.push({ step, ...skip });
      else if (this.#mayBegin(step, state)) {
        const late = this.#conditionUnmet(step, state, this.#failedUpses);
        if (late) moves.skip.push({ step, ...late });
        else this.#begin(step, stage, moves);
      } else moves.waiting.push(step);
    }
    return isOpen;
  }

  #begin(step: Step, stage: number, moves: Moves): void {
    const alone = aloneOn(step);
    if (alone !== null) this.#standing.busy.add(alone);
    this.#room -= 1;
    moves.begin.push({ step, stage });
  }

  /** Something of it may be out there: it is followed to its end whatever else holds. */
  #wasSent(step: Step, state: StepView): boolean {
    return (state.inDoubt || state.accepted) && !this.#all.putBack.has(step.id);
  }

  #isHeld(step: Step, state: StepView): boolean {
    return this.#all.stop(step)?.how === 'held' && !this.#wasSent(step, state);
  }

  #neverBegins(step: Step, state: StepView): Omit<Skip, 'step'> | null {
    if (this.#wasSent(step, state)) return null;
    const stop = this.#all.stop(step);
    if (stop?.how === 'left-out') return { why: `left out: ${stop.why}`, leftOut: 'optional' };
    if (!this.#standing.isReached) return null;
    if (this.#standing.isStopped) return { why: earlierFailed, leftOut: null };
    if (stop?.how === 'refused') return { why: `not begun: ${stop.why}`, leftOut: null };
    const why = this.#needMissing(step) ?? broughtBackReason(this.#all.run, step);
    if (why !== null) return { why, leftOut: null };
    return this.#conditionUnmet(step, state, null);
  }

  /** @param failedUpses null: looks only at what will not change until the step begins */
  #conditionUnmet(step: Step, state: StepView, failedUpses: number | null): Omit<Skip, 'step'> | null {
    if (state.state === 'active') return null;
    const host = this.#all.hosts.get(targetOf(step) ?? '') ?? null;
    const why = unmet(step.when, { host, failedUpses, sequence: this.#all.run.sequence });
    return why === null ? null : { why: `left out: ${why}`, leftOut: 'condition' };
  }

  /** On the way back all have their mains again: how many failed keeps nothing from being brought back. */
  get #failedUpses(): number | null {
    return this.#all.run.phase === 'return' ? null : this.#all.failedUpses;
  }

  #needMissing(step: Step): string | null {
    for (const need of step.needs) {
      if (isOrderOnly(step.id, need)) continue;
      const state = stateOf(this.#all, need);
      if (state && isByHand(state)) return `not begun: it needs ${need}, which was skipped by hand`;
      const isBad = !state || state.state === 'failed' || (state.state === 'skipped' && !isLeftOut(state));
      if (isBad) return `not begun: it needs ${need}, which did not end well`;
    }
    return null;
  }

  #mayBegin(step: Step, state: StepView): boolean {
    const alone = aloneOn(step);
    const isFree = alone === null || !this.#standing.busy.has(alone);
    // It had begun before this process was: nothing that holds back a beginning holds it back.
    if (state.state === 'active') return isFree;
    if (!this.#standing.isReached || !step.needs.every((need) => this.#hasPassed(need))) return false;
    const since = Math.max(this.#standing.since, ...step.needs.map((need) => stateOf(this.#all, need)?.endedAt ?? 0));
    return this.#all.hasWaited(step, since) && isFree && this.#room > 0;
  }

  /**
   * It has ended; or it is not done at all, and then whatever it needs has. What is not done and needs itself keeps
   * nobody waiting either. Not by recursion: a chain may be as long as the stage.
   */
  #hasPassed(id: string): boolean {
    const known = this.#passed.get(id);
    if (known !== undefined) return known;
    const below = new Set([id]);
    for (const each of below) {
      const passed = this.#passed.get(each);
      if (passed === true) continue;
      const needs = passed === false ? null : this.#needsToPass(each);
      if (needs === null) {
        this.#passed.set(id, false);
        return false;
      }
      for (const need of needs) below.add(need);
    }
    for (const each of below) this.#passed.set(each, true);
    return true;
  }

  /** What has to have passed for it to have; null: it has not, whatever they have. */
  #needsToPass(id: string): readonly string[] | null {
    const step = this.#byId.get(id);
    const state = stateOf(this.#all, id);
    if (!step || !state) return [];
    const isIdle = isLeftOut(state) || (!hasEnded(state) && !this.#isUnderWay(id) && this.#isHeld(step, state));
    if (isIdle) return step.needs;
    return hasEnded(state) ? [] : null;
  }

  #isUnderWay(id: string): boolean {
    return this.#all.going.has(id) || this.#all.ending.has(id);
  }
}
