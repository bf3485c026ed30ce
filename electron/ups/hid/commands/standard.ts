import type { HidField } from '../report-descriptor.ts';
import type { Recipe } from './recipe.ts';
import { inUnits, unitOf } from './seconds.ts';
import { type Manner, returnRecipe, stayoffRecipe, stopRecipe, type Timer } from './switching.ts';

/** Without a timer for "on" nothing brings the outlets back. */
const byHand = 'It cannot switch its outlets on again: somebody has to press its button.';

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
/** With both timers it can come back; with one it can only go off. */
export function paired(off: Timer | null, on: Timer | null, manner: Manner): Recipe[] {
  if (!off) return [];
  if (!on) return [stayoffRecipe(off, null, { ...manner, stayoffNote: byHand }), stopRecipe(off)];
  return [returnRecipe(off, on, manner), stayoffRecipe(off, on, manner), stopRecipe(off)];
}

/** In seconds or minutes as the descriptor says; null when it says neither. */
export function timer(field: HidField | null): Timer | null {
  const unit = field && unitOf(field);
  return field && unit ? { field, code: inUnits(field, unit) } : null;
}
