import { type Moment, type Monitored, silentFor } from './monitor.ts';

/** Ms after which a forced shutdown is left over from before, if the mains are there all the time. */
const forcedLasts = 300_000;

/**
 * A NUT primary, or the UPS's driver, has said twice that everybody goes down now. upsd keeps saying so until it is
 * started again: with the mains there for a while, nobody is going down any more.
 */
export function isForced({ forced, confirmed, mainsMono }: Monitored, at: Moment): boolean {
  if (forced.times < 2) return false;
  const since = Math.max(forced.sinceMono, mainsMono ?? at.mono);
  return confirmed !== 'mains' || at.mono - since <= forcedLasts;
}

/** Ms of silence after which, its runtime over as well, a UPS that was on battery tells nothing about now. */
const spentAfter = 3_600_000;

const isSpent = (one: Monitored, at: Moment): boolean =>
  silentFor(one, at) > spentAfter + (one.runtime?.value ?? 0) * 1000;

/** What hangs on it alone will lose its power, with proof: it is on battery, or was told to go down. */
export const isFailing = (one: Monitored, at: Moment): boolean =>
  isForced(one, at) || (one.confirmed === 'battery' && !isSpent(one, at));

/** It fails, and no run has been made for that yet. */
export const isUnserved = (one: Monitored, at: Moment): boolean =>
  (isForced(one, at) && !one.served.forced) ||
  (one.confirmed === 'battery' && !one.served.battery && !isSpent(one, at));

/** A run has been made for whatever fails of it now. */
export function serve(one: Monitored, at: Moment): Monitored {
  const { served, confirmed } = one;
  return {
    ...one,
    served: { battery: served.battery || confirmed === 'battery', forced: served.forced || isForced(one, at) },
  };
}
