import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { nutDriver } from './sources.ts';

const source = nutDriver('tripplite-hid.c');
const status = [[usage.presentStatus]];
const wrongPage = 'The flag stands on the page of power devices instead of batteries';
const tenthsOfVolts = [
  0x1003, 0x1007, 0x1008, 0x1009, 0x1010, 0x2005, 0x2007, 0x2008, 0x2009, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014,
];
const delayInMinutes = 0xffff_0056;

/** Tripp Lite, and what HP, Delta and Minuteman sell of it. The wrong exponents of 3016 and 3024 are in common.ts. */
export const tripplite: FamilyQuirks = {
  polling: [
    {
      products: [0x3024],
      pauseBetween: 125,
      why: 'It loses what comes too fast',
      source: nutDriver('usbhid-ups.c'),
    },
  ],
  renames: [
    // Some OMNI1000LCD.
    { usages: [0x84_0044], under: status, is: usage.charging, why: wrongPage, source },
    { usages: [0x84_0045], under: status, is: usage.discharging, why: wrongPage, source },
    { usages: [0x84_004b], under: status, is: usage.needReplacement, why: wrongPage, source },
    { usages: [0x84_00d0], under: status, is: usage.acPresent, why: wrongPage, source },
    {
      usages: [delayInMinutes],
      under: [[usage.outlet]],
      is: usage.delayBeforeStartup,
      why: 'The maker’s own usage for it',
      source,
    },
  ],
  repairs: [
    {
      usages: [usage.voltage],
      under: [[usage.battery]],
      products: tenthsOfVolts,
      change: { kind: 'multiply', by: 1, over: 10, above: { nominalTimes: 3, unknown: 'multiply' } },
      why: 'The battery voltage is in tenths of a volt',
      source,
    },
    {
      usages: [delayInMinutes],
      under: [[usage.outlet]],
      unscaled: true,
      change: { kind: 'multiply', by: 60 },
      why: 'Minutes, though the descriptor says seconds',
      source,
    },
  ],
};
