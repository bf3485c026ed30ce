import type { HidField } from './report-descriptor.ts';
import { usageNames } from './usage-names.ts';

/** The usages that our code reasons about, as `page << 16 | id`. All names: usage-names.ts. */
export const usage = {
  ups: 0x84_0004,
  presentStatus: 0x84_0002,
  battery: 0x84_0012,
  powerConverter: 0x84_0016,
  input: 0x84_001a,
  output: 0x84_001c,
  powerSummary: 0x84_0024,
  voltage: 0x84_0030,
  frequency: 0x84_0032,
  activePower: 0x84_0034,
  percentLoad: 0x84_0035,
  temperature: 0x84_0036,
  configVoltage: 0x84_0040,
  test: 0x84_0058,
  overload: 0x84_0065,
  shutdownImminent: 0x84_0069,
  belowRemainingCapacityLimit: 0x85_0042,
  remainingTimeLimitExpired: 0x85_0043,
  charging: 0x85_0044,
  discharging: 0x85_0045,
  fullyCharged: 0x85_0046,
  needReplacement: 0x85_004b,
  remainingCapacity: 0x85_0066,
  runTimeToEmpty: 0x85_0068,
  acPresent: 0x85_00d0,
  batteryPresent: 0x85_00d1,
} as const;

/** The usage's name, or its eight hex digits. */
export function usageName(value: number): string {
  return usageNames[value >>> 16]?.[value & 0xffff] ?? value.toString(16).padStart(8, '0');
}

/** Where a field is, as NUT writes it: `UPS.Flow.[4].ConfigVoltage`. Stable over firmwares; report ids are not. */
export function pathName(field: Pick<HidField, 'path' | 'usage'>): string {
  const parts: string[] = [];
  for (const { usage: collection, index } of field.path) {
    if (collection === null) continue;
    parts.push(usageName(collection));
    if (index !== null) parts.push(`[${index}]`);
  }
  return [...parts, usageName(field.usage)].join('.');
}
