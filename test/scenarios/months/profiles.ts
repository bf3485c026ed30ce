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
  /** `coarse`: in minutes; `optimistic`: a fifth more than the truth; `wild`: off by up to a tenth either way. */
  runtime: 'true' | 'coarse' | 'optimistic' | 'wild' | 'none';
  /** How a self-test looks. `battery`: as an outage of eight seconds. */
  test: 'discharging' | 'testing' | 'battery';
  /** Percent under which it says that its battery is low. */
  lowCharge: number;
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
  };
  /** How much earlier than the plan needs a run may begin, as a factor. */
  early: number;
}

const common = {
  source: 'hid',
  speaks: 'poll and interrupt',
  calmPoll: 2000,
  lag: 0,
  halfLoadRuntime: 1200,
  load: [20, 60],
  tellsLoad: true,
  runtime: 'true',
  test: 'discharging',
  lowCharge: 10,
  traps: {},
  early: 1.5,
} as const satisfies Omit<Profile, 'name'>;

export const profiles: readonly Profile[] = [
  { ...common, name: 'APC Back-UPS', traps: { deadInterrupts: true }, runtime: 'wild' },
  {
    ...common,
    name: 'APC BX...MI',
    traps: { flagNoise: true, deadInterrupts: true },
    lowCharge: 20,
    halfLoadRuntime: 700,
    load: [15, 40],
  },
  { ...common, name: 'APC Smart-UPS', speaks: 'poll', tellsLoad: false, halfLoadRuntime: 2400, test: 'testing' },
  { ...common, name: 'CyberPower', traps: { stalls: true, moves: true }, runtime: 'coarse' },
  { ...common, name: 'Eaton', traps: { drops: true, charging: true }, lowCharge: 20, lag: 300 },
  { ...common, name: 'Tripp Lite', traps: { charging: true, stalls: true }, runtime: 'optimistic', lowCharge: 20 },
  {
    ...common,
    name: 'Liebert',
    speaks: 'poll',
    runtime: 'none',
    halfLoadRuntime: 720,
    load: [20, 40],
    lowCharge: 20,
    early: 3,
  },
  { ...common, name: 'Powercom', speaks: 'interrupt', tellsLoad: false, runtime: 'coarse' },
  { ...common, name: 'PowerWalker', traps: { zeros: true, endless: true }, runtime: 'wild', load: [5, 50] },
  { ...common, name: 'NUT', source: 'nut', speaks: 'poll', traps: { stalls: true, flagNoise: true }, test: 'testing' },
  { ...common, name: 'apcupsd', source: 'apcupsd', speaks: 'poll', test: 'battery', lag: 1000, runtime: 'coarse' },
];
