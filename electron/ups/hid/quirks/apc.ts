import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { apcupsd, nutDriver, nutIssue } from './sources.ts';

/** 2001-01-01 packed, and as it stands in the replace date: MMDDYY, every decimal digit a hexadecimal one. */
const factoryDate = { packed: 10_785, replaced: [0x092501, 0x010101, 0] };

/** Back-UPS, Smart-UPS and the newer Smart-UPS that carries Modbus beside HID. */
export const apc: FamilyQuirks = {
  polling: [
    {
      products: [0x0003, 0x0004],
      ignoreInterrupts: true,
      why: 'The interrupt pipe of the newer Smart-UPS carries the maker’s own protocol',
      source: nutIssue(1429),
    },
  ],
  repairs: [
    {
      usages: [usage.configActivePower],
      change: { kind: 'ignore', raw: [0] },
      why: 'Some models tell 0 W for their nominal power',
      source: apcupsd,
    },
    {
      usages: [usage.manufacturerDate],
      change: { kind: 'ignore', raw: [factoryDate.packed] },
      why: 'The date is the firmware’s default, nobody has set it',
      source: nutIssue(1208),
    },
    {
      usages: [usage.apcBatteryReplaceDate],
      change: { kind: 'ignore', raw: factoryDate.replaced },
      why: 'The date is the firmware’s default, nobody has set it',
      source: nutDriver('apc-hid.c'),
    },
    {
      // A Back-UPS BF500 declares 16 bits of 32 and fills the others with something.
      usages: [usage.voltage, usage.runTimeToEmpty, usage.percentLoad, usage.remainingCapacity, usage.configVoltage],
      change: { kind: 'low-bits' },
      why: 'The bits above the declared maximum are garbage',
      source: nutDriver('hidparser.c'),
    },
  ],
  signs: [
    {
      usages: [usage.apcStatusFlag],
      feeds: 'acPresent',
      from: { yes: [8], no: [16] },
      place: 'last',
      why: 'Old models tell the power state in a status byte',
      source: apcupsd,
    },
    {
      usages: [usage.apcStatusFlag],
      feeds: 'discharging',
      from: { yes: [16], no: [8] },
      place: 'last',
      why: 'Old models tell the power state in a status byte',
      source: apcupsd,
    },
  ],
  twice: [
    {
      flag: 'batteryPresent',
      why: 'With the battery out it comes on at random',
      source: apcupsd,
    },
  ],
};
