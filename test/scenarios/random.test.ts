import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trouble } from '../fakes/world.ts';
import { type Bench, bench, cutHard, off } from './bench.ts';

type Event =
  | { do: 'cut'; runtime: number }
  | { do: 'restore' }
  | { do: 'unplug' }
  | { do: 'plug' }
  | { do: 'crash'; away: number }
  | { do: 'sleep' }
  | { do: 'trouble'; host: 'esx' | 'web' | 'nas'; trouble: Trouble | null }
  | { do: 'wait'; seconds: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cut' as const), runtime: fc.integer({ min: 20, max: 1200 }) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'restore' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'unplug' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'plug' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), away: fc.integer({ min: 0, max: 1200 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'sleep' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('trouble' as const),
      host: fc.constantFrom('esx' as const, 'web' as const, 'nas' as const),
      trouble: fc.constantFrom<Trouble | null>('unreachable', 'stuck', 'refuses', 'hangs', null),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 200 }) }) },
);

async function play(made: Bench, each: Event): Promise<void> {
  switch (each.do) {
    case 'cut':
      return made.ups.cut({ runtime: each.runtime });
    case 'restore':
      return made.ups.restore({ runtime: 3600, charge: 90 });
    case 'unplug':
      return made.ups.plugged ? made.ups.unplug() : undefined;
    case 'plug':
      return made.ups.plugged ? undefined : made.ups.plug();
    case 'crash':
      made.kill();
      await made.seconds(each.away);
      return made.restart();
    case 'sleep':
      return made.engine.resumedFromSleep();
    case 'trouble':
      made.world.host(each.host).trouble = each.trouble;
      return;
    case 'wait':
      return made.seconds(each.seconds);
  }
}

test('whatever happens, in whatever order: nothing is cut hard, and when the power is back everything is on again', async () => {
  const cases = Number(process.env.GLIDEPATH_CASES ?? 400);
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events) => {
      const made = await bench();
      for (const each of events) await play(made, each);
      for (const host of made.world.hosts.values()) host.trouble = null;
      if (!made.ups.plugged) made.ups.plug();
      made.ups.restore({ runtime: 3600, charge: 100 });
      // Longer than every limit on the way down and back taken together.
      await made.seconds(5400);
      expect(made.errors).toEqual([]);
      expect(cutHard(made), 'a hypervisor went off with its guests on').toBe(0);
      expect(made.engine.run()?.phase ?? 'ended').toBe('ended');
      // A host that cannot be reached or refuses may be left as it is; the run then says so.
      if (events.some((each) => each.do === 'trouble')) return;
      expect(off(made), 'hosts left off').toBe('');
      expect([...made.world.host('esx').guestsOn].sort(), 'guests left off').toEqual(['vm1', 'vm2']);
      expect(made.world.host('esx').settings.has('maintenance'), 'left in maintenance mode').toBe(false);
    }),
    { numRuns: cases, seed: 20261121 },
  );
  console.log(`${cases} random histories, seed 20261121`);
}, 120_000);
