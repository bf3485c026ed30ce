import type { Reading } from '../../../shared/reading.ts';
import { urgentFlags } from './reading-rules.ts';

/** Those that say, or stand for, where the power comes from, and the ones that make haste. */
const telling = [...urgentFlags, 'fullyCharged'] as const;
export type TellingFlag = (typeof telling)[number];

/** Milliseconds for which a flag is believed that is neither answered nor sent again. */
const believedFor = { onBattery: 10_000, onMains: 15_000 };

/**
 * The reading without those of the flags that decide that are too old to be true still: a report that stalls, or interrupt
 * reports that have stopped, must not keep the mains or a low battery alive. `sampledAt`, `now`: milliseconds, monotonic;
 * `hurry`: there is an outage, whatever this one says.
 */
export function withoutStale(
  reading: Reading,
  sampledAt: (flag: TellingFlag) => number | undefined,
  now: number,
  hurry: boolean,
): Reading {
  const within = (limit: number) => {
    const isOld = (flag: TellingFlag) => now - (sampledAt(flag) ?? Number.NEGATIVE_INFINITY) > limit;
    const left = without(reading, urgentFlags.filter(isOld));
    // A full battery stands for the mains where nothing else is known; its report is asked for less often than those.
    return left.acPresent === null && isOld('fullyCharged') ? without(left, ['fullyCharged']) : left;
  };
  const calm = within(believedFor.onMains);
  return hurry || isOnBattery(calm) ? within(believedFor.onBattery) : calm;
}

/** With nothing of what decides: it tells the rest, and confirms nothing. */
export function withoutTelling(reading: Reading): Reading {
  return without(reading, telling);
}

export function isOnBattery({ acPresent, discharging }: Reading): boolean {
  return acPresent === false || (acPresent === null && discharging === true);
}

function without(reading: Reading, flags: readonly TellingFlag[]): Reading {
  const left = { ...reading };
  for (const flag of flags) left[flag] = null;
  return left;
}
