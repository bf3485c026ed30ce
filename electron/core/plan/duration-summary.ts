import type { DurationSample } from '../../../shared/durations.ts';

/** Seconds: the median, and what nine of ten took at most. */
export interface Measured {
  p50: number;
  p90: number;
  count: number;
}

/** What a single sample must be beyond, to be taken for an accident: times the median, */
const farTimes = 3;
/** times the median distance from the median (scaled as a standard deviation), */
const farSpreads = 6;
/** and seconds over the median. */
const farSeconds = 30;
/** Makes the median distance of normally spread values their standard deviation. */
const spreadOfMedian = 1.4826;

/**
 * The middle and the slow end, both times that were really measured. `mayDrop`: one sample that is far beyond all others
 * counts as an accident; two are how it is now.
 */
export function summary(seconds: readonly number[], { mayDrop }: { mayDrop: boolean }): Measured {
  const sorted = [...seconds].sort((a, b) => a - b);
  if (sorted.length === 0) return { p50: 0, p90: 0, count: 0 };
  const kept = mayDrop && isAccident(sorted) ? sorted.slice(0, -1) : sorted;
  return { p50: rank(kept, 0.5), p90: rank(kept, 0.9), count: sorted.length };
}

/** Nearest rank: always one of the values. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Whether the greatest, and it alone, is far beyond the others. */
function isAccident(sorted: readonly number[]): boolean {
  const middle = rank(sorted, 0.5);
  const distances = sorted.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const spread = rank(distances, 0.5) * spreadOfMedian;
  const far = middle + Math.max(middle * (farTimes - 1), spread * farSpreads, farSeconds);
  return (sorted.at(-1) ?? 0) > far && (sorted.at(-2) ?? 0) <= far;
}

/**
 * The times that speak for so many guests: those for as many or more, as they were; when there never were so many, those
 * for the most there ever were, in proportion. `guests` null: not known, so those for at least half the most there ever
 * were count, since a priority group of two guests tells nothing of a whole host.
 */
export function forGuests(samples: readonly DurationSample[], guests: number | null): number[] {
  const most = samples.reduce<number | null>(
    (top, { guests: count }) => (count === null ? top : Math.max(top ?? 0, count)),
    null,
  );
  if (most === null) return samples.map((sample) => sample.seconds);
  // How long nothing took tells nothing of something.
  if (most === 0 && guests !== null && guests > 0) return [];
  const asked = guests ?? most / 2;
  const least = Math.min(asked, most);
  const scale = asked > most ? asked / most : 1;
  return samples.filter((sample) => (sample.guests ?? -1) >= least).map((sample) => sample.seconds * scale);
}
