import type { HistoryPoint } from '../../shared/history.ts';
import type { Scale } from './lines.ts';

export const percent: Scale = { low: 0, high: 100 };

/** From nothing to the next 50 % above all that was carried, and 50 % at least. */
export function loadScale(points: readonly HistoryPoint[]): Scale {
  const most = Math.max(0, ...points.map((point) => point.load ?? 0));
  return { low: 0, high: Math.max(50, Math.ceil(most / 50) * 50) };
}

const narrowest = 20;

/**
 * Around what the mains have: on a scale from 0 the sags and swells that matter could not be seen. What lies below it, as the
 * nothing of an outage, is drawn on its edge.
 */
export function voltScale(points: readonly HistoryPoint[]): Scale {
  const volts = points.map((point) => point.inputVoltage).filter((value) => value !== null);
  const most = Math.max(...volts, 0);
  const there = volts.filter((value) => value > most / 2);
  if (there.length === 0) return { low: 0, high: 240 };
  const low = Math.floor(Math.min(...there) / 10) * 10;
  return {
    low,
    high: Math.max(low + narrowest, Math.ceil(most / 10) * 10),
    isCut: volts.some((value) => value < low),
  };
}
