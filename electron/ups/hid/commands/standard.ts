import type { HidField } from '../report-descriptor.ts';
import type { Recipe } from './recipe.ts';
import { inUnits, unitOf } from './seconds.ts';
import { hasNone, type Manner, returnRecipe, stayoffRecipe, stopRecipe, type Timer } from './switching.ts';

/** Without a timer for "on" nothing brings the outlets back. */
const byHand = 'It cannot switch its outlets on again: somebody has to press its button.';

const minute = 60;

/** Seconds; 10 is time enough to read back what was written, and to call it off. */
export const standard: Manner = {
  least: 10,
  step: 1,
  round: 'down',
  gap: 10,
  returnNote: '',
  stayoffNote: '',
  restart: null,
  switchable: null,
};

/**
 * With both timers it can come back; with one it can only go off. A timer for "on" that cannot be taken away leaves the
 * stop only.
 */
export function paired(off: Timer | null, on: Timer | null, family: Manner): Recipe[] {
  if (!off || !hasNone(off)) return [];
  const stop = stopRecipe([off], family.restart);
  if (on && !hasNone(on)) return [stop];
  const manner = inMinutes(off, on, family);
  if (!on) return [stayoffRecipe(off, null, { ...manner, stayoffNote: byHand }), stop];
  return [returnRecipe(off, on, manner), stayoffRecipe(off, on, manner), stop];
}

/** What counts in minutes keeps whole ones, and may lose one at once: "on" must not come before "off". */
function inMinutes(off: Timer, on: Timer | null, manner: Manner): Manner {
  const counts = (timer: Timer | null) => timer?.code.seconds(1) === minute;
  const whole = (seconds: number) => Math.ceil(seconds / minute) * minute;
  return {
    ...manner,
    ...(counts(off) ? { least: whole(manner.least), step: whole(manner.step) } : {}),
    ...(counts(off) || counts(on) ? { gap: whole(manner.gap) } : {}),
  };
}

/** In seconds or minutes as the descriptor says; null when it says neither. */
export function timer(field: HidField | null): Timer | null {
  const unit = field && unitOf(field);
  return field && unit ? { field, code: inUnits(field, unit) } : null;
}
