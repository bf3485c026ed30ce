import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dischargeOf,
  drainOn,
  estimatedRuntime,
  isComparable,
  learnedRate,
  presentRate,
  remember,
  secondsAt,
  toldPerSecond,
} from '../../electron/core/learning.ts';
import { learnedStore } from '../../electron/storage/learned-file.ts';
import { type Discharge, dischargeSchema, nothingLearned } from '../../shared/learned.ts';

const day = 86_400_000;
const now = 1000 * day;
const past = (patch: Partial<Discharge> = {}): Discharge => ({
  at: now,
  seconds: 600,
  fromCharge: 100,
  toCharge: 40,
  load: 40,
  saidFirst: 1000,
  saidLast: 400,
  ...patch,
});

describe('a discharge', () => {
  const signs = (seconds: number, perSecond: number, load: number | null = 40) => {
    let drain = drainOn(null, { charge: 100, load, runtime: 900 }, { wall: now, mono: 0 });
    for (let second = 1; second <= seconds; second += 1) {
      const sign = { charge: 100 - second * perSecond, load, runtime: 900 - second };
      drain = drainOn(drain, sign, { wall: now + second * 1000, mono: second * 1000 });
    }
    return drain ? dischargeOf(drain) : null;
  };

  test('is kept with what really happened', () => {
    const seen = signs(300, 0.1);
    expect(seen).toMatchObject({ at: now, seconds: 300, fromCharge: 100, load: 40, saidFirst: 900, saidLast: 600 });
    expect(seen?.toCharge).toBeCloseTo(70);
    expect(() => dischargeSchema.parse(seen)).not.toThrow();
  });

  test.each([
    ['a self-test of ten seconds', 10, 0.1],
    ['an hour in which the charge hardly fell', 3600, 0.001],
  ])('says nothing: %s', (_, seconds, perSecond) => {
    expect(signs(seconds, perSecond)).toBeNull();
  });

  test('ends where the charge fell last: one that stands still from there on dilutes nothing', () => {
    let drain = drainOn(null, { charge: 100, load: 40, runtime: 900 }, { wall: now, mono: 0 });
    for (let second = 1; second <= 2000; second += 1) {
      const sign = { charge: Math.max(60, 100 - second / 10), load: 40, runtime: 900 - second / 3 };
      drain = drainOn(drain, sign, { wall: now + second * 1000, mono: second * 1000 });
    }
    expect(drain && dischargeOf(drain)).toMatchObject({ seconds: 400, toCharge: 60, saidLast: 900 - 400 / 3 });
    expect(presentRate(drain)).toBeCloseTo(0.1);
  });

  test('begins anew after a silence', () => {
    const sign = (charge: number) => ({ charge, load: 40, runtime: null });
    let drain = drainOn(null, sign(100), { wall: now, mono: 0 });
    drain = drainOn(drain, sign(90), { wall: now + 15_000, mono: 15_000 });
    expect(drain).toMatchObject({ at: now, fromCharge: 100 });
    drain = drainOn(drain, sign(80), { wall: now + 30_001, mono: 30_001 });
    expect(drain).toMatchObject({ at: now + 30_001, fromCharge: 80 });
  });

  test('without a charge teaches nothing', () => {
    expect(drainOn(null, { charge: null, load: 40, runtime: 900 }, { wall: now, mono: 0 })).toBeNull();
  });
});

describe('the learned rate', () => {
  test('at the same load is what it was', () => {
    expect(learnedRate(40, [past()], now)).toBeCloseTo(0.1);
    expect(secondsAt(100, 0.1)).toBe(950);
    expect(secondsAt(3, 0.1)).toBe(0);
  });

  test('rises more than in proportion with the load, and falls no more than in proportion', () => {
    expect(learnedRate(80, [past()], now)).toBeGreaterThan(0.2);
    expect(learnedRate(20, [past()], now)).toBeCloseTo(0.05);
    expect(learnedRate(1, [past()], now)).toBeCloseTo(0.025);
  });

  test.each([
    [3, 10],
    [3, 60_000],
    [4, 120],
  ])('one odd discharge of %i, of %i s, does not decide', (count, seconds) => {
    const usual = Array.from({ length: count - 1 }, (_, index) => past({ at: now - index * day }));
    const rate = learnedRate(40, [...usual, past({ at: now - 20 * day, seconds })], now);
    expect(rate).toBeCloseTo(0.1, 1);
  });

  test('what cannot have been is left out', () => {
    const nonsense = [{ seconds: 100 }, { toCharge: 95 }, { fromCharge: 40, toCharge: 90 }, { seconds: 604_800 }];
    for (const each of nonsense) expect(learnedRate(40, [past(each)], now)).toBeNull();
  });

  test('one odd discharge of twelve moves it little', () => {
    const usual = Array.from({ length: 11 }, (_, index) => past({ at: now - index * day }));
    const before = learnedRate(40, usual, now) ?? 0;
    const wild = learnedRate(40, [...usual, past({ at: now - 20 * day, seconds: 10 })], now) ?? 0;
    expect(wild / before).toBeLessThan(1.05);
  });

  test('ages, and is forgotten after two years', () => {
    expect(learnedRate(40, [past({ at: now - 365 * day })], now)).toBeCloseTo(0.108);
    expect(learnedRate(40, [past({ at: now - 731 * day })], now)).toBeNull();
  });

  test('without the loads is taken as faster, and is no measure for what the UPS says', () => {
    expect(learnedRate(null, [past()], now)).toBeCloseTo(0.125);
    // A load of 0 is one that is not measured.
    expect(learnedRate(0, [past()], now)).toBeCloseTo(0.125);
    expect(isComparable(0, [past()])).toBe(false);
    expect(isComparable(40, [past({ load: 0 })])).toBe(false);
    expect(isComparable(null, [past()])).toBe(false);
    expect(isComparable(40, [past({ load: null })])).toBe(false);
    expect(isComparable(40, [past()])).toBe(true);
  });

  test('never promises more under a heavier load', () => {
    const load = fc.integer({ min: 1, max: 150 });
    fc.assert(
      fc.property(load, load, load, (one, other, seen) => {
        const [light, heavy] = one < other ? [one, other] : [other, one];
        const discharges = [past({ load: seen })];
        return (learnedRate(heavy, discharges, now) ?? 0) >= (learnedRate(light, discharges, now) ?? 0) - 1e-12;
      }),
    );
  });
});

