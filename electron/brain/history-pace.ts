import { batteryPace, type HistoryPoint, slowestPace } from '../../shared/history.ts';
import type { PowerView } from '../../shared/view.ts';

/** Ms from one point to the next. */
const pace = { onBattery: batteryPace, changed: 60_000, same: slowestPace };

/** Changes that are worth a point of their own: percent, volts, and seconds of runtime. */
const noticeable = { charge: 1, load: 2, inputVoltage: 2, runtime: 60 };

/** A point that was kept, and when on the clock that never goes back, ms. */
export interface Kept {
  point: HistoryPoint;
  mono: number;
}

/** What is kept of a UPS now; null while it does not tell anything: a gap is a gap. */
export function pointOf(power: PowerView, at: number): HistoryPoint | null {
  const { reading, state } = power;
  if (!reading || state === 'lost-contact' || state === 'unknown') return null;
  const { charge, load, inputVoltage } = reading;
  return { at, onBattery: power.onBatterySince !== null, charge, runtime: power.runtimeLeft, load, inputVoltage };
}

/** Whether a point is due: at once when the mains fail or are back, else at the pace of what happens. */
export function isDue(last: Kept | null, point: HistoryPoint, mono: number): boolean {
  if (!last || last.point.onBattery !== point.onBattery) return true;
  const age = mono - last.mono;
  if (point.onBattery) return age >= pace.onBattery;
  return age >= pace.same || (age >= pace.changed && differs(last.point, point));
}

function differs(old: HistoryPoint, now: HistoryPoint): boolean {
  return (['charge', 'load', 'inputVoltage', 'runtime'] as const).some((name) => {
    const [before, after] = [old[name], now[name]];
    if (before === null || after === null) return before !== after;
    return Math.abs(after - before) >= noticeable[name];
  });
}
