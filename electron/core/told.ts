import type { Reading } from '../../shared/reading.ts';
import type { Moment } from './monitor.ts';

/** A value that the UPS told, and since when it has said so. */
export interface Told {
  value: number;
  mono: number;
  /** When it was said last. */
  saidMono: number;
  /** It came in one jump from far above, or from nowhere: no countdown led to it. */
  jumped: boolean;
}

/** The lowest value of an outage, and when it was reached. */
export interface Ebb {
  value: number;
  mono: number;
}

/** 65535 is what a 16-bit field says when there is no number. */
export const toldRuntime = (reading: Reading): number | null => (reading.runtime === 65535 ? null : reading.runtime);

/** Ms that a sudden fall must last: longer than the slowest round of reads, so that two reads have said it. */
export const believeAfter = 12_000;

/**
 * Units now and then send a report of zeros: a value that falls much faster than time passes is believed only when it
 * lasts, and so is one that begins with 0. `sudden`: a fall that is always plausible; `perSecond`: what a heavy load
 * takes besides, a second.
 */
export function believe(
  old: Told | null,
  fall: Told | null,
  value: number | null,
  at: Moment,
  { sudden, perSecond }: { sudden: number; perSecond: number },
): { told: Told | null; fall: Told | null } {
  if (value === null) return { told: old, fall: null };
  if (value === old?.value) return { told: { ...old, saidMono: at.mono }, fall: null };
  const isPlausible = old ? value >= old.value - sudden - (perSecond * (at.mono - old.saidMono)) / 1000 : value > 0;
  const told = { value, mono: at.mono, saidMono: at.mono, jumped: !isPlausible };
  if (isPlausible) return { told, fall: null };
  // What has lasted is no more than the least of the fall: a report of zeros among numbers that waver stays out of it.
  const least = { ...told, value: Math.max(value, fall?.value ?? value), mono: fall?.mono ?? at.mono };
  if (at.mono - least.mono < believeAfter) return { told: old, fall: least };
  return { told: { ...least, mono: at.mono }, fall: null };
}

/** A value that only wavers reaches no new low. */
export const ebbOf = (old: Ebb | null, value: number, at: Moment): Ebb =>
  old && value >= old.value ? old : { value, mono: at.mono };
