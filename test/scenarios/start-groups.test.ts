import { expect, test } from 'vitest';
import { esxi, linux, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench } from './bench.ts';

const groups = [
  { name: 'Directory', guests: ['ad'] },
  { name: 'vCenter', guests: ['vcsa'] },
];

/** Two hypervisors with guests, which go down and come back, and a NAS behind the line. */
async function twoHosts(start: object = {}): Promise<Bench> {
  const sequence = rackSequence({
    stages: [
      { id: 'guests', name: 'Guests', steps: [{ id: 'down', kind: 'shut-down-guests', target: 'tag:hv' }] },
      { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
    ],
    pointOfNoReturn: 'storage',
    returnStages: [
      { id: 'wake', name: 'Wake', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] },
      { id: 'start', name: 'Start', steps: [{ id: 'up', kind: 'start-guests', target: 'tag:hv', groups, ...start }] },
    ],
  });
  const hosts = [
    { ...esxi('e1'), tags: ['hv'] },
    { ...esxi('e2'), tags: ['hv'] },
    { ...linux('nas'), uses: [] },
  ];
  const made = await bench({ sequence, hosts });
  made.world.host('e1').guestsOn = new Set(['vcsa', 'web']);
  made.world.host('e2').guestsOn = new Set(['ad', 'db']);
  return made;
}

/** An outage that takes all of it down, and the mains until the return has begun to start guests. `trouble`: what is made before those. */
async function toStart(made: Bench, trouble: () => void = () => undefined): Promise<void> {
  made.ups.cut({ runtime: 200 });
  await made.seconds(90);
  expect([made.world.powers().nas, ...guestsOn(made)]).toEqual(['off']);
  trouble();
  made.ups.restore({ runtime: 3600 });
  for (let at = 0; at < 300 && !isBegun(made, 'up.e2'); at += 1) await made.seconds(1);
}

const guestsOn = ({ world }: Bench): string[] => ['e1', 'e2'].flatMap((id) => [...world.host(id).guestsOn]);
const isBegun = ({ engine }: Bench, step: string): boolean => engine.run()?.steps[step]?.startedAt !== null;
const states = ({ engine }: Bench): string[] =>
  Object.values(engine.run()?.steps ?? {})
    .filter(({ id }) => id.startsWith('up'))
    .map(({ id, state }) => `${id} ${state}`);

test('a group comes up when the one before is on everywhere, and the guests in none come last', async () => {
  const made = await twoHosts();
  const seen: string[] = [];
  const { act } = made.world.steps['start-guests'];
  made.world.steps['start-guests'].act = async (context) => {
    seen.push(`${context.step.id}: ${guestsOn(made).join(' ')}`);
    await new Promise<void>((resolve) => made.clock.after(20_000, resolve));
    return act(context);
  };
  await toStart(made);
  await made.seconds(120);
  expect(seen).toEqual(['up.e2: ', 'up.e1.2: ad', 'up.e1.3: vcsa ad', 'up.e2.3: vcsa ad']);
  expect(guestsOn(made)).toEqual(['vcsa', 'web', 'ad', 'db']);
  expect(states(made)).toEqual([
    'up.e1 already',
    'up.e2 done',
    'up.e1.2 done',
    'up.e2.2 already',
    'up.e1.3 done',
    'up.e2.3 done',
  ]);
});

test('a group that does not come up holds the others up for its limit, and no longer', async () => {
  const made = await twoHosts({ groups: [{ ...groups[0], limit: 60 }, groups[1]] });
  await toStart(made, () => {
    made.world.host('e2').trouble = 'lies';
  });
  await made.seconds(55);
  expect(guestsOn(made)).toEqual([]);
  made.world.host('e2').trouble = null;
  await made.seconds(30);
  expect(guestsOn(made)).toEqual(['vcsa', 'web', 'db']);
  expect(states(made).filter((state) => !/(done|already)$/.test(state))).toEqual(['up.e2 failed']);
});

test('a step that waits first waits before each group', async () => {
  const made = await twoHosts({ after: 40 });
  await toStart(made);
  const counts: number[] = [];
  for (let at = 0; at < 14; at += 1) {
    counts.push(guestsOn(made).length);
    await made.seconds(10);
  }
  const at = (count: number) => counts.indexOf(count) * 10;
  expect([...new Set(counts)]).toEqual([0, 1, 2, 4].slice(counts[0] === 0 ? 0 : 1));
  expect([at(2) - at(1), at(4) - at(2)]).toEqual([40, 40]);
});

test('after a restart in the middle the other groups come up', async () => {
  const made = await twoHosts();
  await toStart(made, () => {
    made.world.host('e1').trouble = 'unreachable';
  });
  await made.seconds(5);
  expect(guestsOn(made)).toEqual(['ad']);
  made.kill();
  made.world.host('e1').trouble = null;
  await made.restart();
  await made.seconds(150);
  expect(guestsOn(made).sort()).toEqual(['ad', 'db', 'vcsa', 'web']);
  expect(made.engine.run()?.phase).toBe('ended');
});

test('what an outage in the middle leaves off comes up in the next return, in its groups', async () => {
  const made = await twoHosts();
  await toStart(made, () => {
    made.world.host('e1').trouble = 'lies';
  });
  await made.seconds(5);
  expect(guestsOn(made)).toEqual(['ad']);
  made.world.host('e1').trouble = null;
  await toStart(made);
  expect(made.journals.runs.size).toBe(2);
  await made.seconds(60);
  expect(guestsOn(made).sort()).toEqual(['ad', 'db', 'vcsa', 'web']);
  // Nothing is owed any more: the next return starts what its own run shut down.
  made.world.host('e1').guestsOn.delete('web');
  await toStart(made);
  await made.seconds(60);
  expect(guestsOn(made).sort()).toEqual(['ad', 'db', 'vcsa']);
});
