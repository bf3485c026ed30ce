import { dayMonth, hourMinute } from '../parts/format.ts';
import type { Span } from './lines.ts';

export type RangeName = '24h' | '7d' | '30d';

const hour = 3_600_000;

export const ranges: Readonly<Record<RangeName, { label: string; ms: number }>> = {
  '24h': { label: '24 h', ms: 24 * hour },
  '7d': { label: '7 days', ms: 7 * 24 * hour },
  '30d': { label: '30 days', ms: 30 * 24 * hour },
};

export interface Tick {
  at: number;
  label: string;
}

/** Whole hours of a day, or days: as the clock on the wall has them, also where it is put forward or back. */
export function ticks({ from, to }: Span): Tick[] {
  const days = (to - from) / (24 * hour);
  const first = new Date(from);
  const found: Tick[] = [];
  const take = (date: Date, label: (at: number) => string) => {
    const at = date.getTime();
    if (at >= from && at <= to) found.push({ at, label: label(at) });
  };
  for (let index = 0; index <= days + 1; index += 1) {
    const [year, month, date] = [first.getFullYear(), first.getMonth(), first.getDate() + index];
    if (days > 2) {
      if (index % Math.ceil(days / 7) === 0) take(new Date(year, month, date), dayMonth);
    } else {
      for (let at = 0; at < 24; at += 4) take(new Date(year, month, date, at), hourMinute);
    }
  }
  return found;
}
