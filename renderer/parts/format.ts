/** Numbers as people read them. Nothing here turns "not known" into a number. */

/** A number and its unit stay on one line. */
export const unit = (value: number | string, name: string): string => `${value}\u00a0${name}`;

const pad = (value: number): string => String(value).padStart(2, '0');

/** "45 s", "3 min 30 s", "41 min", "2 h 5 min": as exact as it matters at that length. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return unit(whole, 's');
  if (whole < 600 && whole % 60 !== 0) return `${unit(Math.floor(whole / 60), 'min')}\u00a0${unit(whole % 60, 's')}`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return unit(minutes, 'min');
  const hours = unit(Math.floor(minutes / 60), 'h');
  return minutes % 60 === 0 ? hours : `${hours}\u00a0${unit(minutes % 60, 'min')}`;
}

/** "1:24", "1:02:03": for what counts while one looks at it. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

export const notReported = 'not reported';

/** A measured value with its unit, or "not reported". Never 0 for unknown. */
export function measured(value: number | null, name: string, digits = 0): string {
  return value === null ? notReported : unit(value.toFixed(digits), name);
}

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const secondFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

export const dateTime = (at: number): string => `${dayFormat.format(at)}, ${timeFormat.format(at)}`;
export const timeOfDay = (at: number): string => secondFormat.format(at);

export const count = (amount: number, one: string, many: string): string => `${amount} ${amount === 1 ? one : many}`;
