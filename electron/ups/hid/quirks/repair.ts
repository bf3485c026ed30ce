import type { FlagKey } from '../reading-keys.ts';

/** Which fields are meant: everything that is given must fit. */
export interface About {
  usages: readonly number[];
  /** The collections right around it, the innermost last; any one of these. */
  under?: ReadonlyArray<readonly number[]>;
  /** Somewhere inside `Input.[n]`. */
  input?: number;
  /** Unit codes of the descriptor. */
  units?: readonly number[];
  unitExponents?: readonly number[];
  /** Without physical limits, which would scale it. */
  unscaled?: true;
  /** Only these USB ids; none given: all of the family. */
  vendors?: readonly number[];
  products?: readonly number[];
}

/** Why we do not take the device at its word, and who says so. */
export interface Grounds {
  /** One sentence for people. */
  why: string;
  source: string;
}

export type Change =
  /**
   * By `by / over`. `between`: only if the value is. `above`: only if it is so many times its Config twin; while that
   * is not known, `unknown` says what to do. `forGood`: seen once, it holds for as long as the device is open.
   */
  | {
      kind: 'multiply';
      by: number;
      over?: number;
      between?: readonly [number, number];
      above?: { nominalTimes: number; unknown: 'multiply' | 'leave'; forGood?: true };
    }
  /** Raw values that mean another one by the specification. */
  | { kind: 'instead'; raw: Readonly<Record<number, number>> }
  /** The bare number, without the exponent. */
  | { kind: 'as-sent' }
  /** It says nothing; with `raw`: these values say nothing. */
  | { kind: 'ignore'; raw?: readonly number[] }
  /** Seconds and two command bits in the low byte, minutes in the high one. */
  | { kind: 'minutes-and-seconds' }
  /** What stands above the declared maximum is garbage. */
  | { kind: 'low-bits' };

/** A number that is not what it says. Takes effect in the reading only; what was sent stays visible beside it. */
export interface Repair extends About, Grounds {
  change: Change;
}

/** A field that stands under the wrong usage, or in the wrong collection. */
export interface Rename extends About, Grounds {
  /** The usage that it really is. */
  is: number;
  /** The collections right around it, as they should be; without: as they are. */
  in?: readonly number[];
  unit?: number;
}

/** A field that tells a flag of the reading in its own way. */
export interface Sign extends About, Grounds {
  feeds: FlagKey;
  /** One bit, or lists of raw values; a raw value in neither list says nothing. */
  from: { bit: number; inverted?: true } | { yes: readonly number[]; no: readonly number[] };
  /** `first`: believed before the flag itself; `last`: only in a device without such a flag, not while it has not arrived. */
  place: 'first' | 'last';
  /** Counts only while a field of this usage has this raw value. */
  onlyWhile?: { usage: number; raw: number };
}
