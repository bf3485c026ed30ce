import { describe, expect, test } from 'vitest';
import { planPower } from '../../electron/core/feeding.ts';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { startAt } from '../../electron/core/signs.ts';
import * as trigger from '../../electron/core/trigger.ts';
import type { Reading } from '../../shared/reading.ts';
import { type Triggers, triggersSchema } from '../../shared/triggers.ts';
import { reading, ups } from '../fakes/rack-samples.ts';

const at = (seconds: number): Moment => ({ wall: seconds * 1000, mono: seconds * 1000 });
const triggers = (patch: object = {}): Triggers =>
  triggersSchema.parse({ runtime: {}, charge: {}, onBattery: {}, ...patch });
const needs = 400;
const judge = (supplies: Monitored[], by: Triggers, plan: number, now: Moment) =>
  trigger.judge(planPower([], supplies, now), by, plan, now);

function supply(what: Partial<Reading>, id = ups.id): Monitored {
  let one = watch({ ...ups, id }, at(0));
  for (const second of [1, 2, 3]) one = observe(one, reading(what), 'poll', at(second));
  return one;
}

const battery = { acPresent: false, charge: 90, runtime: 3000 };

test('the run must start at plan times factor, never later than the floor', () => {
  expect(startAt(triggers(), 400)).toBe(500);
  expect(startAt(triggers(), 10)).toBe(180);
});

describe('judging', () => {
  test.each<[string, Partial<Reading>, object, number, string | null]>([
    ['on mains nothing fires, whatever the numbers', { acPresent: true, charge: 1, runtime: 5 }, {}, 3, null],
    ['on battery with enough left', battery, {}, 3, null],
    ['runtime at the limit', { ...battery, runtime: 501 }, {}, 7, 'runtime'],
    ['runtime at the limit, in the first seconds', { ...battery, runtime: 10 }, {}, 6, null],
    ['runtime above the limit', { ...battery, runtime: 503 }, {}, 3, null],
    ['runtime trigger off', { ...battery, runtime: 10 }, { runtime: { enabled: false } }, 3, null],
    ['charge at the floor', { ...battery, charge: 30 }, {}, 7, 'charge'],
    ['charge above the floor', { ...battery, charge: 31 }, {}, 3, null],
    ['charge 0 with the trigger off', { ...battery, charge: 0 }, { charge: { enabled: false } }, 3, null],
    ['seconds on battery are off by default', battery, {}, 6, null],
    ['seconds on battery', battery, { onBattery: { enabled: true, seconds: 4 } }, 6, 'on-battery'],
    ['seconds on battery, not yet', battery, { onBattery: { enabled: true, seconds: 5 } }, 6, null],
    ['low battery, in the moment in which it goes to battery', { ...battery, belowCapacityLimit: true }, {}, 6, null],
    ['confirmed low battery', { ...battery, belowCapacityLimit: true }, {}, 7, 'low-battery'],
    ['a UPS that tells neither runtime nor charge, at first', { acPresent: false }, {}, 8, null],
  ])('%s', (_, what, patch, second, expected) => {
    expect(judge([supply(what)], triggers(patch), needs, at(second)).fire).toBe(expected);
  });

  test('a UPS that tells neither runtime nor charge fires after a minute', () => {
    let one = supply({ acPresent: false });
    one = observe(one, reading({ acPresent: false }), 'poll', at(62));
    expect(judge([one], triggers(), needs, at(62)).fire).toBe('on-battery');
  });

  test('lost on battery, and the runtime was never told: low after 15 s', () => {
    const one = supply({ acPresent: false, charge: 80 });
    expect(judge([one], triggers(), needs, at(16)).fire).toBeNull();
    expect(judge([one], triggers(), needs, at(19)).fire).toBe('low-battery');
  });

  test('of two UPSes the one in need decides', () => {
    const verdict = judge(
      [supply({ acPresent: true, charge: 100, runtime: 9000 }), supply({ ...battery, runtime: 100 }, 'b')],
      triggers(),
      needs,
      at(7),
    );
    expect(verdict.fire).toBe('runtime');
  });

  test('its last word spoke of mains: nothing starts before that is confirmed or refuted', () => {
    const low = { ...battery, runtime: 10 };
    let one = supply(low);
    for (const second of [4, 5, 6]) one = observe(one, reading(low), 'poll', at(second));
    const doubted = observe(one, reading({ ...low, acPresent: true }), 'poll', at(7));
    expect(judge([doubted], triggers(), needs, at(7))).toMatchObject({ fire: null, startsIn: 1 });
    const refuted = observe(doubted, reading(low), 'poll', at(8));
    expect(judge([refuted], triggers(), needs, at(8)).fire).toBe('runtime');
    // Nothing more is heard: what is known is that it was on battery.
    expect(judge([doubted], triggers(), needs, at(14)).fire).toBe('runtime');
  });

  test('says when it would start, and why', () => {
    const verdict = judge([supply({ ...battery, runtime: 801 })], triggers(), needs, at(3));
    expect(verdict).toEqual({
      fire: null,
      startsIn: 300,
      latestStartIn: 400,
      reason: 'counting',
      next: 'runtime',
      off: null,
      sentence:
        'Starts in 5 min: the battery lasts 13 min and the plan must start at 8 min 20 s (it needs 6 min 40 s, times 1.25, at least 3 min)',
    });
  });
});
