import * as words from '../../shared/words.ts';

/** Numbers as people read them. Nothing here turns "not known" into a number. */

/** A number and its unit stay on one line. */
export const unit = (value: number | string, name: string): string => `${value}\u00a0${name}`;

/** As shared/words.ts says it for the whole program; in a line that wraps, its numbers keep their units. */
export const duration = (seconds: number): string => words.duration(seconds).replaceAll(' ', '\u00a0');

export { clock, count } from '../../shared/words.ts';

export const notReported = 'not reported';

/** A measured value with its unit, or "not reported". Never 0 for unknown. */
export function measured(value: number | null, name: string, digits = 0): string {
  return value === null ? notReported : unit(value.toFixed(digits), name);
}

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const monthFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const secondFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/** "2 Nov 2026". A date of a device may be no date at all: then it is not reported. */
export const day = (at: number): string => (Number.isNaN(at) ? notReported : dayFormat.format(at));
export const dateTime = (at: number): string => `${dayFormat.format(at)}, ${timeFormat.format(at)}`;
export const dayMonth = (at: number): string => monthFormat.format(at);
export const hourMinute = (at: number): string => timeFormat.format(at);
const recentMs = 20 * 3_600_000;
/** The time alone while the day is plain, else with its date. */
export const moment = (at: number, now = Date.now()): string =>
  Math.abs(now - at) < recentMs ? hourMinute(at) : dateTime(at);
export const timeOfDay = (at: number): string => secondFormat.format(at);

/** "just now", "12 min ago", "3 days ago". Never rounded up. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor(Math.max(0, now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${unit(minutes, 'min')} ago`;
  if (minutes < 48 * 60) return `${unit(Math.floor(minutes / 60), 'h')} ago`;
  return `${unit(Math.floor(minutes / 60 / 24), 'days')} ago`;
}

/** The last part of a path of any system. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
