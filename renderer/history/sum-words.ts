import type { HistoryPoint } from '../../shared/history.ts';
import { measured, notReported } from '../parts/format.ts';

/** Lowest and highest of what is known; null: nothing is. */
export function extent(
  points: readonly HistoryPoint[],
  value: (point: HistoryPoint) => number | null,
): { low: number; high: number; last: number } | null {
  const known = points.map(value).filter((each) => each !== null);
  if (known.length === 0) return null;
  return { low: Math.min(...known), high: Math.max(...known), last: known.at(-1) as number };
}

/** What a line shows, for those who do not see it: "Charge: 84 % to 98 %, 98 % at the end". */
export function sumWords(
  title: string,
  points: readonly HistoryPoint[],
  value: (point: HistoryPoint) => number | null,
  unit: string,
): string {
  const found = extent(points, value);
  if (!found) return `${title}: ${notReported}`;
  const [low, high, last] = [found.low, found.high, found.last].map((each) => measured(each, unit));
  return low === high ? `${title}: ${low} all the time` : `${title}: ${low} to ${high}, ${last} at the end`;
}
