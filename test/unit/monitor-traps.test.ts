import { describe, expect, test } from 'vitest';
import { isForced, isUnserved } from '../../electron/core/failing.ts';
import { forget, lose, type Moment, type Monitored, observe, powerState, watch } from '../../electron/core/monitor.ts';
import { powerView } from '../../electron/core/power-view.ts';
import { runtimeLeft } from '../../electron/core/runtime.ts';
import type { Reading } from '../../shared/reading.ts';
import { reading, ups } from '../fakes/rack-samples.ts';

const at = (seconds: number): Moment => ({ wall: 1_000_000 + seconds * 1000, mono: seconds * 1000 });
const mains: Partial<Reading> = { acPresent: true, discharging: false, charge: 100, runtime: 1800 };
const battery: Partial<Reading> = { acPresent: false, discharging: true, charge: 90, runtime: 1500 };

describe('traps of the makers', () => {
  const seconds = (from: number, to: number, what: Partial<Reading>, one: Monitored): Monitored => {
    let next = one;
    for (let second = from; second <= to; second += 1) next = observe(next, reading(what), 'poll', at(second));
    return next;
  };
  const online = () => seconds(1, 3, { ...mains, needReplacement: false, batteryPresent: true }, watch(ups, at(0)));

  test('flags that flicker for two seconds on mains are not shown; one that lasts is', () => {
    const noise = { ...mains, needReplacement: true, belowCapacityLimit: true, overload: true, batteryPresent: false };
    const flicker = seconds(4, 6, noise, online());
    expect(flicker.reading).toMatchObject({ needReplacement: false, belowCapacityLimit: null, batteryPresent: true });
    expect(flicker.reading?.overload).not.toBe(true);
    const lasting = seconds(7, 7, noise, flicker);
    expect(lasting.reading).toMatchObject({ needReplacement: true, overload: true, batteryPresent: false });
    expect(powerState(lasting, at(7))).toBe('mains');
    expect(powerView(lasting, at(7)).sentence).toBe('On mains, 100 %, 30 min left; overloaded; no battery in it');
  });

  test('a flag seen once before a long silence is not shown', () => {
    const once = observe(online(), reading({ ...mains, needReplacement: true }), 'poll', at(4));
    expect(once.reading?.needReplacement).toBe(false);
    const calm = observe(once, reading({ ...mains, needReplacement: false }), 'poll', at(60));
    expect(calm.reading?.needReplacement).toBe(false);
  });

  test('low told by interrupt reports alone counts once a second', () => {
    const low = { ...battery, belowCapacityLimit: true };
    let one = seconds(1, 2, battery, watch(ups, at(0)));
    for (const second of [3, 3.1, 3.2]) one = observe(one, reading(low), 'interrupt', at(second));
    expect(powerState(one, at(3.2))).toBe('battery');
    expect(powerState(observe(one, reading(low), 'interrupt', at(4.1)), at(4.1))).toBe('low');
  });

  test('a report of zeros on battery is believed neither at first nor later, until it has lasted', () => {
    const zeros = { ...battery, runtime: 0, charge: 0 };
    let one = seconds(4, 5, zeros, online());
    expect(one).toMatchObject({ confirmed: 'battery', runtime: null, charge: { value: 100 } });
    one = seconds(6, 20, battery, one);
    one = seconds(21, 31, zeros, one);
    expect(one).toMatchObject({ runtime: { value: 1500 }, charge: { value: 90 } });
    expect(seconds(32, 33, zeros, one)).toMatchObject({ runtime: { value: 0 }, charge: { value: 0 } });
  });

  test('it drops off the bus when one interrupt report has spoken of battery: an alarm, no outage', () => {
    let one = observe(online(), reading(battery), 'interrupt', at(4));
    one = lose(one, { code: 'ups-lost', what: 'gone', where: 'usb', remedy: '' }, at(4));
    expect(one.confirmed).toBe('mains');
    expect(powerView(one, at(64)).sentence).toBe(
      'No answer from the UPS for 1 min; its last report spoke of battery, and nothing has confirmed that',
    );
    // Found again it must be confirmed anew: what it said before it was gone is half a minute old.
    expect(observe(one, reading(battery), 'poll', at(65)).confirmed).toBe('mains');
    expect(seconds(65, 66, battery, one).confirmed).toBe('battery');
  });

  test.each<[string, Partial<Reading>, string]>([
    ['charging', { ...mains, charge: 80, charging: true }, 'On mains, charging, 80 %, 30 min left'],
    ['charging and full at once', { ...mains, charging: true, fullyCharged: true }, 'On mains, 100 %, 30 min left'],
    ['a calibration', { ...mains, discharging: true }, 'On mains, 100 %, 30 min left; testing its battery'],
    ['a test', { ...mains, testing: true }, 'On mains, 100 %, 30 min left; testing its battery'],
    ['on bypass', { ...mains, bypass: true }, 'On mains, 100 %, 30 min left; on bypass, so nothing protects the load'],
    ['switched off', { ...mains, outputOff: true }, 'On mains, 100 %, 30 min left; its outlets are off'],
    [
      'a tired battery',
      { ...mains, needReplacement: true },
      'On mains, 100 %, 30 min left; its battery must be replaced',
    ],
    ['on battery', battery, 'On battery, 90 %, 24 min left'],
    ['low', { ...battery, shutdownImminent: true }, 'Battery low, 90 %, 24 min left'],
  ])('is said: %s', (_, what, sentence) => {
    expect(powerView(seconds(1, 5, what, watch(ups, at(0))), at(5)).sentence).toBe(sentence);
  });

  test('everybody is sent down only when it was said twice, and not for ever by one that was forgotten', () => {
    const forced = { ...mains, forcedShutdown: true };
    const isForcedAt = (second: number, one: Monitored) => isForced(one, at(second));
    const told = seconds(1, 2, mains, watch({ ...ups, source: 'nut' }, at(0)));
    expect(isForcedAt(3, seconds(3, 3, forced, told))).toBe(false);
    const twice = seconds(3, 4, forced, told);
    expect(isForcedAt(4, twice)).toBe(true);
    expect(isUnserved(twice, at(4))).toBe(true);
    expect(isForcedAt(5, seconds(5, 5, mains, twice))).toBe(false);
    expect(isForcedAt(310, seconds(5, 310, forced, twice))).toBe(false);
    // One that says so from the start, with the mains there, is left from an earlier outage.
    const old = seconds(1, 9, forced, watch({ ...ups, source: 'nut' }, at(0)));
    expect([isForced(old, at(9)), isUnserved(old, at(9))]).toEqual([true, false]);
    const fails = seconds(10, 12, { ...forced, acPresent: false }, old);
    expect(isUnserved(fails, at(12))).toBe(true);
  });

  test('after a sleep nothing is left of what was read, but what was learned is', () => {
    const learned = [{ at: 0, seconds: 600, fromCharge: 100, toCharge: 40, load: 40, saidFirst: null, saidLast: null }];
    const one = forget({ ...seconds(1, 5, battery, watch(ups, at(0))), learned }, 200_000, at(6));
    expect(one).toMatchObject({
      confirmed: 'unknown',
      reading: null,
      runtime: null,
      charge: null,
      drain: null,
      learned,
    });
  });
});

