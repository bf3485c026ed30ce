import { writableAt } from './places.ts';
import type { Device, Recipe } from './recipe.ts';
import { listed, powercomTime } from './seconds.ts';
import { standard } from './standard.ts';
import { singleReturn, stayoffRecipe } from './switching.ts';

/** Raptor and Smart KING Pro keep these delays and no others, seconds. */
const choices = [12, 18, 24, 30, 36, 42, 48, 54, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600];
const noWayBack = 'Once it counts down nothing stops it.';

/**
 * The delay and what comes after it go in one number. No value for taking it back is known: 0 is its longest delay.
 * @see https://networkupstools.org/protocols/powercom/Software_USB_communication_controller_SKP_series.doc
 */
export function powercomSwitching({ fields, product }: Device): Recipe[] {
  const field = writableAt(fields, 'PowerSummary.DelayBeforeShutdown');
  if (field?.size !== 16 || field.logicalMin < 0) return [];
  if (/raptor|smart king/i.test(product)) {
    return [singleReturn({ field, code: listed(choices) }, { kind: 'choices', seconds: choices }, noWayBack)];
  }
  const back = { field, code: powercomTime(0x40) };
  const off = { field, code: powercomTime(0x80) };
  const delay = { kind: 'steps', min: standard.least, max: back.code.longest, step: 1, round: 'down' } as const;
  return [singleReturn(back, delay, noWayBack), stayoffRecipe(off, null, { ...standard, stayoffNote: noWayBack })];
}
