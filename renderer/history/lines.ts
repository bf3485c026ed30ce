import { batteryPace, type HistoryPoint, mostPoints, slowestPace } from '../../shared/history.ts';

/** From and to, ms since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/** What is kept of a UPS over a time: points in stretches of equal length, those of which nothing is known left out. */
export interface HistoryRead {
  span: Span;
  points: readonly HistoryPoint[];
}

interface Run extends Span {
  points: HistoryPoint[];
}

/** Ms more than the slowest pace, as leeway. */
const leeway = 60_000;

/** The time that one point stands for, ms. */
export const widthOf = ({ from, to }: Span): number => Math.ceil((to - from) / mostPoints);

/** From one point to the next, ms, after which there is a gap: nothing is known of the time between. */
export const longestPause = (span: Span): number => slowestPace + leeway + widthOf(span);

/** As `longestPause`. On mains again within the stretch of the one point, the next may be as late as on mains. */
const pauseBetween = (span: Span, one: HistoryPoint, next: HistoryPoint): number =>
  one.onBattery && next.onBattery ? batteryPace + leeway + widthOf(span) : longestPause(span);

/** Points that follow one another without a gap. */
function runs({ span, points }: HistoryRead, isIn: (point: HistoryPoint) => boolean): Run[] {
  const width = widthOf(span);
  const found: Run[] = [];
  let open: Run | null = null;
  for (const point of points) {
    if (!isIn(point)) {
      open = null;
    } else if (open && point.at - (open.to - width) <= pauseBetween(span, open.points.at(-1) ?? point, point)) {
      open.points.push(point);
      open.to = point.at + width;
    } else {
      open = { from: point.at, to: point.at + width, points: [point] };
      found.push(open);
    }
  }
  return found;
}

/** When it ran from its battery. */
export const onBattery = (read: HistoryRead): Span[] =>
  runs(read, (point) => point.onBattery).map(({ from, to }) => ({ from, to }));

/** Where nothing is known: between points, before the first and after the last. */
export function gaps(read: HistoryRead): Span[] {
  const { span } = read;
  const known = runs(read, () => true);
  const ends = [span.from, ...known.map(({ to }) => to)];
  const begins = [...known.map(({ from }) => from), span.to];
  return ends
    .map((from, index) => ({ from, to: begins[index] ?? span.to }))
    .filter(({ from, to }, index) => (index > 0 && index < known.length) || to - from > longestPause(span));
}

/** How wide and high the drawing is, in its own units: it is stretched to the place it gets. */
export const frame = { width: 1000, height: 100 } as const;

export const across = (at: number, { from, to }: Span): number => ((at - from) / (to - from)) * frame.width;

export interface Scale {
  low: number;
  high: number;
  /** Values below `low` are drawn on its line. */
  isCut?: boolean;
}

/** One `d` for a <path>: a line for each run of points, none across a gap, and never outside the frame. */
export function pathOf(read: HistoryRead, value: (point: HistoryPoint) => number | null, { low, high }: Scale): string {
  const x = (at: number) => Math.min(frame.width, Math.max(0, across(at, read.span))).toFixed(1);
  const y = (amount: number) => {
    const share = (Math.min(high, Math.max(low, amount)) - low) / (high - low);
    return ((1 - share) * frame.height).toFixed(1);
  };
  return runs(read, (point) => value(point) !== null)
    .map(({ points, to }) => {
      const places = points.map((point) => `${x(point.at)} ${y(value(point) ?? low)}`);
      // The last point holds for its own stretch too: a single one is a dash, not nothing.
      const end = `${x(to)} ${y(value(points.at(-1) as HistoryPoint) ?? low)}`;
      return `M${[...places, end].join('L')}`;
    })
    .join('');
}
