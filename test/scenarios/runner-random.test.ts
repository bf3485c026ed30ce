import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { schedule } from '../../electron/core/plan/schedule.ts';
import type { Step } from '../../shared/sequence.ts';
import type { Trouble } from '../fakes/world.ts';
import { fed, outage, overlaps, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

const seed = 20261122;
const cases = Number(process.env.GLIDEPATH_CASES ?? 150);
const dieSeconds = 20;

/** Power-offs of hosts of their own, and waits; with needs on earlier steps of the stage, delays and little room. */
const shape = fc.array(
  fc.record({
    steps: fc.array(
      fc.record({ waits: fc.option(fc.integer({ min: 1, max: 40 })), needs: fc.nat(31), after: fc.nat(20) }),
      { minLength: 1, maxLength: 5 },
    ),
    room: fc.option(fc.integer({ min: 1, max: 3 })),
    inTurn: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

test('a run takes the time of its critical path, and not a second more', async () => {
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(shape, async (stages) => {
      const hosts = stages.flatMap((stage, s) => [
        ...stage.steps.map((_, i) => fed(`h${s}-${i}`, [upsA])),
        ...[0, 1].map((i) => fed(`t${s}-${i}`, [upsA], { tags: [`pair${s}`] })),
      ]);
      const sequence = sequenceOf(
        stages.map(({ steps, room, inTurn }, s) => ({
          ...(room === null ? {} : { parallel: room }),
          steps: [
            ...steps.map(({ waits, needs, after }, i) => ({
              id: `s${s}-${i}`,
              after,
              needs: steps.flatMap((_, at) => (at < i && (needs & (1 << at)) > 0 ? [`s${s}-${at}`] : [])),
              ...(waits === null ? { kind: 'power-off', target: `h${s}-${i}` } : { kind: 'wait', seconds: waits }),
            })),
            {
              id: `pair${s}`,
              kind: 'power-off',
              target: `tag:pair${s}`,
              each: inTurn ? 'one-by-one' : 'parallel',
              needs: [`s${s}-0`],
            },
          ],
        })),
      );
      const takes = (step: Step) => {
        const seconds = step.kind === 'wait' ? step.seconds : dieSeconds;
        return { p50: seconds, p90: seconds, samples: 1 };
      };
      const { needs } = schedule(expand(sequence, hosts), hosts, takes);
      const made = await rig(sequence, hosts, dieSeconds * 1000);
      await outage(made, 'a');
      await made.seconds(needs + 10);
      const { downEndedAt, begunAt, downResult } = made.run();
      expect(downResult).toBe('done');
      expect(((downEndedAt ?? 0) - begunAt) / 1000).toBe(needs);
      longest = Math.max(longest, needs);
    }),
    { numRuns: cases, seed },
  );
  console.log(
    `${cases} random runs, the longest ${longest} s, each exactly as long as its critical path, seed ${seed}`,
  );
}, 300_000);

const troubles: (Trouble | null)[] = ['unreachable', 'stuck', 'refuses', 'hangs', 'lies', null];
const event = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), away: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'cut b' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restore b' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), step: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: -90_000, max: 90_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('trouble' as const), host: fc.nat(3), what: fc.constantFrom(...troubles) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('battery' as const), seconds: fc.integer({ min: 20, max: 500 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 40 }) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const names = ['web', 'app', 'nas', 'san'];

/** At most for longer than all limits taken together. */
async function until(made: Rig, isSo: () => boolean): Promise<void> {
  for (let minute = 0; minute < 60 && !isSo(); minute += 1) await made.seconds(60);
}

const skipped = new WeakMap<Rig, Set<string>>();

async function play(made: Rig, each: Event): Promise<void> {
  switch (each.do) {
    case 'crash':
      made.kill();
      await made.seconds(each.away);
      return made.restart();
    case 'cut b':
      return made.b.cut();
    case 'restore b':
      return made.b.restore();
    case 'skip': {
      const open = Object.values(made.run().steps).filter(({ state }) => state === 'waiting' || state === 'active');
      const one = open[each.step % Math.max(1, open.length)];
      // Asked twice it is refused: its end is on the way into the journal.
      const isSkipped = skipped.get(made)?.has(one?.id ?? '') ?? false;
      if (!one || isSkipped || made.run().phase === 'ended') return;
      skipped.set(made, new Set([...(skipped.get(made) ?? []), one.id]));
      made.keeper.skip(made.run().runId, one.id);
      return;
    }
    case 'jump':
      return made.clock.jump(each.ms);
    case 'trouble':
      made.world.host(names[each.host]).trouble = each.what;
      return;
    case 'battery':
      return made.battery(each.seconds);
    case 'wait':
      return made.seconds(each.seconds);
  }
}

test('whatever happens to a run that widens and narrows: it ends, never acts blindly or twice at once, and brings back what it took', async () => {
  const stages = [
    {
      parallel: 2,
      steps: [
        { id: 'stop', kind: 'command', target: 'tag:all', command: 'true', limit: 20 },
        { id: 'settle', kind: 'wait', seconds: 8, optional: true },
      ],
    },
    { steps: [{ id: 'off-first', kind: 'power-off', target: 'tag:first', each: 'one-by-one' }] },
    { steps: [{ id: 'off-last', kind: 'power-off', target: 'tag:last', after: 5 }] },
  ];
  const back = [{ id: 'back', name: 'Back', steps: [{ id: 'wake', kind: 'wake', target: 'all' }] }];
  const sequence = sequenceOf(stages, { pointOfNoReturn: 's2', returnStages: back });
  const hosts = names.map((name, at) =>
    fed(name, [at % 2 === 0 ? upsA : upsB], { tags: ['all', at < 2 ? 'first' : 'last'] }),
  );
  let acts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events) => {
      const made = await rig(sequence, hosts);
      await outage(made, 'a', { wanted: ['web', 'nas'] });
      for (const each of events) {
        await play(made, each);
        const fails = made.b.now.acPresent === false;
        if (fails) made.keeper.widen(['app', 'san'], 'Rack UPS has failed too');
      }
      for (const host of made.world.hosts.values()) host.trouble = null;
      await until(made, () => made.run().phase !== 'down');
      expect(made.errors).toEqual([]);
      expect(overlaps(made)).toEqual([]);
      expect(made.run().phase).not.toBe('down');
      acts += made.world.destructiveActs;
      made.a.restore({ charge: 100 });
      made.b.restore({ charge: 100 });
      await until(made, () => made.run().phase === 'ended');
      expect(made.run().phase).toBe('ended');
      // Who skipped a step by hand may have left a host off.
      if (events.some((each) => each.do === 'skip')) return;
      expect(made.world.powers()).toEqual({ web: 'on', app: 'on', nas: 'on', san: 'on' });
    }),
    { numRuns: cases, seed },
  );
  console.log(`${cases} random runs, ${acts} destructive acts, seed ${seed}`);
}, 300_000);
