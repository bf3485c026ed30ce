import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts } from '../fakes/rack-samples.ts';
import { bench, cutHard, off } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const both = [firstUps.id, second.id];

/** How the hosts hang on the two: each on one of them, on both, or not told. */
const feeds: Host['fedBy'][] = [
  { upses: both, need: 'any' },
  { upses: both, need: 'all' },
  { upses: [firstUps.id], need: 'any' },
  { upses: [second.id, 'nobody'], need: 'all' },
  { upses: [], need: 'any' },
];

const event = fc.record({
  which: fc.constantFrom('ups' as const, 'second' as const),
  what: fc.constantFrom('cut' as const, 'cut' as const, 'restore' as const, 'unplug' as const, 'plug' as const),
  runtime: fc.integer({ min: 20, max: 900 }),
  seconds: fc.integer({ min: 1, max: 120 }),
});

test('whatever two UPSes do, however the hosts hang on them: nothing starts without battery, and everything comes back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...feeds), { minLength: 3, maxLength: 3 }),
      fc.array(event, { minLength: 2, maxLength: 10 }),
      async (fedBy, events) => {
        const hosts = rackHosts().map((host, index) => ({ ...host, fedBy: fedBy[index] ?? host.fedBy }));
        const made = await bench({ second, hosts });
        for (const { which, what, runtime, seconds } of events) {
          const ups = made[which];
          if (what === 'cut') ups.cut({ runtime });
          else if (what === 'restore') ups.restore({ runtime: 3600, charge: 90 });
          else if (what === 'unplug' && ups.plugged) ups.unplug();
          else if (what === 'plug' && !ups.plugged) ups.plug();
          await made.seconds(seconds);
        }
        if (!events.some(({ what }) => what === 'cut')) expect(made.engine.run()).toBeNull();
        for (const ups of [made.ups, made.second]) {
          if (!ups.plugged) ups.plug();
          ups.restore({ runtime: 3600, charge: 100 });
        }
        await made.seconds(1500);
        expect(made.errors).toEqual([]);
        expect(cutHard(made)).toBe(0);
        expect(made.engine.run()?.phase ?? 'ended').toBe('ended');
        expect(off(made), 'hosts left off').toBe('');
      },
    ),
    { numRuns: 40, seed: 20261121 },
  );
}, 120_000);
