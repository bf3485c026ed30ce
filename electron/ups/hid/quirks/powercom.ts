import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { nutDriver, nutIssue } from './sources.ts';

const source = nutDriver('powercom-hid.c');

/** Powercom: no units at all. Whole volts, whole degrees Celsius. */
export const powercom: FamilyQuirks = {
  repairs: [
    {
      usages: [usage.voltage, usage.configVoltage],
      under: [[usage.powerSummary], [usage.battery]],
      change: { kind: 'ignore' },
      why: 'It is the line’s voltage, or has an unknown scale',
      source,
    },
    {
      usages: [usage.delayBeforeShutdown],
      under: [[usage.powerSummary]],
      change: { kind: 'minutes-and-seconds' },
      why: 'Seconds and minutes, a byte each',
      source,
    },
    {
      usages: [usage.delayBeforeShutdown],
      under: [[usage.output]],
      change: { kind: 'ignore' },
      why: 'It is an index into a list of delays',
      source,
    },
    {
      usages: [usage.delayBeforeStartup],
      change: { kind: 'ignore' },
      why: 'Its bytes mean different things in different models',
      source,
    },
    {
      usages: [usage.audibleAlarmControl],
      change: { kind: 'ignore' },
      why: 'The maker’s codes contradict the specification, and each other',
      source: nutIssue(1695),
    },
  ],
};
