import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fed, outage, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

const seed = 20261122;
const cases = Number(process.env.GLIDEPATH_CASES ?? 100);

const onA = ['web', 'nas'];
const onB = ['app', 'san'];
const hosts = [...onA.map((name) => fed(name, [upsA])), ...onB.map((name) => fed(name, [upsB]))];
const hangingOn = (ups: string): string[] => (ups === upsA.id ? onA : onB);

const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const wake = (id: string) => ({ id: `wake-${id}`, kind: 'wake', target: id });

/** A plan that turns off both UPSes, in stages and after delays that may be too short for its hosts. */
const plan = fc.record({
  stageA: fc.nat(2),
  stageB: fc.nat(2),
  delayA: fc.integer({ min: 30, max: 300 }),
  delayB: fc.integer({ min: 30, max: 300 }),
  line: fc.constantFrom(0, 1, 2, 2),
  both: fc.boolean(),
  shows: fc.boolean(),
  answerMs: fc.constantFrom(0, 500, 4000),
  slow: fc.integer({ min: 0, max: 120 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

const event = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), away: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'cut a' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'cut b' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'restore a' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restore b' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'stop' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: -90_000, max: 90_000 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 60 }) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

function sequenceFor({ stageA, stageB, delayA, delayB, line }: Plan) {
  const stages: object[][] = [[off('web'), off('app')], [off('nas'), off('san')], []];
  stages[stageA]?.push({ id: 'ups-a', kind: 'ups-off', ups: upsA.id, delay: delayA });
  stages[stageB]?.push({ id: 'ups-b', kind: 'ups-off', ups: upsB.id, delay: delayB });
  stages[2]?.push({ id: 'end', kind: 'wait', seconds: 1 });
  return sequenceOf(
    stages.map((steps) => ({ steps })),
    {
      pointOfNoReturn: `s${line + 1}`,
      returnStages: [{ id: 'back', name: 'Back', steps: [...onA, ...onB].map(wake) }],
    },
  );
}

async function play(made: Rig, each: Event): Promise<void> {
  switch (each.do) {
    case 'crash':
      if (made.run().phase === 'ended') return;
      made.kill();
      await made.seconds(each.away);
      await made.restart();
      // It hears of the power first, and of its run.
      return made.seconds(5);
    case 'cut a':
      return made.a.cut();
    case 'cut b':
      return made.b.cut();
    case 'restore a':
      return made.a.restore({ charge: 100 });
    case 'restore b':
      return made.b.restore({ charge: 100 });
    case 'stop':
      try {
        if (made.run().phase === 'down') made.keeper.cancel('stopped by hand');
      } catch (error) {
        // Past its line it is completed.
        expect(error).toMatchObject({ fault: { code: 'refused' } });
      }
      return;
    case 'jump':
      return made.clock.jump(each.ms);
    case 'wait':
      return made.seconds(each.seconds);
  }
}

async function until(made: Rig, isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 360 && !isSo(); turn += 1) await made.seconds(10);
}

test('whatever happens to a run that turns off UPSes: none is told twice, nobody is cut who keeps his power or was woken', async () => {
  let [told, stopped, turned] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(plan, fc.array(event, { minLength: 3, maxLength: 14 }), async (how, events) => {
      const made = await rig(sequenceFor(how), hosts);
      const { world } = made;
      const wrong: string[] = [];
      world.upses.showsCountdown = how.shows;
      world.upses.answerMs = how.answerMs;
      world.host('nas').slow = how.slow;
      /** Since when nobody was away, and each host has had its power for the run that goes on, ms. */
      const spared = new Map<string, number>();
      world.upses.onOff = (ups) => {
        turned += 1;
        for (const name of hangingOn(ups)) {
          if (world.host(name).power === 'off') continue;
          const since = spared.get(name);
          if (since !== undefined && made.clock.monotonic() - since > 5000) wrong.push(`${name} had its power`);
          if (world.acts.includes(`wake ${name}`)) wrong.push(`${name} was woken`);
          world.cut(name);
        }
      };
      const watch = () => {
        const { wanted = null, phase } = made.keeper.view ?? {};
        for (const { id } of hosts) {
          const isSpared = phase === 'down' && wanted !== null && !wanted.includes(id);
          if (!isSpared) spared.delete(id);
          else if (!spared.has(id)) spared.set(id, made.clock.monotonic());
        }
        made.clock.after(1000, watch);
      };
      await outage(made, how.both ? 'both' : 'a', { wanted: how.both ? [...onA, ...onB] : onA });
      watch();
      for (const each of events) {
        if (each.do === 'crash') spared.clear();
        await play(made, each);
        if (made.b.now.acPresent === false) made.keeper.widen(onB, 'Rack UPS has failed too');
      }
      await until(made, () => made.run().phase !== 'down');
      expect(made.run().phase).not.toBe('down');
      if (made.run().cancelled !== null) expect(world.upses.counting).toEqual([]);
      made.a.restore({ charge: 100 });
      made.b.restore({ charge: 100 });
      await until(made, () => made.run().phase === 'ended');
      await made.seconds(400);
      const orders = world.acts.filter((act) => act.startsWith('ups-off'));
      expect(new Set(orders).size).toBe(orders.length);
      expect(wrong).toEqual([]);
      expect(made.errors).toEqual([]);
      told += orders.length;
      stopped += world.acts.filter((act) => act.startsWith('ups-stop')).length;
    }),
    { numRuns: cases, seed },
  );
  console.log(`${cases} random runs: ${told} UPSes told, ${stopped} stops, ${turned} turned off, seed ${seed}`);
}, 300_000);
