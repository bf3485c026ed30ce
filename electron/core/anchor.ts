import type { Moment } from './monitor.ts';
import { believeAfter, type Told } from './told.ts';

/** What the runtime is held against while it is told: a runtime does not rise while the battery empties. */
export interface Anchor extends Told {
  load: number | null;
  /** Since when more is told than can be; null: it is not. */
  risenMono: number | null;
}

/** Ms between two values that are kept to compare with. */
const anchorEvery = 30_000;
/** Percent of load: a fall by so much may really lengthen the runtime. */
const lighter = 5;
/** Numbers waver: more than this many times what is expected, and a minute on top, is too much. */
const wavers = 1.25;
const spare = 60;

export function anchorOf(old: Anchor | null, told: Told, load: number | null, at: Moment): Anchor {
  const fresh: Anchor = { ...told, mono: at.mono, load, risenMono: null };
  // Without a load nobody can tell a sudden lie from a host that has been switched off.
  if (!old || load === null || old.load === null || load <= old.load - lighter) return fresh;
  const elapsed = at.mono - old.mono;
  const expected = Math.max(0, old.value - elapsed / 1000);
  if (told.value <= expected * wavers + spare) {
    // A heavier load in between must not make the way back to the lighter one look like a lie.
    if (load >= old.load + lighter) return { ...old, risenMono: null };
    return elapsed >= anchorEvery ? fresh : { ...old, risenMono: null };
  }
  return { ...old, risenMono: old.risenMono ?? at.mono };
}

/** The first settled word of an outage, and what has been used of it since: what wavers or creeps up shows only here. */
export interface Outset {
  /** Seconds. */
  value: number;
  load: number | null;
  /** Seconds that are gone of `value`, as they would have been at its load. */
  spent: number;
  /** What is left of it at the load of now, seconds. */
  expected: number;
  /** When it was last counted. */
  mono: number;
  risenMono: number | null;
}

/** Without the load: hosts may have been switched off, and a battery lasts so many times as long after that. */
const unmeasured = 2.5;
/** At a lighter load lead gives more than in proportion (Peukert). */
const peukert = 1.3;
/** Ms without a word after which nobody knows what the mains did in between. */
const gapMost = 120_000;

export function outsetOf(old: Outset | null, told: Told, load: number | null, at: Moment): Outset {
  const { value } = told;
  const fresh: Outset = { value, load, spent: 0, expected: value, mono: at.mono, risenMono: null };
  if (!old || at.mono - old.mono > gapMost) return fresh;
  const ratio = load && old.load ? load / old.load : null;
  // Both ways in favour of the UPS.
  const pace = ratio === null ? 1 : ratio < 1 ? ratio ** peukert : ratio;
  const spent = old.spent + ((at.mono - old.mono) / 1000) * pace;
  const expected = Math.max(0, old.value - spent) / pace;
  const isTooMuch = value > expected * (ratio === null ? unmeasured : wavers) + spare;
  return { ...old, spent, expected, mono: at.mono, risenMono: isTooMuch ? (old.risenMono ?? at.mono) : null };
}

/** What is told lies above what was told before, has done so for a while, and the load does not explain it. */
export const hasRisen = (held: { risenMono: number | null } | null, at: Moment): boolean =>
  held !== null && held.risenMono !== null && at.mono - held.risenMono >= believeAfter;
