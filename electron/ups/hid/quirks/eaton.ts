import { usage } from '../usages.ts';
import type { FamilyQuirks } from './quirks.ts';
import { nutDriver } from './sources.ts';

const source = nutDriver('mge-hid.c');
/** Page 0xffff as Eaton means it: is the battery rested between charges, and what does the charger do. */
const abmEnable = 0xffff_0087;
const chargerMode = 0xffff_0094;
const abm = 'With battery resting on, the charger’s mode is true and the status flags are not';

/** Eaton, MGE, Santak, and what Dell, HP and IBM sell of them. The tree is numbered: Input.[3] is the battery. */
export const eaton: FamilyQuirks = {
  signs: [
    {
      usages: [chargerMode],
      under: [[usage.charger]],
      feeds: 'charging',
      // 1 charging, 2 discharging, 3 floating, 4 resting, 6 off.
      from: { yes: [1, 3], no: [2, 4, 6] },
      place: 'first',
      onlyWhile: { usage: abmEnable, raw: 1 },
      why: abm,
      source,
    },
    {
      usages: [chargerMode],
      under: [[usage.charger]],
      feeds: 'discharging',
      from: { yes: [2], no: [1, 3, 4, 6] },
      place: 'first',
      onlyWhile: { usage: abmEnable, raw: 1 },
      why: abm,
      source,
    },
    {
      usages: [usage.used],
      under: [[usage.input, usage.presentStatus]],
      input: 3,
      feeds: 'acPresent',
      from: { yes: [], no: [1] },
      place: 'last',
      why: 'The converter runs on its battery input',
      source,
    },
    {
      usages: [usage.used],
      under: [[usage.input, usage.presentStatus]],
      input: 3,
      feeds: 'discharging',
      from: { yes: [1], no: [0] },
      place: 'last',
      why: 'The converter runs on its battery input',
      source,
    },
    {
      usages: [usage.good],
      under: [[usage.powerSummary, usage.presentStatus]],
      feeds: 'outputOff',
      from: { yes: [0], no: [1] },
      place: 'first',
      why: 'Good = 0 means that the output is off',
      source,
    },
  ],
};
