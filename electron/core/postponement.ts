import type { Fault } from '../../shared/fault.ts';
import type { Moment } from './monitor.ts';
import type { Verdict } from './trigger.ts';

/** The user's word that a run should not start yet. Never kept on disk: after a restart nothing is put off. */
export class Postponement {
  #until: Moment | null = null;

  set(seconds: number, at: Moment): void {
    this.#until = { wall: at.wall + seconds * 1000, mono: at.mono + seconds * 1000 };
  }

  clear(): void {
    this.#until = null;
  }

  /** Seconds for which it still holds; 0: nothing is put off. */
  secondsLeft(at: Moment): number {
    return this.#until === null ? 0 : Math.max(0, (this.#until.mono - at.mono) / 1000);
  }

  /** Until when, ms since the epoch; null: nothing is put off. */
  until(at: Moment): number | null {
    return this.#until !== null && this.secondsLeft(at) > 0 ? this.#until.wall : null;
  }
}

/** Why the start cannot be put off; null: it can. `isFree`: no run is going on that would have to end first. */
export function postponeRefusal(
  { startsIn, fire, latestStartIn, sentence }: Verdict,
  { isFree, armed }: { isFree: boolean; armed: boolean },
): Fault | null {
  const no = (what: string, remedy: string): Fault => ({ code: 'refused', what, where: 'postpone', remedy });
  if (!isFree)
    return no('a run is going on', 'It can be stopped, as long as it has not passed its point of no return.');
  if (startsIn === null || fire !== null)
    return no(`nothing is counting down: ${sentence}`, 'Postpone once a start is counting down.');
  if (!armed) return no('the plan is not armed, so nothing would start', 'There is nothing to put off.');
  if (latestStartIn === null)
    return no(
      'how long the battery lasts is not known, so nobody can say how long the start may wait',
      'Let it start, or disarm the plan.',
    );
  if (latestStartIn <= 0)
    return no('the battery lasts no longer than the plan needs', 'Let it start, or disarm the plan.');
  return null;
}
