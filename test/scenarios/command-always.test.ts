import { describe, expect, test } from 'vitest';
import { schedule } from '../../electron/core/plan/schedule.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import { StandingPlan } from '../../electron/core/standing-plan.ts';
import { sequenceHash } from '../../electron/storage/sequence-hash.ts';
import type { Host } from '../../shared/inventory.ts';
import { supply } from '../fakes/supply-view.ts';
import { giveShells } from '../fakes/world-shell.ts';
import { bench } from './bench.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';
import { play } from './simulation-kit.ts';

// A command that is done in every run, also on a host that keeps its power.

const hosts = [fed('web', [upsA]), fed('nas', [upsB])];
const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const command = (id: string, patch: object = {}) => ({ id, kind: 'command', target: 'nas', command: id, ...patch });
const always = (id: string, patch: object = {}) => command(id, { always: true, ...patch });
const critical = { scope: 'critical' };

async function rigWith(stages: object[], patch: Record<string, unknown> = {}): Promise<Rig & { ran: string[] }> {
  const made = await rig(sequenceOf(stages, { ...critical, ...patch }), hosts);
  return Object.assign(made, { ran: giveShells(made.world, made.clock) });
}

/** The run, for the hosts of one UPS. */
async function down(made: Rig, patch: object = {}): Promise<void> {
  await outage(made, 'a', { wanted: ['web'], ...patch });
  for (let second = 0; made.run().phase === 'down' && second < 600; second += 1) await made.seconds(1);
}

describe('in a run for the others', () => {
  const stages = [
    { steps: [always('export'), command('only-if')] },
    { steps: [off('web'), off('nas')] },
    { steps: [always('last')] },
  ];

  test('it is done in its order, and nothing else on its host is', async () => {
    const made = await rigWith(stages);
    await down(made);
    expect(made.ran).toEqual(['export nas', 'last nas']);
    expect(made.run().steps['only-if']).toMatchObject({
      state: 'skipped',
      proof: 'not begun: nas still has its power',
    });
    expect(made.run().steps.last?.startedAt).toBeGreaterThanOrEqual(made.run().steps['off-web']?.endedAt ?? Number.NaN);
    expect(made.world.powers()).toEqual({ web: 'off', nas: 'on' });
    expect(made.run().downResult).toBe('done');
  });

  test('it waits for nothing that is held, and is done once when its host is taken in as well', async () => {
    const made = await rigWith([
      { steps: [command('first'), always('export', { needs: ['first'] })] },
      ...stages.slice(1),
    ]);
    await outage(made, 'a', { wanted: ['web'] });
    await made.seconds(2);
    expect(made.ran).toEqual(['export nas']);
    made.b.cut({ runtime: 3600 });
    made.keeper.widen(['nas'], 'the other one failed too');
    for (let second = 0; made.run().phase === 'down' && second < 600; second += 1) await made.seconds(1);
    expect(made.ran).toEqual(['export nas', 'first nas']);
    expect(made.world.powers().nas).toBe('off');
  });

  test('it is not begun when the run is cancelled before', async () => {
    const made = await rigWith([{ steps: [off('web')] }, { steps: [always('last')] }]);
    made.world.host('web').slow = 60;
    await outage(made, 'a', { wanted: ['web'] });
    await made.seconds(5);
    made.keeper.cancel('stopped by hand');
    await made.seconds(120);
    expect(made.ran).toEqual([]);
    expect(made.run().steps.last?.proof).toBe('not begun: stopped by hand');
  });

  test('a host that only that was done to is left as it was when the power is back, but for what is done always', async () => {
    const back = [
      { id: 'wake-nas', kind: 'wake', target: 'nas' },
      { id: 'heed', kind: 'heed-member-updates', target: 'nas' },
      command('import'),
      always('import-always'),
    ];
    const returnStages = [{ id: 'back', name: 'Back', steps: back }];
    const made = await rigWith(stages, { returnStages });
    // The user has them ignored: no run did that.
    made.world.host('nas').settings.delete('member-updates');
    await down(made, { met: ['nas'] });
    made.a.restore({ charge: 100 });
    await made.seconds(100);
    const proofs = ['wake-nas', 'heed', 'import'].map((id) => made.run().steps[id]?.proof);
    expect(proofs).toEqual(Array(3).fill('left as it was: this run did nothing to the host'));
    expect(made.ran.slice(2)).toEqual(['import-always nas']);
    expect(made.world.host('nas').settings.has('member-updates')).toBe(false);
  });

  test('what it switched on a host where nothing else is done is switched back', async () => {
    const returnStages = [{ id: 'back', name: 'Back', steps: [command('import')] }];
    const made = await rigWith([{ steps: [always('export')] }, { steps: [off('web')] }], { returnStages });
    await down(made);
    made.a.restore({ charge: 100 });
    await made.seconds(100);
    expect(made.ran).toEqual(['export nas', 'import nas']);
  });
});

