import { describe, expect, test } from 'vitest';
import { planPower } from '../../electron/core/feeding.ts';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { latestAt } from '../../electron/core/signs.ts';
import { judge } from '../../electron/core/trigger.ts';
import type { Reading } from '../../shared/reading.ts';
import { triggersSchema } from '../../shared/triggers.ts';
import { linux, reading, ups } from '../fakes/rack-samples.ts';

const at = (seconds: number): Moment => ({ wall: seconds * 1000, mono: seconds * 1000 });
const needs = 400;
const low = { belowCapacityLimit: true };

/** What is thought `now` of a UPS that has said this each second from 1 to `said`, and nothing since. */
function verdict(
  what: Partial<Reading>,
  patch: object,
  { said, now = said }: { said: number; now?: number },
  postponed = 0,
) {
  const triggers = triggersSchema.parse({ runtime: {}, charge: {}, onBattery: {}, ...patch });
  let one: Monitored = watch(ups, at(0));
  for (let second = 1; second <= said; second += 1) {
    const runtime = typeof what.runtime === 'number' ? what.runtime - second : what.runtime;
    one = observe(
      one,
      reading({ acPresent: false, ...what, ...(runtime === undefined ? {} : { runtime }) }),
      'poll',
      at(second),
    );
  }
  return judge(planPower([], [one], at(now)), triggers, needs, at(now), postponed);
}

const fine = { charge: 90, runtime: 3000 };
const empty = { charge: 90, runtime: 200 };

describe('every trigger can be set', () => {
  test.each<[string, Partial<Reading>, object, { said: number; now?: number }, string | null]>([
    // On battery is confirmed at second 2.
    ['the time to settle, not over', empty, { settle: 20 }, { said: 21 }, null],
    ['the time to settle, over', empty, { settle: 20 }, { said: 22 }, 'runtime'],
    ['no time to settle', empty, { settle: 0 }, { said: 3 }, 'runtime'],
    ['low battery for longer', { ...fine, ...low }, { lowBattery: { lasts: 30 } }, { said: 30 }, null],
    ['low battery for long enough', { ...fine, ...low }, { lowBattery: { lasts: 30 } }, { said: 33 }, 'low-battery'],
    ['low battery switched off', { ...fine, ...low }, { lowBattery: { enabled: false } }, { said: 60 }, null],
    ['low, then silent', { ...fine, ...low }, { lowBattery: { lasts: 60 } }, { said: 5, now: 21 }, 'low-battery'],
    [
      'low, then silent, but longer',
      { ...fine, ...low },
      { silent: { seconds: 60 }, lowBattery: { lasts: 60 } },
      { said: 5, now: 60 },
      null,
    ],
    ['silent without a runtime', { charge: 90 }, { silent: { seconds: 40 } }, { said: 5, now: 44 }, null],
    [
      'silent without a runtime, long enough',
      { charge: 90 },
      { silent: { seconds: 40 } },
      { said: 5, now: 46 },
      'low-battery',
    ],
    ['silence switched off', { charge: 90 }, { silent: { enabled: false } }, { said: 5, now: 600 }, null],
    ['a forced shutdown', { ...fine, forcedShutdown: true }, {}, { said: 4 }, 'forced-shutdown'],
    [
      'a forced shutdown switched off',
      { ...fine, forcedShutdown: true },
      { forced: { enabled: false } },
      { said: 60 },
      null,
    ],
  ])('%s', (_, what, patch, times, expected) => {
    expect(verdict(what, patch, times).fire).toBe(expected);
  });
});

