import type { HidField } from './report-descriptor.ts';
import { unitCode } from './unit-codes.ts';
import { usage } from './usages.ts';

/**
 * The exponent that stands for 1 of the SI unit, by unit code. HID counts in centimetres and grams: a volt and a watt
 * are 10^7 there. All others met in UPSes are 0.
 * @see https://www.usb.org/sites/default/files/pdcv11.pdf section 3.2.3
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/libhid.c
 */
const baseExponents: Readonly<Record<number, number>> = { [unitCode.volt]: 7, [unitCode.watt]: 7 };

const symbols: Readonly<Record<number, string>> = {
  [unitCode.volt]: 'V',
  [unitCode.watt]: 'W',
  [unitCode.ampere]: 'A',
  [unitCode.second]: 's',
  [unitCode.hertz]: 'Hz',
  [unitCode.kelvin]: 'K',
  [unitCode.ampereSecond]: 'As',
};

type Scale = Pick<HidField, 'logicalMin' | 'logicalMax' | 'physicalMin' | 'physicalMax' | 'unit' | 'unitExponent'>;

/**
 * The value in SI units, percent or as a bare number. Not clamped to the limits: makers leave stale ones in force.
 * Only as true as the descriptor: vendor repairs come after it.
 */
export function toSi(raw: number, scale: Scale): number {
  const exponent = scale.unitExponent - (baseExponents[scale.unit] ?? 0);
  const physical = toPhysical(raw, scale);
  // Dividing by a whole power of ten is exact where multiplying by 0.01 is not.
  return exponent < 0 ? physical / 10 ** -exponent : physical * 10 ** exponent;
}

/** The unit that the descriptor gives: 'V', 'VA', 's'...; empty: none, or one that no UPS uses. May be a stale one. */
export function unitSymbol(field: Pick<HidField, 'unit' | 'usage'>): string {
  const apparent = field.usage === usage.apparentPower || field.usage === usage.configApparentPower;
  return field.unit === unitCode.watt && apparent ? 'VA' : (symbols[field.unit] ?? '');
}

/** HID 1.11 section 6.2.2.7: physical limits that are both 0, or missing, mean the logical ones. */
function toPhysical(raw: number, { logicalMin, logicalMax, physicalMin, physicalMax }: Scale): number {
  if (physicalMin === null || physicalMax === null || (physicalMin === 0 && physicalMax === 0)) return raw;
  if (logicalMax === logicalMin) return raw;
  return physicalMin + ((raw - logicalMin) * (physicalMax - physicalMin)) / (logicalMax - logicalMin);
}
