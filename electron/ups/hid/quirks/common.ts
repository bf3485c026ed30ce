import { unitCode } from '../unit-codes.ts';
import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { nutDriver, nutIssue } from './sources.ts';

const volts = [usage.voltage, usage.configVoltage];
const tenths = 'The descriptor says exponent 1 where a tenth was meant';
const noBase = 'The exponent leaves out that HID counts this unit in 10^-7';

const foreign = [unitCode.volt, unitCode.watt, unitCode.ampere, unitCode.hertz, unitCode.kelvin];
const percents = [
  usage.remainingCapacity,
  usage.remainingCapacityLimit,
  usage.fullChargeCapacity,
  usage.designCapacity,
  usage.percentLoad,
];
const times = [usage.runTimeToEmpty, usage.remainingTimeLimit];
const leftOver = 'Its unit or exponent is left over from the field before';

/**
 * Mistakes that the descriptor itself gives away, whoever made the device: with these exponents the largest value that
 * fits into the field would still be a fraction of a volt or a watt.
 */
export const common: FamilyQuirks = {
  repairs: [
    {
      usages: [...percents, ...times],
      units: foreign,
      change: { kind: 'as-sent' },
      why: leftOver,
      source: nutDriver('libhid.c'),
    },
    {
      usages: percents,
      unitExponents: [1, 2, 3, 4, 5, 6, 7],
      change: { kind: 'as-sent' },
      why: leftOver,
      source: nutDriver('libhid.c'),
    },
    {
      // iDowell, Goldenmate: 1 and 257, for ever.
      usages: [usage.delayBeforeShutdown, usage.delayBeforeStartup],
      vendors: [0x075d],
      change: { kind: 'ignore' },
      why: 'It tells countdowns that do not run',
      source: nutIssue(3015),
    },
    {
      usages: volts,
      units: [unitCode.volt],
      unitExponents: [1],
      change: { kind: 'multiply', by: 1e5 },
      why: tenths,
      source: nutDriver('tripplite-hid.c'),
    },
    {
      usages: [usage.frequency],
      units: [unitCode.hertz],
      unitExponents: [1],
      change: { kind: 'multiply', by: 1, over: 100, between: [450, 7000] },
      why: tenths,
      source: nutDriver('tripplite-hid.c'),
    },
    {
      usages: volts,
      units: [unitCode.volt],
      unitExponents: [0, -1, -2],
      change: { kind: 'multiply', by: 1e7 },
      why: noBase,
      source: nutIssue(2370),
    },
    {
      usages: [usage.activePower, usage.configActivePower],
      units: [unitCode.watt],
      unitExponents: [0, -1, -2],
      change: { kind: 'multiply', by: 1e7 },
      why: noBase,
      source: nutIssue(2370),
    },
  ],
};
