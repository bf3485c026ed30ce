import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Takes } from '../../electron/core/simulation/step-models.ts';
import type { RunView } from '../../shared/run.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';
import { bench } from './bench.ts';
import { play } from './simulation-kit.ts';

/** What the world of the scenarios takes: 20 s to die, 40 s to boot, and nothing for all else. */
const takes: Takes = ({ kind }) => {
  if (kind === 'power-off' || kind === 'shut-down-guests') return 20;
  return kind === 'wake' ? 40 : 0;
};

interface Outage {
  sequence: Sequence;
  hangs: string | null;
  powerBackAt: number | null;
}

/** What happened to each step and when, seconds after the cut. */
type Story = Record<string, string>;

async function inTheWorld({ sequence, hangs, powerBackAt }: Outage): Promise<Story> {
  const made = await bench({ sequence });
  if (hangs) made.world.host(hangs).trouble = 'hangs';
  const cutAt = made.clock.now();
  made.ups.cut();
  if (powerBackAt !== null) {
    await made.seconds(powerBackAt);
    made.ups.restore();
  }
  const isOver = (run: RunView | null) =>
    powerBackAt === null
      ? run !== null && run.phase !== 'down'
      : made.clock.now() > cutAt + powerBackAt * 1000 + 30_000 &&
        run?.phase !== 'down' &&
        (run === null || run.phase === 'ended');
  for (let turn = 0; turn < 400 && !isOver(made.engine.run()); turn += 1) await made.seconds(10);
  expect(made.errors).toEqual([]);
  made.kill();
  const run = made.engine.run();
  const at = (ms: number | null | undefined) => (typeof ms === 'number' ? Math.round((ms - cutAt) / 100) / 10 : null);
  const story: Story = { run: `${at(run?.begunAt)} line ${at(run?.noReturnAt)}` };
  for (const { id, state, startedAt, endedAt } of Object.values(run?.steps ?? {}))
    story[id] = `${state} ${at(startedAt)} ${at(endedAt)}`;
  return story;
}

async function simulated({ sequence, hangs, powerBackAt }: Outage): Promise<Story> {
  const powers = [supply('u', { runtime: 3600, charge: 100, load: null })];
  const view = await play({ hangs, powerBackAt }, { sequence, powers, takes });
  const story: Story = { run: `${view.startsAt} line ${view.noReturnAt}` };
  if (view.startsAt === null) return story;
  for (const { id, state, startedAt, endedAt } of view.steps) story[id] = `${state} ${startedAt} ${endedAt}`;
  return story;
}

/** Something begins or ends when the mains come back, or when that is confirmed. */
const isTouched = (story: Story, backAt: number): boolean =>
  Object.values(story).some((text) => text.split(' ').some((word) => [backAt, backAt + 1].map(String).includes(word)));

interface Drawn {
  stages: { parallel: number | undefined; onFailure: 'stop' | 'continue' }[];
  /** At which stage each step stands, as a share of the stages; those of one host in the order that it needs. */
  places: number[];
  waits: { place: number; seconds: number }[];
  after: number[];
  groups: boolean;
  line: number;
  back: number[];
  startsAfter: number;
}

const share = fc.double({ min: 0, max: 0.999, noNaN: true });

const drawn: fc.Arbitrary<Drawn> = fc.record({
  stages: fc.array(
    fc.record({
      parallel: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      onFailure: fc.constantFrom('stop' as const, 'continue' as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  places: fc.array(share, { minLength: 5, maxLength: 5 }),
  waits: fc.array(fc.record({ place: share, seconds: fc.integer({ min: 1, max: 30 }) }), { maxLength: 3 }),
  after: fc.array(fc.constantFrom(0, 0, 0, 7, 15), { minLength: 5, maxLength: 5 }),
  groups: fc.boolean(),
  line: share,
  back: fc.array(share, { minLength: 3, maxLength: 3 }),
  startsAfter: fc.integer({ min: 5, max: 40 }),
});

function sequenceOf({ stages, places, waits, after, groups, line, back, startsAfter }: Drawn): Sequence {
  const stageOf = (place: number) => Math.floor(place * stages.length);
  const [guests, mm, off] = places
    .slice(0, 3)
    .sort((a, b) => a - b)
    .map(stageOf);
  const priority = groups ? { groups: [{ name: 'last', guests: ['vm2'] }] } : {};
  const down = [
    { stage: guests, step: { id: 'guests', kind: 'shut-down-guests', target: 'esx', ...priority } },
    { stage: mm, step: { id: 'mm', kind: 'enter-maintenance', target: 'esx', needs: mm === guests ? ['guests'] : [] } },
    { stage: off, step: { id: 'off-esx', kind: 'power-off', target: 'esx', needs: off === mm ? ['mm'] : [] } },
    { stage: stageOf(places[3] ?? 0), step: { id: 'off-web', kind: 'power-off', target: 'web' } },
    { stage: stageOf(places[4] ?? 0), step: { id: 'off-nas', kind: 'power-off', target: 'nas' } },
  ].map(({ stage, step }, at) => ({ stage, step: { ...step, after: after[at] ?? 0 } }));
  const pauses = waits.map(({ place, seconds }, at) => ({
    stage: stageOf(place),
    step: { id: `wait-${at}`, kind: 'wait', seconds },
  }));
  const ways = ['esx', 'web', 'nas'].map((target, at) => ({
    stage: Math.floor((back[at] ?? 0) * 2),
    step: { id: `wake-${target}`, kind: 'wake', target },
  }));
  const stepsAt = (list: { stage: number | undefined; step: object }[], stage: number) =>
    list.filter((each) => each.stage === stage).map(({ step }) => step);
  return rackSequence({
    stages: stages.map((stage, at) => ({
      id: `s${at}`,
      name: `S${at}`,
      ...stage,
      steps: stepsAt([...down, ...pauses], at),
    })),
    pointOfNoReturn: `s${stageOf(line)}`,
    returnStages: [
      { id: 'r0', name: 'R0', steps: stepsAt(ways, 0) },
      { id: 'r1', name: 'R1', steps: stepsAt(ways, 1) },
      {
        id: 'r2',
        name: 'R2',
        steps: [
          { id: 'exit', kind: 'exit-maintenance', target: 'esx' },
          { id: 'start', kind: 'start-guests', target: 'esx', needs: ['exit'] },
        ],
      },
    ],
    triggers: { runtime: {}, charge: {}, onBattery: { enabled: true, seconds: startsAfter } },
  });
}

test('a simulated outage goes as it does in the world of the scenarios, to the second', async () => {
  const hosts = rackHosts().map(({ id }) => id);
  await fc.assert(
    fc.asyncProperty(
      drawn,
      fc.option(fc.constantFrom(...hosts), { freq: 3 }),
      fc.option(fc.integer({ min: 1, max: 200 })),
      async (plan, hangs, powerBackAt) => {
        const outage = { sequence: sequenceOf(plan), hangs, powerBackAt };
        const [seen, expected] = [await simulated(outage), await inTheWorld(outage)];
        // Of two things at the same moment either may come first.
        fc.pre(powerBackAt === null || ![seen, expected].some((story) => isTouched(story, powerBackAt)));
        expect(seen).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
