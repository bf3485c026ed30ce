import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DurationBook } from '../../electron/core/plan/durations.ts';
import { limitOf } from '../../electron/core/plan/limits.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { type DurationSample, durationsSchema, samplesKept } from '../../shared/durations.ts';
import { type Step, stepSchema } from '../../shared/sequence.ts';
import { esxi, linux } from '../fakes/rack-samples.ts';

const host = linux('web');
const off = stepSchema.parse({ id: 'off', kind: 'power-off', target: 'web', limit: 7200 });
const hour = 3600;

const sample = (seconds: number, at: number, patch: Partial<DurationSample> = {}): DurationSample => ({
  kind: 'power-off',
  hostId: 'web',
  guests: null,
  seconds,
  at,
  ...patch,
});

function bookOf(samples: readonly DurationSample[]): DurationBook {
  const book = new DurationBook();
  for (const each of samples) book.add(each);
  return book;
}
const taught = (...seconds: number[]) => bookOf(seconds.map((each, at) => sample(each, at)));
const expected = (...seconds: number[]) => {
  const { p50, p90 } = taught(...seconds).expected(off, host);
  return [p50, p90];
};

describe('what is expected of a step', () => {
  test('nothing learned: the default of its kind', () => {
    expect(taught().expected(off, host)).toEqual(usual(off));
    expect(taught(1, 2, 3, 4, 5).expected(off, linux('other'))).toEqual(usual(off));
    const guests = stepSchema.parse({ id: 'g', kind: 'shut-down-guests', target: 'web' });
    expect(taught(1, 2, 3, 4, 5).expected(guests, host)).toEqual(usual(guests));
  });

  test.each([
    ['few fast ones change nothing yet', [10, 12, 11, 9], [60, 90]],
    ['few slow ones count at once', [200], [200, 200]],
    ['the greatest of few counts', [20, 300, 30, 25], [60, 300]],
    ['five make it shorter than the default', [10, 12, 11, 9, 13], [11, 13]],
    ['one accident is forgotten', [50, 52, 51, 49, 10 * hour], [50.5, 52]],
    ['one that is only somewhat slow is not', [50, 52, 51, 49, 75], [51, 75]],
    ['two slow ones of five are how it is', [50, 52, 51, 180, 190], [52, 190]],
    ['one of ten is beyond the nine', [50, 51, 52, 53, 54, 55, 56, 57, 58, 70], [54, 58]],
    ['two accidents among few are no accidents', [50, 51, 49, 10 * hour, 10 * hour], [51, 7200]],
  ])('%s', (_, seconds, [p50, p90]) => {
    const seen = expected(...seconds);
    expect(Math.abs((seen[0] ?? 0) - (p50 ?? 0))).toBeLessThanOrEqual(0.5);
    expect(seen[1]).toBe(p90);
  });

  test('never over its limit, and a wait takes what it says', () => {
    const short = stepSchema.parse({ id: 'off', kind: 'power-off', target: 'web', limit: 100 });
    expect(taught(200, 210, 220, 230, 240).expected(short, host)).toEqual({ p50: 100, p90: 100, samples: 5 });
    const wait = stepSchema.parse({ id: 'w', kind: 'wait', seconds: 40 });
    const book = bookOf([1, 2, 3, 4, 5].map((at) => sample(40.2, at, { kind: 'wait', hostId: null })));
    expect(book.expected(wait, null)).toEqual({ p50: 40, p90: 40, samples: 0 });
  });

  test('commands on one host are different jobs: a slow one makes the others neither slower nor faster', () => {
    const command = (id: string) => stepSchema.parse({ id, kind: 'command', command: 'x', target: 'web', limit: 600 });
    const of = (job: string) => (seconds: number, at: number) => sample(seconds, at, { kind: 'command', job });
    const runs = [1, 2, 3, 4, 5, 6];
    const quick = ['a', 'b', 'c'].flatMap((job) => runs.map(of(job)));
    const book = bookOf([...quick, ...runs.map((run) => 400 + run).map(of('dump'))]);
    expect(book.expected(command('a.web'), host)).toMatchObject({ p90: 6, samples: 6 });
    expect(book.expected(command('dump.web'), host)).toMatchObject({ p90: 406, samples: 6 });
    expect(book.expected(command('new'), host).samples).toBe(0);
  });

  test('the oldest are forgotten, so that a machine that became slow is known to be', () => {
    const samples = Array.from({ length: 100 }, (_, at) => sample(at < 60 ? 20 : 90, at));
    expect(bookOf(samples).expected(off, host)).toEqual({ p50: 90, p90: 90, samples: samplesKept });
  });
});

