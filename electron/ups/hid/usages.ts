import type { HidField } from './report-descriptor.ts';
import { usageNames } from './usage-names.ts';

/** The usages that our code reasons about, as `page << 16 | id`. All names: usage-names.ts. */
export const usage = {
  // Power Device
  presentStatus: 0x84_0002,
  ups: 0x84_0004,
  batterySystem: 0x84_0010,
  battery: 0x84_0012,
  charger: 0x84_0014,
  powerConverter: 0x84_0016,
  input: 0x84_001a,
  output: 0x84_001c,
  flow: 0x84_001e,
  outlet: 0x84_0020,
  powerSummary: 0x84_0024,
  voltage: 0x84_0030,
  frequency: 0x84_0032,
  apparentPower: 0x84_0033,
  activePower: 0x84_0034,
  percentLoad: 0x84_0035,
  temperature: 0x84_0036,
  configVoltage: 0x84_0040,
  configFrequency: 0x84_0042,
  configApparentPower: 0x84_0043,
  configActivePower: 0x84_0044,
  delayBeforeStartup: 0x84_0056,
  delayBeforeShutdown: 0x84_0057,
  test: 0x84_0058,
  audibleAlarmControl: 0x84_005a,
  good: 0x84_0061,
  overload: 0x84_0065,
  shutdownImminent: 0x84_0069,
  used: 0x84_006d,
  // Battery System
  remainingCapacityLimit: 0x85_0029,
  remainingTimeLimit: 0x85_002a,
  capacityMode: 0x85_002c,
  belowRemainingCapacityLimit: 0x85_0042,
  remainingTimeLimitExpired: 0x85_0043,
  charging: 0x85_0044,
  discharging: 0x85_0045,
  fullyCharged: 0x85_0046,
  needReplacement: 0x85_004b,
  remainingCapacity: 0x85_0066,
  fullChargeCapacity: 0x85_0067,
  runTimeToEmpty: 0x85_0068,
  designCapacity: 0x85_0083,
  manufacturerDate: 0x85_0085,
  acPresent: 0x85_00d0,
  batteryPresent: 0x85_00d1,
  // APC
  apcGeneralCollection: 0xff86_0005,
  apcBatteryReplaceDate: 0xff86_0016,
  apcStatusFlag: 0xff86_0060,
  apcDelayBeforeShutdown: 0xff86_007d,
} as const;

/** The usage's name, or its eight hex digits. */
export function usageName(value: number): string {
  return usageNames[value >>> 16]?.[value & 0xffff] ?? value.toString(16).padStart(8, '0');
}

/** Where a field is, as NUT writes it: `UPS.Flow.[4].ConfigVoltage`. Stable over firmwares; report ids are not. */
export function pathName(field: Pick<HidField, 'path' | 'usage'>): string {
  return `${prefixOf(field.path)}${usageName(field.usage)}`;
}

/** The fields of one report share their path, and a vendor report may have hundreds. */
const prefixes = new WeakMap<HidField['path'], string>();

function prefixOf(path: HidField['path']): string {
  const known = prefixes.get(path);
  if (known !== undefined) return known;
  const parts: string[] = [];
  for (const { usage: collection, index } of path) {
    if (collection === null) continue;
    parts.push(usageName(collection));
    if (index !== null) parts.push(`[${index}]`);
  }
  const prefix = parts.map((part) => `${part}.`).join('');
  prefixes.set(path, prefix);
  return prefix;
}
