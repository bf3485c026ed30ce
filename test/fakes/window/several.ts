import type { BranchMargin, PowerView, StatusView } from '../../../shared/view.ts';
import { batteryPower, counting, onMains, power, reading, ups } from './power.ts';
import { fewOffers } from './supplies.ts';

const apc: PowerView['ups'] = {
  ...ups,
  id: 'AS2041123',
  name: 'APC Smart-UPS 1500',
  serial: 'AS2041123',
  manufacturer: 'APC',
  source: 'nut',
  via: 'NUT rack@10.0.10.5:3493',
  offers: fewOffers,
};

/** Two feeds: one has failed, the other holds what hangs on both. */
export const oneFails = (): StatusView => ({
  ...counting(),
  powers: [power({ ups: apc, runtimeFrom: 'learned', runtimeLeft: 1980 }), batteryPower()],
  critical: ['nas-1', 'esx-1'].map((hostId) => ({ hostId, why: 'fed by Eaton 5P 1550, on battery' })),
});

/** One that is well, and one that does not answer any more. */
export const oneIsLost = (): StatusView => ({
  ...counting(),
  powers: [
    power({ ups: apc }),
    {
      ...batteryPower(),
      state: 'lost-contact',
      since: Date.now() - 40_000,
      reading: reading({ at: Date.now() - 40_000, acPresent: false, discharging: true, charge: 71, inputVoltage: 0 }),
      runtimeFrom: 'counted-down',
      fault: {
        code: 'ups-lost',
        what: 'No answer for 40 s.',
        where: 'Eaton 5P 1550',
        remedy: 'Check its USB cable. Its runtime is counted down here meanwhile.',
      },
      sentence: 'No contact, counted down to 8 min',
    },
  ],
});

const nothingKnown = {
  charge: null,
  runtime: null,
  load: null,
  power: null,
  inputVoltage: null,
  inputFrequency: null,
  outputVoltage: null,
  batteryVoltage: null,
  testResult: null,
  beeper: null,
  batteryDate: null,
} as const;

/** Everything that a card can have to say, and hardly anything at all. */
export const fourUpses = (): StatusView => ({
  ...onMains(),
  margin: { runtimeLeft: 312, needs: 360, spare: -48 },
  powers: [
    power({
      ups: { ...apc, name: 'Upper rack, left feed (the one with the extended battery cabinet beneath it)' },
      reading: reading({
        bypass: true,
        overload: true,
        needReplacement: true,
        load: 104,
        power: 1560,
        testResult: 'failed',
        temperature: 41,
      }),
      runtimeFrom: 'learned',
      runtimeLeft: 312,
      runtimeDoubt: 'It says 41 min and has lasted 5 min at such a load in its last 3 discharges.',
    }),
    power({
      ups: { ...ups, id: 'bare', name: 'USB UPS', serial: '', firmware: '', manufacturer: '', offers: [] },
      reading: reading(nothingKnown),
      runtimeLeft: null,
      runtimeFrom: 'unknown',
    }),
    power({
      ups: { ...ups, id: 'test', name: 'CyberPower OR1500', manufacturer: 'CPS', via: 'USB 0764:0601' },
      reading: reading({ testing: true, charging: true, charge: 61, testResult: 'running' }),
      runtimeLeft: 900,
      runtimeFrom: 'estimated',
    }),
    power({
      ups: {
        ...ups,
        id: 'off',
        name: 'Back-UPS ES 700',
        manufacturer: 'APC',
        source: 'apcupsd',
        via: 'apcupsd nas-1:3551',
      },
      state: 'unknown',
      reading: reading({ ...nothingKnown, charge: 12, outputOff: true, offIn: null, onIn: 58, load: 0 }),
      runtimeLeft: null,
      runtimeFrom: 'unknown',
    }),
  ],
});

const branch = (hostIds: string[], upsIds: string[], change: Partial<BranchMargin> = {}): BranchMargin => ({
  hostIds,
  upsIds,
  need: 'any',
  runtimeLeft: 1980,
  needs: 240,
  spare: 1740,
  failing: false,
  ...change,
});

/** One of two feeds has failed, the start was put off, and one host cannot be reached. */
export const putOff = (): StatusView => {
  const status = oneFails();
  return {
    ...status,
    critical: [...status.critical, { hostId: 'backup-1', why: 'fed by Eaton 5P 1550, on battery' }],
    decision: {
      ...status.decision,
      startsIn: 215,
      latestStartIn: 372,
      postponedUntil: Date.now() + 215_000,
      sentence:
        'Put off by 5 min by hand. It was due: 7 min 20 s of runtime were left, the plan needs 6 min, times 1.25.',
    },
    branches: [
      branch(['esx-1'], [ups.id, apc.id], { need: 'all', runtimeLeft: 534, needs: 300, spare: 234, failing: true }),
      branch(['nas-1'], [ups.id], { runtimeLeft: 534, needs: 560, spare: -26, failing: true }),
      branch(['esx-2'], [], { runtimeLeft: null, spare: null, needs: 90 }),
      branch(['backup-1'], [ups.id, apc.id], {
        need: 'all',
        runtimeLeft: 534,
        needs: 90,
        spare: 444,
        failing: true,
      }),
    ],
    reach: [
      { hostId: 'esx-1', state: 'warm', fault: null },
      { hostId: 'esx-2', state: 'warm', fault: null },
      { hostId: 'backup-1', state: 'opening', fault: null },
      {
        hostId: 'nas-1',
        state: 'failed',
        fault: {
          code: 'unreachable',
          what: 'No answer on port 22 within 5 s.',
          where: 'nas-1',
          remedy: 'Look whether it is on and whether its switch has power.',
        },
      },
    ],
  };
};