test('it counts in what a run needs, and its host is signed in to before', async () => {
  const sequence = sequenceOf(
    [{ steps: [always('export'), command('only-if')] }, { steps: [off('web'), off('nas')] }],
    {
      ...critical,
      triggers: { runtime: {}, charge: {}, onBattery: { enabled: true, seconds: 60 } },
    },
  );
  const plan = new StandingPlan(sequence, hosts, usual);
  const who = { wanted: new Set(['web']), failedUpses: 1 };
  const { steps } = schedule(plan.compiled, hosts, usual, who);
  expect(steps.map(({ id }) => id)).toEqual(['export', 'off-web']);
  const made = await bench({ sequence, hosts, second: upsB, isWarm: true });
  made.ups.cut({ runtime: 3600 });
  await made.seconds(20);
  expect(made.engine.status().reach.map(({ hostId }) => hostId)).toEqual(['web', 'nas']);
});

test('the simulation plays it, where its host has the mains', async () => {
  const inventory = [fed('web', [{ id: 'hid:1' }]), fed('nas', [{ id: 'hid:2' }])];
  const powers = [
    { ...supply('hid:1'), state: 'battery' as const },
    { ...supply('hid:2'), state: 'mains' as const },
  ];
  const sequence = sequenceOf([{ steps: [always('export'), command('only-if')] }, { steps: [off('web')] }], critical);
  const { steps } = await play({}, { sequence, hosts: inventory, powers });
  const states = Object.fromEntries(steps.map(({ id, state }) => [id, state]));
  expect(states).toMatchObject({ export: 'done', 'off-web': 'done' });
  expect(states['only-if']).not.toBe('done');
});

describe('the planner', () => {
  const found = (step: object, patch: Record<string, unknown> = critical, inventory: readonly Host[] = hosts) =>
    findProblems({
      sequence: sequenceOf([{ steps: [step] }, { steps: [off('web')] }], patch),
      hosts: inventory,
      secretIds: new Set(inventory.map(({ id }) => id)),
    })
      .filter(({ stepId }) => stepId === 'export')
      .map(({ severity, what }) => `${severity}: ${what}`);

  test('warns of one that would switch off hosts that have their power', () => {
    const switches = { command: 'sudo poweroff' };
    expect(found(always('export', switches))).toContain(
      'warning: This command would switch off nas in every run, also with the power there',
    );
    expect(found(command('export', switches)).filter((each) => each.includes('in every run'))).toEqual([]);
    // A run of such a plan is for every host anyway.
    expect(found(always('export', switches), {}).filter((each) => each.includes('in every run'))).toEqual([]);
    expect(found(always('export'))).toEqual([]);
  });

  test('warns of one that is aimed at those that lose their power', () => {
    expect(found(always('export', { target: 'critical' }))).toEqual([
      'warning: It is aimed at the hosts that lose their power, and done on those that keep it as well',
    ]);
    expect(found(command('export', { target: 'critical' }))).toEqual([]);
  });

  test('still wants it before what its host cannot work without goes down', () => {
    const carried = hosts.map((host) => (host.id === 'nas' ? { ...host, uses: ['web'] } : host));
    const stages = [{ steps: [off('web')] }, { steps: [always('export')] }];
    const problems = findProblems({
      sequence: sequenceOf(stages, critical),
      hosts: carried,
      secretIds: new Set(['web', 'nas']),
    });
    expect(problems.map(({ severity, what }) => `${severity}: ${what}`)).toContain(
      'error: web would go down before, or beside, "Run a command" on nas: nas cannot work without it',
    );
  });

  test('a plan that says nothing of it is the plan that it was', () => {
    const hash = (step: object) => sequenceHash(sequenceOf([{ steps: [step] }, { steps: [off('web')] }]));
    expect(hash(command('export', { always: false }))).toBe(hash(command('export')));
    expect(hash(always('export'))).not.toBe(hash(command('export')));
  });
});
