import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { nutDriver } from './sources.ts';

/** CyberPower, and what others sell of it. Its stale limits need no repair here: nothing is ever clamped to limits. */
export const cyberpower: FamilyQuirks = {
  polling: [
    {
      restEvery: 12_000,
      why: 'The controller stalls when it is asked more often',
      source: nutDriver('usbhid-ups.c'),
    },
  ],
  repairs: [
    {
      usages: [usage.voltage],
      under: [[usage.powerSummary], [usage.battery]],
      products: [0x0501],
      change: { kind: 'multiply', by: 2, over: 3, above: { nominalTimes: 1.4, unknown: 'leave', forGood: true } },
      // For good, as a battery that empties goes below 1.4 times its nominal voltage.
      why: 'It tells 36 V for a battery of 24 V: two thirds of it are true',
      source: nutDriver('cps-hid.c'),
    },
    {
      usages: [usage.frequency],
      change: { kind: 'multiply', by: 1, over: 10, between: [450, 650] },
      why: 'Tenths of a hertz without an exponent',
      source: nutDriver('cps-hid.c'),
    },
  ],
};
