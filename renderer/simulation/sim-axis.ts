import type { SimulationView } from '../../shared/view.ts';

/** A stretch of the outage, in seconds after the cut. */
export interface Window {
  from: number;
  to: number;
}

/**
 * What is drawn: from a little before the start to a little after what happens last. The long time before a late start,
 * and after an early end, would leave no room for the steps.
 */
export function windowOf(view: SimulationView): Window {
  const last = Math.max(
    0,
    ...view.steps.map((step) => step.endedAt ?? step.startedAt ?? 0),
    view.downAt ?? 0,
    view.returnedAt ?? 0,
    view.whatIf.powerBackAt ?? 0,
  );
  const first = Math.min(view.startsAt ?? 0, view.whatIf.powerBackAt ?? Number.POSITIVE_INFINITY);
  const end = Math.max(last, first + 60);
  const lead = (end - first) * 0.12;
  return { from: Math.max(0, Math.floor(first - lead)), to: Math.ceil(end + lead / 2) };
}

/** Where a moment stands in it, in percent, 0 to 100. */
export const shareOf = (at: number, { from, to }: Window): number =>
  Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));

const steps = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

/** Round moments, eight at most. */
export function ticksOf({ from, to }: Window): number[] {
  const step = steps.find((each) => (to - from) / each <= 8) ?? 86_400;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step);
}

/** The charge at a moment, between the points; null: nothing is known of it. */
export function percentAt(points: SimulationView['battery'], at: number): number | null {
  const after = points.findIndex((point) => point.at >= at);
  const next = points[after];
  const before = points[after - 1];
  if (!next) return points.at(-1)?.percent ?? null;
  if (!before || next.at === at) return next.percent;
  return before.percent + ((next.percent - before.percent) * (at - before.at)) / (next.at - before.at);
}
