import { unitCode } from '../unit-codes.ts';
import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import type { Rename, Repair, Sign } from './repair.ts';
import { nutDriver } from './sources.ts';

const source = nutDriver('belkin-hid.c');
/** Reserved by the specification, taken by Belkin. */
export const belkinPage = 0x86;
const page = belkinPage * 0x10000;
const input = [page + 0x1a];
const output = [page + 0x1c];
const battery = [page + 0x10];
const config = [page + 0x26];
const controls = [page + 0x27];
const powerStatus = page + 0x21;
const batteryStatus = page + 0x22;

const ownTree = 'The maker has its own tree on page 0x86';
const rename = (under: readonly number[], id: number, is: number, into: readonly number[], unit?: number): Rename => ({
  usages: [page + id],
  under: [under],
  is,
  in: into,
  ...(unit === undefined ? {} : { unit }),
  why: ownTree,
  source,
});
const repair = (under: readonly number[], id: number, change: Repair['change'], why: string): Repair => ({
  usages: [page + id],
  under: [under],
  change,
  why,
  source,
});
const tenths = { kind: 'multiply', by: 1, over: 10 } as const;
const minutes = { kind: 'multiply', by: 60 } as const;
const bit = (status: number, number: number, feeds: Sign['feeds'], inverted?: true): Sign => ({
  usages: [status],
  feeds,
  from: inverted ? { bit: number, inverted } : { bit: number },
  place: 'first',
  why: ownTree,
  source,
});

/** Belkin, and whoever has its tree. Repairs are keyed by its own usages, not by what they are renamed to. */
export const belkin: FamilyQuirks = {
  renames: [
    rename(input, 0x30, usage.voltage, [usage.input], unitCode.volt),
    rename(input, 0x32, usage.frequency, [usage.input], unitCode.hertz),
    rename(output, 0x30, usage.voltage, [usage.output], unitCode.volt),
    rename(output, 0x35, usage.percentLoad, [usage.output]),
    rename(output, 0x34, usage.activePower, [usage.output], unitCode.watt),
    rename(battery, 0x30, usage.voltage, [usage.battery], unitCode.volt),
    rename(battery, 0x39, usage.remainingCapacity, [usage.powerSummary]),
    rename(battery, 0x36, usage.temperature, [usage.battery]),
    rename(battery, 0x6c, usage.runTimeToEmpty, [usage.powerSummary], unitCode.second),
    rename(config, 0x44, usage.configVoltage, [usage.battery], unitCode.volt),
    rename(controls, 0x56, usage.delayBeforeStartup, [usage.powerSummary]),
    rename(controls, 0x57, usage.delayBeforeShutdown, [usage.powerSummary]),
    rename(controls, 0x58, usage.test, [usage.battery]),
    rename(controls, 0x5a, usage.audibleAlarmControl, [usage.powerSummary]),
  ],
  repairs: [
    repair(input, 0x30, tenths, 'Tenths of a volt'),
    repair(input, 0x32, tenths, 'Tenths of a hertz'),
    repair(output, 0x30, tenths, 'Tenths of a volt'),
    repair(battery, 0x30, tenths, 'Tenths of a volt'),
    repair(battery, 0x6c, minutes, 'Minutes'),
    repair(controls, 0x56, minutes, 'Minutes'),
    repair(controls, 0x58, { kind: 'instead', raw: { 0: 6 } }, '0 means that no test was made'),
  ],
  signs: [
    bit(powerStatus, 0, 'acPresent', true),
    bit(powerStatus, 4, 'overload'),
    bit(powerStatus, 5, 'outputOff'),
    bit(batteryStatus, 2, 'belowCapacityLimit'),
    bit(batteryStatus, 4, 'charging'),
    bit(batteryStatus, 5, 'discharging'),
    bit(batteryStatus, 7, 'needReplacement'),
  ],
};