describe('guests', () => {
  const esx = esxi('esx');
  const step = (patch: object = {}) =>
    stepSchema.parse({ id: 'g', kind: 'shut-down-guests', target: 'esx', limit: 3600, ...patch });
  const seen = (seconds: number, guests: number, at: number) =>
    sample(seconds, at, { kind: 'shut-down-guests', hostId: 'esx', guests });
  const five = (seconds: number, guests: number, at: number) =>
    [0, 1, 2, 3, 4].map((more) => seen(seconds + more, guests, at + more));
  const p90 = (samples: DurationSample[], guests: number | null, patch: object = {}) =>
    bookOf(samples).expected(step(patch), esx, guests).p90;
  const small = five(30, 3, 0);
  const large = five(100, 10, 10);

  test('as many or more speak as they did', () => {
    expect(p90([...small, ...large], 10)).toBe(104);
    expect(p90([...small, ...large], 7)).toBe(104);
    expect(p90(small, 3)).toBe(34);
  });

  test('more than ever: in proportion', () => {
    expect(p90([...small, ...large], 20)).toBe(208);
    expect(p90(small, 10)).toBeCloseTo((34 * 10) / 3);
  });

  test('how many is not known: a small group tells nothing of the whole host', () => {
    expect(p90([...small, ...large], null)).toBe(104);
    expect(p90([...Array.from({ length: 9 }, (_, at) => seen(5, 1, 20 + at)), ...large], null)).toBe(104);
  });

  test('a step that names its guests is about so many', () => {
    const guests = { only: Array.from({ length: 20 }, (_, at) => `vm-${at}`) };
    expect(bookOf(large).expected(step({ guests }), esx).p90).toBe(208);
  });

  test('how long none took tells nothing of some', () => {
    expect(p90(five(1, 0, 0), 4)).toBe(usual(step()).p90);
    expect(p90(five(1, 0, 0), 0)).toBe(5);
  });
});

test('the file gives back what was learned, and the newest of too many', () => {
  const book = taught(10, 12, 11, 9, 13);
  const file = durationsSchema.parse(JSON.parse(JSON.stringify(book.toFile())));
  const other = new DurationBook();
  other.load(file);
  expect(other.expected(off, host)).toEqual(book.expected(off, host));
  expect(other.toFile()).toEqual(book.toFile());
  const many = bookOf(
    Array.from({ length: 20_010 }, (_, at) => sample(1, at, { hostId: `h${Math.floor(at / samplesKept)}` })),
  );
  expect(durationsSchema.parse(many.toFile()).samples[0]?.at).toBe(10);
});

const anySample: fc.Arbitrary<DurationSample> = fc
  .record({ seconds: fc.double({ min: 0, max: 86_400, noNaN: true }), at: fc.nat(50), guests: fc.option(fc.nat(20)) })
  .map(({ seconds, at, guests }) => sample(seconds, at, { guests, kind: 'shut-down-guests' }));

test('p50 <= p90, within what was measured or the default, and the same in whatever order it was learned', () => {
  fc.assert(
    fc.property(
      fc
        .array(anySample, { minLength: 1, maxLength: 45 })
        .chain((made) => fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length }))),
      fc.option(fc.nat(40)),
      fc.integer({ min: 1, max: 7200 }),
      ([samples, shuffled], guests, limit) => {
        const step: Step = stepSchema.parse({ id: 'g', kind: 'shut-down-guests', target: 'web', limit });
        const { p50, p90, samples: count } = bookOf(samples).expected(step, host, guests);
        expect(p50).toBeLessThanOrEqual(p90);
        expect(p90).toBeLessThanOrEqual(limitOf(step));
        expect(bookOf(shuffled).expected(step, host, guests)).toEqual({ p50, p90, samples: count });
        const kept = [...samples].sort((a, b) => a.at - b.at).slice(-samplesKept);
        const most = Math.max(0, ...samples.map((each) => each.guests ?? 0));
        const scale = guests !== null && most > 0 ? Math.max(1, guests / most) : 1;
        const greatest = Math.max(
          usual(step).p90,
          ...samples.map((each) => each.seconds * Math.max(scale, guests ?? 1)),
        );
        expect(p90).toBeLessThanOrEqual(greatest);
        if (count > 0 && count < 5) expect(p90).toBeGreaterThanOrEqual(usual(step).p90);
        expect(count).toBeLessThanOrEqual(kept.length);
        // For as many guests it is never less than half of what they took.
        const same = kept.filter((each) => each.guests === guests && guests !== null);
        if (same.length === kept.length && same.length >= 5) {
          const middle = same.map((each) => each.seconds).sort((a, b) => a - b)[Math.ceil(same.length / 2) - 2] ?? 0;
          expect(p90).toBeGreaterThanOrEqual(Math.min(limit, middle));
        }
      },
    ),
    { numRuns: 500, seed: 20261122 },
  );
});