describe('a trigger that is switched off says so when it would have mattered', () => {
  const off = /, but that trigger is switched off$/;
  test.each<[string, Partial<Reading>, object, RegExp]>([
    [
      'charge',
      { charge: 20, runtime: 3000 },
      { charge: { enabled: false } },
      /the charge is 20 % and the floor is 30 %/,
    ],
    ['runtime', empty, { runtime: { enabled: false } }, /the battery lasts 3 min .* the plan must start at 8 min 20 s/],
    ['low battery', { ...fine, ...low }, { lowBattery: { enabled: false } }, /Back-UPS says that its battery is low/],
    ['forced', { ...fine, forcedShutdown: true }, { forced: { enabled: false } }, /everybody must shut down/],
  ])('%s', (_, what, patch, words) => {
    const { sentence, fire } = verdict(what, patch, { said: 20 });
    expect(fire).toBeNull();
    expect(sentence).toMatch(words);
    expect(sentence).toMatch(off);
  });

  test('where one UPS is enough, the sign that is switched off is the one that is told', () => {
    const triggers = triggersSchema.parse({ runtime: {}, charge: { enabled: false }, onBattery: {} });
    const fed = { ...linux('web'), fedBy: { upses: ['A', 'B'], need: 'any' as const } };
    const said = (id: string, what: Partial<Reading>) => {
      let one: Monitored = watch({ ...ups, id, name: id }, at(0));
      for (let second = 1; second <= 20; second += 1)
        one = observe(one, reading({ acPresent: false, ...what }), 'poll', at(second));
      return one;
    };
    // A would start it by its runtime, B only by its charge.
    const both = [said('A', { runtime: 515, charge: 90 }), said('B', { charge: 10 })];
    const told = judge(planPower([fed], both, at(20)), triggers, needs, at(20));
    expect(told.fire).toBeNull();
    expect(told.off).toBe('charge');
    expect(told.sentence).toMatch(/; the charge of B is 10 % .*, but that trigger is switched off$/);
  });

  test('and nothing when it would not have', () => {
    expect(verdict(fine, { charge: { enabled: false } }, { said: 20 }).sentence).not.toMatch(/switched off/);
  });

  test('a forced shutdown on mains is not called "on battery"', () => {
    const triggers = triggersSchema.parse({ runtime: {}, charge: {}, onBattery: {}, forced: { enabled: false } });
    let one: Monitored = watch(ups, at(0));
    for (let second = 1; second <= 20; second += 1) {
      const said = reading({ acPresent: true, ...fine, forcedShutdown: second > 5 });
      one = observe(one, said, 'poll', at(second));
    }
    expect(judge(planPower([], [one], at(20)), triggers, needs, at(20)).sentence).toBe(
      'Nothing is started; Back-UPS is told by its server that everybody must shut down, but that trigger is switched off',
    );
  });
});

describe('put off', () => {
  test('neither runtime nor charge nor time starts it', () => {
    const due = { charge: 20, runtime: 490 };
    expect(verdict(due, {}, { said: 20 }).fire).toBe('runtime');
    const told = verdict(due, { onBattery: { enabled: true, seconds: 1 } }, { said: 20 }, 60);
    expect(told).toMatchObject({ fire: null, startsIn: 60, latestStartIn: 70, reason: 'postponed' });
    expect(told.sentence).toMatch(
      /^Put off by hand for another 1 min, at the latest for 1 min 10 s, after which the plan would not fit the battery; starts in 1 min: /,
    );
  });

  test('but not beyond the latest start', () => {
    expect(verdict({ charge: 20, runtime: 490 }, {}, { said: 20 }, 3600)).toMatchObject({ fire: null, startsIn: 70 });
    expect(verdict({ charge: 20, runtime: 419 }, {}, { said: 20 }, 3600)).toMatchObject({ fire: 'runtime' });
    // Also if the runtime starts nothing by itself.
    const byCharge = { runtime: { enabled: false } };
    expect(verdict({ charge: 20, runtime: 490 }, byCharge, { said: 20 }, 3600)).toMatchObject({
      fire: null,
      startsIn: 70,
    });
    expect(verdict({ charge: 20, runtime: 419 }, byCharge, { said: 20 }, 3600)).toMatchObject({ fire: 'charge' });
  });

  test('low battery and a forced shutdown start it all the same', () => {
    expect(verdict({ ...fine, ...low }, {}, { said: 20 }, 3600).fire).toBe('low-battery');
    expect(verdict({ ...fine, forcedShutdown: true }, {}, { said: 20 }, 3600).fire).toBe('forced-shutdown');
  });

  test('without a runtime nobody knows the latest start, and nothing is held back', () => {
    expect(verdict({ charge: 20 }, {}, { said: 20 }, 3600)).toMatchObject({ fire: 'charge', latestStartIn: null });
  });

  test('the floor stands', () => {
    const triggers = triggersSchema.parse({ runtime: { floor: 600 }, charge: {}, onBattery: {} });
    expect(latestAt(triggers, 400)).toBe(600);
    expect(latestAt({ ...triggers, runtime: { ...triggers.runtime, enabled: false } }, 400)).toBe(400);
  });
});