describe('a runtime that is not believed', () => {
  const learned = [{ at: 0, seconds: 600, fromCharge: 100, toCharge: 40, load: 40, saidFirst: null, saidLast: null }];
  const draining = (last: number, what: (second: number) => Partial<Reading>, before: Partial<Monitored> = {}) => {
    let one: Monitored = { ...watch(ups, at(0)), ...before };
    for (let second = 1; second <= last; second += 1)
      one = observe(one, reading({ acPresent: false, load: 40, charge: 90, ...what(second) }), 'poll', at(second));
    return runtimeLeft(one, at(last));
  };

  test('missing, or 65535: what was learned, else a cautious rule, else nothing', () => {
    expect(draining(20, () => ({ runtime: null }), { learned })).toMatchObject({
      from: 'learned',
      doubt: expect.stringMatching(/no runtime/),
    });
    expect(draining(20, () => ({ runtime: 65535 })).from).toBe('estimated');
    expect(draining(20, () => ({ runtime: 65535, load: null }))).toMatchObject({ seconds: null, from: 'unknown' });
  });

  test('more than twice what it ever did', () => {
    const left = draining(20, () => ({ runtime: 3000 }), { learned });
    expect(left).toMatchObject({ from: 'learned' });
    // 85 % that count at 0.1 % a second, less the 18 s since the charge was told.
    expect(left.seconds).toBeCloseTo(832, 0);
    expect(draining(20, () => ({ runtime: 1500 }), { learned })).toMatchObject({ from: 'reported', doubt: null });
    // Without the load nobody knows whether it is the same.
    expect(draining(20, () => ({ runtime: 3000, load: null }), { learned }).from).toBe('reported');
  });

  test('less than what was learned is always taken', () => {
    expect(draining(20, () => ({ runtime: 100 }), { learned })).toMatchObject({ seconds: 82, from: 'reported' });
  });

  test('what fell twice as fast as time passed before is halved', () => {
    const fast = learned.map((past) => ({ ...past, load: null, saidFirst: 2000, saidLast: 800 }));
    const left = draining(20, (second) => ({ runtime: 1018 - second }), { learned: [...fast, ...fast] });
    expect(left).toMatchObject({ from: 'learned', doubt: expect.stringMatching(/2\.0 times as fast/), seconds: 499 });
  });

  test('0 s with much charge that no countdown led to; a countdown to 0 is one', () => {
    expect(draining(30, () => ({ runtime: 0 }), { learned })).toMatchObject({ from: 'learned' });
    expect(draining(30, () => ({ runtime: 0, load: null }))).toMatchObject({ seconds: null, from: 'unknown' });
    expect(draining(130, (second) => ({ runtime: Math.max(0, 100 - second) }))).toMatchObject({ seconds: 0 });
  });

  test('risen while it empties at the same load: counted down from what it said before', () => {
    const rising = (load: (second: number) => number) =>
      draining(200, (second) => ({ runtime: second < 100 ? 1000 - second : 2500, load: load(second) }));
    expect(rising(() => 40)).toMatchObject({ from: 'counted-down', doubt: expect.stringMatching(/more than before/) });
    expect(rising(() => 40).seconds).toBeLessThan(820);
    // Hosts that go down make the battery last longer.
    expect(rising((second) => (second < 100 ? 40 : 20)).from).toBe('reported');
  });

  test('the same for more than five minutes: counted down, or what was learned if that is less', () => {
    expect(draining(400, () => ({ runtime: 1500 }))).toMatchObject({ from: 'counted-down', seconds: 1102 });
    expect(draining(400, (second) => ({ runtime: 1500, charge: 90 - second / 8 }), { learned }).from).toBe('learned');
  });
});
