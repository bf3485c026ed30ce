import { isHeld } from '../../shared/held.ts';
import { type RunView, replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { duration } from '../../shared/words.ts';

/** Ms: a run whose last record is older belongs to an outage that may be long over. */
const recentFor = 10 * 60_000;
/** Ms to wait for a UPS to speak before a recent run goes on without it. */
export const waitForPower = 30_000;

export interface ResumeAdvice {
  /** Nothing is sent until the power is known. */
  wait: boolean;
  recent: boolean;
  /** Nothing of the way down is left but what was held: all else that had not ended is proven by the restart itself. */
  isDown: boolean;
  sentence: string;
}

/**
 * How a run goes on that was cut off by a crash, a reboot or a power cut of this computer. `lastAt`: its newest record.
 * `proven`: the steps that the restart proves.
 */
export function resumeAdvice(
  run: RunView,
  proven: ReadonlyMap<string, string>,
  lastAt: number,
  now: number,
): ResumeAdvice {
  // A clock that went backwards tells nothing about age: treat it as old, which sends nothing unasked.
  const age = now - lastAt;
  const recent = age >= 0 && age <= recentFor;
  const gap = age >= 0 ? `after ${duration(age / 1000)}` : 'with the clock set back';
  const sentence = (rest: string) => `Glidepath was started again ${gap} and found this run unfinished: ${rest}`;
  const advice = (wait: boolean, rest: string, isDown = false) => ({ wait, recent, isDown, sentence: sentence(rest) });
  if (run.phase !== 'down') return advice(false, 'it goes on with the return');
  if (isAllProven(run, proven)) return advice(false, 'all of it is done', true);
  if (recent && run.noReturnAt !== null) return advice(false, 'past its point of no return, it is completed');
  if (recent && !run.followsPower) return advice(false, 'it was begun by hand and goes on');
  return advice(true, 'first the UPS is asked where the power comes from');
}

/** Whatever its age, such a run sends nothing more: what is held gets its end at once. */
const isAllProven = (run: RunView, proven: ReadonlyMap<string, string>): boolean =>
  run.sequence.stages
    .flatMap((stage) => stage.steps)
    .every((step) => {
      const view = run.steps[step.id];
      const hasEnded = !['waiting', 'active'].includes(view?.state ?? 'waiting');
      // A UPS that waited until this computer went off was held: whether by its mains, the journal does not tell.
      const isKeptOn = step.kind === 'ups-off' && view?.state === 'waiting' && proven.size > 0;
      return hasEnded || proven.has(step.id) || isHeld(step, view, run) || isKeptOn;
    });

/** Null for a journal that tells nothing: it must not keep the next run from being watched over. */
export function replayOrNothing(records: readonly RunRecord[] | null): RunView | null {
  return records?.[0]?.type === 'begun' ? replayRun(records) : null;
}
