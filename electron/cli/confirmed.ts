import type { Reading } from '../../shared/reading.ts';
import type { Fresh } from '../core/ports.ts';

/** Milliseconds for which a power state that was told is shown, while a UPS tells only of other things. */
const showFor = 10_000;

/** The newest reading to show, and which way its power state was told. */
export interface Shown {
  reading: Reading;
  fresh: Fresh;
  /** When its power state was told, by the readings' own clock. */
  toldAt: number;
}

/** Some units tell their power state by interrupt reports alone: between two of those it is what the last one said. */
export function shownAfter(before: Shown | null, reading: Reading, fresh: Fresh): Shown {
  const stands = before !== null && before.fresh !== 'none' && reading.at - before.toldAt < showFor;
  if (fresh !== 'none' || !stands) return { reading, fresh, toldAt: reading.at };
  const { acPresent, charging, discharging, fullyCharged } = before.reading;
  const { belowCapacityLimit, timeLimitExpired, shutdownImminent } = before.reading;
  const power = { acPresent, charging, discharging, fullyCharged };
  return {
    ...before,
    reading: { ...reading, ...power, belowCapacityLimit, timeLimitExpired, shutdownImminent },
  };
}
