import type { RunView } from '../../shared/run.ts';
import { turningOff } from '../../shared/turning-off.ts';
import type { Moment } from './monitor.ts';

/** Ms after its countdown in which a UPS may be off, and on again if the mains are there. */
const cycleMs = 120_000;

/**
 * What has become of UPSes that a run has told to turn off, by their ids. `counting`: one may still turn off, or on
 * again, and what is woken on it would be cut hard. `over`: that is over.
 */
export type TurnedOff = ReadonlyMap<string, 'counting' | 'over'>;

/** Follows the countdowns of one run by the clock that never jumps: the wall clock may be set back after an outage. */
export class Countdowns {
  /** By the step, monotonic ms. */
  readonly #until = new Map<string, number>();

  /** To be asked while the run goes on: what a countdown has left is taken from the wall clock once. */
  look(run: RunView, { wall, mono }: Moment): TurnedOff {
    const found = new Map<string, 'counting' | 'over'>();
    for (const { stepId, ups, offAt, delay } of turningOff(run)) {
      const left = Math.min(delay * 1000, Math.max(0, offAt - wall));
      const until = this.#until.get(stepId) ?? mono + left + cycleMs;
      this.#until.set(stepId, until);
      if (found.get(ups) !== 'counting') found.set(ups, mono < until ? 'counting' : 'over');
    }
    return found;
  }
}
