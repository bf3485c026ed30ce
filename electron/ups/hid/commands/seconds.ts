import type { HidField } from '../report-descriptor.ts';
import { toSi } from '../units.ts';

/** How one maker puts a time into a field. */
export interface TimeCode {
  /** The raw value for so many seconds, a multiple of what the field can hold. */
  raw(seconds: number): number;
  /** Seconds that a raw value stands for; null: no countdown. */
  seconds(raw: number): number | null;
  /** The raw value for "no countdown". */
  readonly none: number;
  /** Longest time that fits, seconds. */
  readonly longest: number;
}

/** A week: longer ones are nobody's intent. */
const longest = 7 * 86_400;

/** Seconds that one step of the field stands for by the descriptor; null: neither 1 nor 60, so it is not to be trusted. */
export function unitOf(field: HidField): 1 | 60 | null {
  if (toSi(0, field) !== 0) return null;
  const each = toSi(1, field);
  return each === 1 || each === 60 ? each : null;
}

/**
 * Units of `unit` seconds. `none` is -1, or all ones where the field has no sign: then some take it for the longest time,
 * and start.
 */
export function inUnits(field: HidField, unit: number): TimeCode {
  const none = field.logicalMin < 0 ? -1 : 2 ** field.size - 1;
  return {
    raw: (seconds) => Math.ceil(seconds / unit),
    seconds: (raw) => (raw === none || raw < 0 ? null : raw * unit),
    none,
    longest: Math.min(longest, (largest(field) - 1) * unit),
  };
}

/** By the descriptor, as far as the bits allow: limits may be nonsense. */
function largest({ size, logicalMin, logicalMax }: HidField): number {
  return Math.max(1, Math.min(logicalMax, 2 ** (logicalMin < 0 ? size - 1 : size) - 1));
}

/** Units of `unit` seconds, and 0 for "no countdown": Belkin. */
export function zeroIsNone(field: HidField, unit: number): TimeCode {
  return {
    ...inUnits(field, unit),
    seconds: (raw) => (raw <= 0 ? null : raw * unit),
    none: 0,
  };
}

/**
 * Powercom: a byte of seconds, then a byte of minutes. In the byte of seconds 0x40 means "on again with the mains", 0x80
 * "stay off". 0 is its longest delay, so there is no value for "none".
 * @see https://github.com/networkupstools/nut/issues/3182
 */
export function powercomTime(flag: 0x40 | 0x80): TimeCode {
  return {
    raw: (seconds) => Math.floor(seconds / 60) * 0x100 + ((seconds % 60) | flag),
    seconds: (raw) => (raw >>> 8) * 60 + (raw & 0x3f) || null,
    none: 0,
    longest: 255 * 60,
  };
}

/** The place in the list stands for the delay, the first one being 1: Powercom's Raptor and Smart KING Pro. */
export function listed(choices: readonly number[]): TimeCode {
  return {
    raw: (seconds) => choices.indexOf(seconds) + 1,
    seconds: (raw) => choices[raw - 1] ?? null,
    none: 0,
    longest: choices.at(-1) ?? 0,
  };
}
