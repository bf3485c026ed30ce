import { expect, test } from 'vitest';
import { fuzzHid } from '../fuzz/hid-fuzz.ts';

/** GLIDEPATH_FUZZ=1000000 for the long run. */
const cases = Number(process.env.GLIDEPATH_FUZZ ?? 20_000);

test(
  'whatever a USB device sends: a reading or a fault, soon, and in little memory',
  () => {
    const result = fuzzHid({ cases, seed: 20_261_121 });
    console.info('HID fuzz', JSON.stringify(result));
    expect(result.rejected + result.accepted).toBe(cases);
    // Both ways have to be walked, or the run says nothing.
    expect(Math.min(result.rejected, result.accepted)).toBeGreaterThan(cases / 10);
    expect(result.peakHeapMiB).toBeLessThan(512);
  },
  Math.max(60_000, cases),
);
