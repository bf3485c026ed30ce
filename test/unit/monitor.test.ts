import { describe, expect, test } from 'vitest';
import { type Moment, type Monitored, observe, powerState, watch } from '../../electron/core/monitor.ts';
import { runtimeLeft } from '../../electron/core/runtime.ts';
import type { Reading } from '../../shared/reading.ts';
import { reading, ups } from '../fakes/rack-samples.ts';

const at = (seconds: number): Moment => ({ wall: 1_000_000 + seconds * 1000, mono: seconds * 1000 });
const mains: Partial<Reading> = { acPresent: true, discharging: false, charge: 100, runtime: 1800 };
const battery: Partial<Reading> = { acPresent: false, discharging: true, charge: 90, runtime: 1500 };

/** Reads one after the other, a second apart: "p" by poll, "i" by interrupt. */
function read(...steps: [how: 'p' | 'i', what: Partial<Reading>][]): { one: Monitored; now: Moment } {
  let one = watch(ups, at(0));
  steps.forEach(([how, what], index) => {
    one = observe(one, reading(what), how === 'p' ? 'poll' : 'interrupt', at(index + 1));
  });
  return { one, now: at(steps.length) };
}

const stateAfter = (...steps: [how: 'p' | 'i', what: Partial<Reading>][]) => {
  const { one, now } = read(...steps);
  return powerState(one, now);
};

describe('the gates', () => {
  test.each<[string, [how: 'p' | 'i', what: Partial<Reading>][], string]>([
    ['nothing confirmed by one read', [['p', mains]], 'unknown'],
    [
      'mains by two reads',
      [
        ['p', mains],
        ['p', mains],
      ],
      'mains',
    ],
    [
      'battery not by one read',
      [
        ['p', mains],
        ['p', mains],
        ['p', battery],
      ],
      'mains',
    ],
    [
      'battery by two reads',
      [
        ['p', mains],
        ['p', mains],
        ['p', battery],
        ['p', battery],
      ],
      'battery',
    ],
    [
      'battery by interrupt and read',
      [
        ['p', mains],
        ['p', mains],
        ['i', battery],
        ['p', battery],
      ],
      'battery',
    ],
    [
      'by interrupt reports alone, if they last',
      [
        ['p', mains],
        ['p', mains],
        ['i', battery],
        ['i', battery],
        ['i', battery],
      ],
      'battery',
    ],
    [
      'not by one interrupt report',
      [
        ['p', mains],
        ['p', mains],
        ['i', battery],
      ],
      'mains',
    ],
    [
      'a contradiction starts over',
      [
        ['p', mains],
        ['p', mains],
        ['p', battery],
        ['p', mains],
        ['p', battery],
      ],
      'mains',
    ],
    [
      'mains back needs two signs too',
      [
        ['p', battery],
        ['p', battery],
        ['p', mains],
      ],
      'battery',
    ],
    [
      'mains back',
      [
        ['p', battery],
        ['p', battery],
        ['i', mains],
        ['p', mains],
      ],
      'mains',
    ],
    [
      'self-test: discharging with the mains present',
      [
        ['p', mains],
        ['p', mains],
        ['p', { acPresent: true, discharging: true }],
        ['p', { acPresent: true, discharging: true }],
      ],
      'mains',
    ],
    [
      'low on mains is noise',
      [
        ['p', mains],
        ['p', mains],
        ['p', { ...mains, belowCapacityLimit: true }],
        ['p', { ...mains, belowCapacityLimit: true }],
      ],
      'mains',
    ],
    [
      'low on battery, once',
      [
        ['p', battery],
        ['p', battery],
        ['p', { ...battery, shutdownImminent: true }],
      ],
      'battery',
    ],
    [
      'low on battery, twice',
      [
        ['p', battery],
        ['p', battery],
        ['p', { ...battery, shutdownImminent: true }],
        ['p', { ...battery, belowCapacityLimit: true }],
      ],
      'low',
    ],
    [
      'no ACPresent, but discharging',
      [
        ['p', { discharging: true }],
        ['p', { discharging: true }],
      ],
      'battery',
    ],
    [
      'no ACPresent, discharging in a self-test',
      [
        ['p', { discharging: true, testing: true }],
        ['p', { discharging: true, testing: true }],
      ],
      'unknown',
    ],
    [
      'a reading that tells nothing',
      [
        ['p', mains],
        ['p', mains],
        ['p', {}],
        ['p', {}],
      ],
      'mains',
    ],
  ])('%s', (_, steps, expected) => {
    expect(stateAfter(...steps)).toBe(expected);
  });
});

describe('the runtime', () => {
  test('is counted down inside the steps in which the UPS tells it', () => {
    const { one } = read(['p', battery], ['p', battery]);
    expect(runtimeLeft(one, at(2))).toEqual({ seconds: 1500, from: 'reported', doubt: null });
    const later = observe(one, reading(battery), 'poll', at(32));
    expect(runtimeLeft(later, at(32))).toEqual({ seconds: 1470, from: 'reported', doubt: null });
    const slow = observe(one, reading(battery), 'poll', at(202));
    expect(runtimeLeft(slow, at(202))).toEqual({ seconds: 1300, from: 'reported', doubt: null });
    const frozen = observe(one, reading(battery), 'poll', at(502));
    expect(runtimeLeft(frozen, at(502))).toMatchObject({ seconds: 1000, from: 'counted-down' });
  });

  test('without contact on battery goes on from its last word', () => {
    const { one } = read(['p', battery], ['p', battery]);
    expect(runtimeLeft(one, at(602))).toEqual({ seconds: 900, from: 'counted-down', doubt: null });
    expect(runtimeLeft(one, at(5000))).toEqual({ seconds: 0, from: 'counted-down', doubt: null });
  });

  test('without contact on mains is not known', () => {
    const { one } = read(['p', mains], ['p', mains]);
    expect(runtimeLeft(one, at(602))).toEqual({ seconds: null, from: 'unknown', doubt: null });
  });
});
