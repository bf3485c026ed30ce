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
  sentence: string;
}

/** How a run goes on that was cut off by a crash, a reboot or a power cut of this computer. `lastAt`: its newest record. */
export function resumeAdvice(run: RunView, lastAt: number, now: number): ResumeAdvice {
  // A clock that went backwards tells nothing about age: treat it as old, which sends nothing unasked.
  const age = now - lastAt;
  const recent = age >= 0 && age <= recentFor;
  const gap = age >= 0 ? `after ${duration(age / 1000)}` : 'with the clock set back';
  const sentence = (rest: string) => `Glidepath was started again ${gap} and found this run unfinished: ${rest}`;
  if (run.phase !== 'down') return { wait: false, recent, sentence: sentence('it goes on with the return') };
  if (recent && run.noReturnAt !== null)
    return { wait: false, recent, sentence: sentence('past its point of no return, it is completed') };
  if (recent && !run.followsPower)
    return { wait: false, recent, sentence: sentence('it was begun by hand and goes on') };
  return { wait: true, recent, sentence: sentence('first the UPS is asked where the power comes from') };
}

/** Null for a journal that tells nothing: it must not keep the next run from being watched over. */
export function replayOrNothing(records: readonly RunRecord[] | null): RunView | null {
  return records?.[0]?.type === 'begun' ? replayRun(records) : null;
}
