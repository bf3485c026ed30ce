import type { Ups } from '../../../shared/reading.ts';

/** How the units of a maker, or a program that reads them, behave and what is wrong with them. */
export interface Profile {
  name: string;
  source: Ups['source'];
  /** `interrupt`: it speaks only by itself, once a second. */
  speaks: 'poll' | 'poll and interrupt' | 'interrupt';
  /** Ms between two reads on mains. */
  calmPoll: number;
  /** Ms by which what is read lags behind the truth. */
  lag: number;
  /** Seconds that a full battery carries half load. */
  halfLoadRuntime: number;
  /** Percent, the range. */
  load: readonly [number, number];
  tellsLoad: boolean;
  tellsCharge: boolean;
  /**
   * `coarse`: in minutes; `optimistic`: a fifth more than the truth; `wild`: off by up to a tenth either way; `double`:
   * twice the truth, so that it falls two seconds a second.
   */
  runtime: 'true' | 'coarse' | 'optimistic' | 'wild' | 'double' | 'none';
  /** How a self-test looks. `battery`: as an outage of eight seconds. */
  test: 'discharging' | 'testing' | 'battery';
  /** Percent under which it says that its battery is low. */
  lowCharge: number;
  /** The triggers of the plan that differ from the usual ones. */
  triggers: { charge: boolean; onBattery: boolean };
  traps: {
    /** "Low" and "replace the battery" for a second or two on mains. */
    flagNoise?: true;
    /** Reports of zeros. */
    zeros?: true;
    /** It drops off the bus when the mains fail. */
    drops?: true;
    /** Its interrupt reports stop for good at some time. */
    deadInterrupts?: true;
    /** It does not answer for some seconds, several times a day. */
    stalls?: true;
    /** It has no serial number and is plugged in elsewhere now and then. */
    moves?: true;
    /** It says 65535 s under a light load. */
    endless?: true;
    /** It says "charging" and "full" at once, or "charging" while it rests. */
    charging?: true;
    /** Its charge stands still as long as it is on battery. */
    stuckCharge?: true;
    /** A second one of its kind carries the hosts as well, and one is enough. */
    twoFeeds?: true;
    /** It has been calibrated twice before the months begin, so that its word is known. */
    known?: true;
  };
  /** How much earlier than the plan needs a run may begin, as a factor. */
  early: number;
}

const common = {
  source: 'hid',
  speaks: 'poll and interrupt',
  calmPoll: 2000,
  lag: 0,
  halfLoadRuntime: 900,
  load: [20, 60],
  tellsLoad: true,
  tellsCharge: true,
  runtime: 'true',
  test: 'discharging',
  lowCharge: 10,
  triggers: { charge: false, onBattery: false },
  traps: {},
  early: 1.5,
} as const satisfies Omit<Profile, 'name'>;

const byCharge = { charge: true, onBattery: false };

export const profiles: readonly Profile[] = [
  { ...common, name: 'APC Back-UPS', traps: { deadInterrupts: true }, runtime: 'wild', triggers: byCharge },
  {
    ...common,
    name: 'APC BX...MI',
    traps: { flagNoise: true, deadInterrupts: true },
    lowCharge: 20,
    halfLoadRuntime: 700,
    load: [15, 40],
  },
  {
    ...common,
    name: 'APC Smart-UPS',
    speaks: 'poll',
    tellsLoad: false,
    halfLoadRuntime: 1500,
    test: 'testing',
    lowCharge: 3,
  },
  { ...common, name: 'CyberPower', traps: { stalls: true, moves: true }, runtime: 'coarse' },
  { ...common, name: 'Eaton', traps: { drops: true, charging: true }, lowCharge: 20, lag: 300, triggers: byCharge },
  { ...common, name: 'Tripp Lite', traps: { charging: true, stalls: true }, runtime: 'optimistic', lowCharge: 3 },
  {
    ...common,
    name: 'Liebert',
    speaks: 'poll',
    runtime: 'none',
    halfLoadRuntime: 720,
    load: [20, 40],
    lowCharge: 3,
    early: 3,
  },
  { ...common, name: 'Powercom', speaks: 'interrupt', tellsLoad: false, runtime: 'coarse' },
  {
    ...common,
    name: 'PowerWalker',
    traps: { zeros: true, endless: true },
    runtime: 'wild',
    load: [5, 50],
    triggers: byCharge,
  },
  { ...common, name: 'NUT', source: 'nut', speaks: 'poll', traps: { stalls: true, flagNoise: true }, test: 'testing' },
  { ...common, name: 'apcupsd', source: 'apcupsd', speaks: 'poll', test: 'battery', lag: 1000, runtime: 'coarse' },
  {
    ...common,
    name: 'one that tells only low',
    tellsLoad: false,
    tellsCharge: false,
    runtime: 'none',
    load: [20, 40],
    lowCharge: 35,
    triggers: { charge: false, onBattery: true },
  },
  {
    ...common,
    name: 'one that tells only its charge',
    tellsLoad: false,
    runtime: 'none',
    load: [20, 40],
    lowCharge: 3,
    triggers: byCharge,
    early: 3,
  },
  {
    ...common,
    name: 'one whose charge stands still',
    traps: { stuckCharge: true },
    runtime: 'none',
    test: 'battery',
    halfLoadRuntime: 600,
    load: [30, 45],
    lowCharge: 3,
    early: Number.POSITIVE_INFINITY,
  },
  {
    ...common,
    name: 'one that tells only a stuck charge',
    traps: { stuckCharge: true },
    tellsLoad: false,
    runtime: 'none',
    test: 'battery',
    load: [20, 40],
    lowCharge: 3,
    triggers: byCharge,
    early: Number.POSITIVE_INFINITY,
  },
  {
    ...common,
    name: 'one that promises double',
    traps: { known: true },
    tellsLoad: false,
    runtime: 'double',
    lowCharge: 3,
    early: 2.5,
  },
  { ...common, name: 'two feeds', traps: { twoFeeds: true, stalls: true }, load: [20, 40], early: 4 },
];
