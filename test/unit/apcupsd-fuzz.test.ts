import { expect, it } from 'vitest';
import { fuzzApcupsd } from '../fuzz/apcupsd-fuzz.ts';

/** GLIDEPATH_FUZZ=100000 runs as many as are kept in the records. */
const cases = Number(process.env.GLIDEPATH_FUZZ ?? 1000);

it('outlives hostile apcupsd servers', { timeout: 3_600_000 }, async () => {
  const figures = await fuzzApcupsd({ cases, seed: 20261121 });
  if (process.env.GLIDEPATH_FUZZ) console.log('apcupsd', JSON.stringify(figures));
  expect(figures.faults + figures.ok).toBe(cases);
  expect(Math.min(figures.faults, figures.ok)).toBeGreaterThan(cases / 50);
  expect(figures.slowestMs).toBeLessThan(2000);
  expect(figures.peakHeapMiB).toBeLessThan(1000);
});
