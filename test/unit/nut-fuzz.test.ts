import { expect, it } from 'vitest';
import { fuzzNut } from '../fuzz/nut-fuzz.ts';

/** GLIDEPATH_FUZZ=100000 runs as many as are kept in the records. */
const cases = Number(process.env.GLIDEPATH_FUZZ ?? 1000);

it('outlives hostile NUT servers', { timeout: 3_600_000 }, async () => {
  const figures = await fuzzNut({ cases, seed: 20261121 });
  if (process.env.GLIDEPATH_FUZZ) console.log('nut', JSON.stringify(figures));
  expect(figures.faults + figures.ok).toBe(cases);
  // Both ends are met: otherwise the peers are too tame, or too wild to get anywhere.
  expect(Math.min(figures.faults, figures.ok)).toBeGreaterThan(cases / 50);
  expect(figures.slowestMs).toBeLessThan(2000);
  expect(figures.peakHeapMiB).toBeLessThan(1000);
});