describe('the told runtime against the time that really passed', () => {
  const told = (saidFirst: number | null, saidLast: number | null) => past({ saidFirst, saidLast });
  test.each<[string, Discharge[], number | null]>([
    ['one that is right', [told(1000, 400), told(1100, 500)], 1],
    ['one that falls twice as fast', [told(2000, 800), told(2000, 800), told(1000, 400)], 2],
    ['seen once only', [told(2000, 800)], null],
    ['a fall that is too small to tell', [told(2000, 1100), told(2000, 1100)], null],
    ['nothing told', [told(null, null), told(2000, null)], null],
  ])('%s', (_, discharges, expected) => {
    expect(toldPerSecond(discharges, now)).toBe(expected);
  });
});

describe('the cautious rule', () => {
  test.each([
    [100, 50, 399],
    [100, 100, 114],
    [50, 50, 189],
    [5, 50, 0],
    [100, 0, 399],
  ])('%i %% at %i %% of load: %i s', (charge, load, seconds) => {
    expect(Math.floor(estimatedRuntime(charge, load) ?? -1)).toBe(seconds);
  });

  test('says nothing without charge or load', () => {
    expect(estimatedRuntime(null, 50)).toBeNull();
    expect(estimatedRuntime(50, null)).toBeNull();
  });
});

describe('what is kept', () => {
  test('is bounded: the twelve newest of fifty UPSes', () => {
    let file = nothingLearned;
    for (let ups = 0; ups < 60; ups += 1)
      for (let each = 0; each < 15; each += 1) file = remember(file, `ups-${ups}`, past({ at: each }));
    expect(file.upses).toHaveLength(50);
    expect(file.upses.at(-1)?.discharges.map((each) => each.at)).toEqual(Array.from({ length: 12 }, (_, n) => n + 3));
  });

  test('three deep ones stay, however many shallow ones come after them', () => {
    let file = nothingLearned;
    for (let each = 0; each < 5; each += 1) file = remember(file, 'a', past({ at: each }));
    for (let each = 5; each < 40; each += 1) file = remember(file, 'a', past({ at: each, toCharge: 85 }));
    expect(file.upses[0]?.discharges.map((each) => each.at)).toEqual([2, 3, 4, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
  });

  test('a later word about the same discharge takes the place of the earlier one', () => {
    const file = remember(remember(nothingLearned, 'a', past()), 'a', past({ seconds: 900 }));
    expect(file.upses[0]?.discharges.map((each) => each.seconds)).toEqual([900]);
  });
});

describe('the file', () => {
  test.each([{ seconds: 0 }, { toCharge: 100 }, { fromCharge: 40, toCharge: 90 }, { seconds: Number.NaN }])(
    'refuses %o',
    (nonsense) => {
      expect(dischargeSchema.safeParse(past(nonsense)).success).toBe(false);
    },
  );

  test('holds what was learned, and a broken one is kept as it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'learned-'));
    try {
      const lines: string[] = [];
      const log = { warn: (line: string) => lines.push(line) };
      const file = remember(nothingLearned, 'a', past());
      const store = learnedStore(folder, log);
      expect(await store.load()).toEqual(nothingLearned);
      await store.save(file);
      expect(await learnedStore(folder, log).load()).toEqual(file);
      expect(lines).toEqual([]);
      await writeFile(join(folder, 'learned.json'), '{ "format": ');
      const broken = learnedStore(folder, log);
      expect(await broken.load()).toEqual(nothingLearned);
      await broken.save(file);
      expect(await readFile(join(folder, 'learned.json'), 'utf8')).toBe('{ "format": ');
      expect(lines).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
