import { unitCode } from '../unit-codes.ts';
import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { nutDriver, nutIssue } from './sources.ts';

const gxt5 = [0x1000];
const live = 'The GXT5 tells what it measures under the usages of nominal values';
const summary = [[usage.powerSummary]];
const source = nutIssue(3613);

/** Liebert, Vertiv. The exponents 0 and 1 that belong to no quantity are in common.ts, Belkin's tree in belkin.ts. */
export const liebert: FamilyQuirks = {
  renames: [
    // 90 VA, 50 W and 9 % of 1000 VA at 238 V in and 239 V out: the numbers of one capture fit each other only so.
    {
      usages: [usage.configVoltage],
      under: summary,
      unitExponents: [7],
      products: gxt5,
      is: usage.voltage,
      in: [usage.input],
      why: live,
      source,
    },
    {
      usages: [usage.configVoltage],
      under: summary,
      unitExponents: [5],
      products: gxt5,
      is: usage.voltage,
      in: [usage.output],
      why: live,
      source,
    },
    {
      usages: [usage.configFrequency],
      under: summary,
      products: gxt5,
      is: usage.frequency,
      in: [usage.input],
      why: live,
      source,
    },
    {
      usages: [usage.configActivePower],
      under: summary,
      products: gxt5,
      is: usage.activePower,
      in: [usage.output],
      why: live,
      source,
    },
  ],
  repairs: [
    {
      usages: [usage.configVoltage, usage.voltage],
      under: summary,
      unitExponents: [5],
      products: gxt5,
      change: { kind: 'multiply', by: 100 },
      why: 'Whole volts with the exponent of hundredths',
      source,
    },
    {
      usages: [usage.runTimeToEmpty],
      products: gxt5,
      change: { kind: 'multiply', by: 60 },
      why: 'Minutes without a unit',
      source,
    },
    {
      usages: [usage.voltage, usage.configVoltage],
      units: [unitCode.volt],
      unitExponents: [4],
      change: { kind: 'multiply', by: 1e3 },
      why: 'The exponent is three too low',
      source: nutDriver('belkin-hid.c'),
    },
  ],
};
