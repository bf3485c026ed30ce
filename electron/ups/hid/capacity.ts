import type { HidField } from './report-descriptor.ts';

/** Beyond this nothing is percent: some go a little over 100. */
const mostPercent = 120;

/** What is known of how a device counts its battery's capacity. */
interface Grounds {
  /** CapacityMode: 0 mAh, 1 mWh, 2 percent; undefined: not told. */
  mode: number | undefined;
  /** It has the field CapacityMode, told or not. One of a single bit does not count: it cannot say 2. */
  hasMode: boolean;
  /** What may be 100 %, the best first, with its value; null: not told. */
  wholes: ReadonlyArray<{ field: HidField; value: number | null }>;
}

/** The whole of a value that cannot be judged: no percentage comes of it. */
const unknown = 0;

/**
 * What 100 % are in the unit of this field; null: it counts in percent; 0: that cannot be known, and no number is better
 * than a wrong one.
 *
 * The whole decides and never the value of the moment: 100 of 400 are a quarter, though 100 looks like percent. In this
 * order:
 * - CapacityMode, where it has more than one bit. Some say mAh and mean percent: the whole is 100 then, or does not fit
 *   into the field.
 * - A whole that does not fit into the bits of the field is counted in something else: the field is percent.
 * - A whole up to 120 is told in percent itself.
 * - A field declared like its whole (unit, and limits that hold the whole) is counted like it.
 * - Whatever else: not known.
 * @see https://www.usb.org/sites/default/files/pdcv11.pdf section 4.2.2
 * @see https://github.com/networkupstools/nut/issues/3227
 */
export function wholeOf(field: HidField, value: number, { mode, hasMode, wholes }: Grounds): number | null {
  const isCounted = mode === 0 || mode === 1;
  if (mode !== undefined && !isCounted) return null;
  const best = wholes.find((each) => each.value !== null && each.value > 0 && !isAllOnes(each.field, each.value));
  const whole = best?.value ?? null;
  if (!best || whole === null) {
    if (isCounted) return isDeclaredPercent(field, value) ? null : unknown;
    // A byte that nothing is said of is percent; what is wider may be anything until its whole has come.
    if (wholes.length > 0 && field.size > 8) return unknown;
    return value > mostPercent ? unknown : null;
  }
  if (whole > 2 ** field.size - 1) return null;
  if (isCounted) return whole;
  if (whole <= mostPercent) return null;
  if (hasMode) return value > mostPercent ? whole : unknown;
  return best.field.unit === field.unit && field.logicalMax >= whole ? whole : unknown;
}

/** All ones stand for "not known". */
const isAllOnes = ({ size }: HidField, value: number) => value === 2 ** size - 1;

const isDeclaredPercent = ({ logicalMax }: HidField, value: number) => logicalMax === 100 && value <= 100;
