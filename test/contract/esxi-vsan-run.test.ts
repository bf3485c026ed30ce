import { afterEach, expect, it } from 'vitest';
import { usual } from '../../electron/core/plan/usual.ts';
import { RunKeeper } from '../../electron/core/run-keeper.ts';
import { Supplies } from '../../electron/core/supplies.ts';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { sequenceSchema } from '../../shared/sequence.ts';
import { FakeVsan } from '../fakes/esxi/shell.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { closeAll, esxi, guests } from './esxi-kit.ts';
import { bench, byPassword } from './targets-kit.ts';

afterEach(closeAll);

const vsan = { target: 'tag:vsan' };
const data = { target: 'tag:data' };
const stage = (id: string, ...steps: object[]) => ({ id, name: id, steps });

const down = [
  stage('guests', { id: 'guests', kind: 'shut-down-guests', ...data }),
  stage('ignore', { id: 'ignore', kind: 'ignore-member-updates', ...vsan }),
  stage('resync', { id: 'resync', kind: 'wait-resync', ...data, each: 'one-by-one', after: 5 }),
  stage('prepare', { id: 'prepare', kind: 'prepare-vsan', target: 'a' }),
  stage('enter', { id: 'enter', kind: 'enter-maintenance', ...data }),
];
const off = [
  stage('off', { id: 'off', kind: 'power-off', ...data, until: 'port-closed' }),
  stage('enter-w', { id: 'enter-w', kind: 'enter-maintenance', target: 'w' }),
  stage('off-w', { id: 'off-w', kind: 'power-off', target: 'w', until: 'port-closed' }),
];
const back = [
  stage('exit', { id: 'exit', kind: 'exit-maintenance', ...data }),
  stage('recover', { id: 'recover', kind: 'recover-vsan', target: 'b' }),
  stage('heed', { id: 'heed', kind: 'heed-member-updates', ...vsan }),
];

/** Two hosts that hold data, a witness, and a Glidepath that can be killed. */
async function rack(stages: object[]) {
  const cluster = new FakeVsan();
  const b = bench(byPassword('right'));
  const one = await esxi({ vsan: cluster.node(), vms: guests({ name: 'dc' }) }, { id: 'a', b });
  const two = await esxi({ vsan: cluster.node(), vms: guests({ name: 'web' }) }, { id: 'b', b });
  const witness = await esxi({ vsan: cluster.node('WITNESS') }, { id: 'w', b });
  const all = [one, two, witness];
  const tags = (id: string) => (id === 'w' ? ['vsan', 'witness'] : ['vsan', 'data']);
  const hosts = all.map(({ host }) => ({ ...host, tags: tags(host.id) }));
  const journals = new MemoryJournals();
  const start = () =>
    new RunKeeper({
      clock: b.clock,
      journals,
      // A new process remembers nothing.
      steps: stepTable(b.deps),
      newRunId: () => 'run-1',
      report: (error) => expect.unreachable(String(error)),
      changed: () => undefined,
      expected: usual,
      timed: () => undefined,
      decided: () => undefined,
    });
  const sequence = sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'vsan',
    name: 'vSAN',
    stages,
    pointOfNoReturn: 'ignore',
    returnStages: [],
    returnWhen: {},
  });
  const keeper = start();
  await keeper.begin({ sequence, hash: 'h', armed: true }, hosts, {
    cause: 'by-hand',
    why: 'Started by the test',
    followsPower: false,
    upses: [],
    wanted: null,
    met: [],
  });
  const supplies = new Supplies(() => []);
  const go = async (by: RunKeeper, until: () => boolean) => {
    for (let turn = 0; !until() && by.view?.downResult === null && turn < 3000; turn += 1) {
      // Real connections take real time, and not much of it.
      await new Promise((resolve) => setTimeout(resolve, 5));
      await b.clock.advance(500);
      by.advance(supplies, { wall: b.clock.now(), mono: b.clock.monotonic() }, null);
    }
    return Object.values(by.view?.steps ?? {}).map(({ id, state, proof }) => `${id} ${state}: ${proof}`);
  };
  const sent = (what: string) => all.flatMap((each) => each.acts().filter((text) => text.includes(what)));
  return { b, one, two, witness, cluster, journals, keeper, start, go, sent };
}

const wentDown = [
  'guests.a done: 1 guest off',
  'guests.b done: 1 guest off',
  'ignore.a done: cluster member updates are ignored',
  'ignore.b done: cluster member updates are ignored',
  'ignore.w done: cluster member updates are ignored',
  'resync.a already: nothing is left to resync',
  'resync.b already: nothing is left to resync',
  'prepare done: sees itself alone in its vSAN cluster',
  'enter.a done: in maintenance mode',
  'enter.b done: in maintenance mode',
];

it('a whole vSAN cluster is prepared, and brought together again', { timeout: 60_000 }, async () => {
  const { keeper, go, sent, cluster, one } = await rack([...down, ...back]);
  expect(await go(keeper, () => false)).toEqual([
    ...wentDown,
    'exit.a done: not in maintenance mode',
    'exit.b done: not in maintenance mode',
    'recover done: sees 3 members of its vSAN cluster',
    'heed.a done: cluster member updates are heeded',
    'heed.b done: cluster member updates are heeded',
    'heed.w done: cluster member updates are heeded',
  ]);
  expect(one.fake.esxi.vsanModes).toEqual(['noAction']);
  expect([sent('reboot_helper').length, cluster.races]).toEqual([2, 0]);
});

it('a Glidepath that is killed while the cluster is prepared goes on, and prepares it once', {
  timeout: 60_000,
}, async () => {
  const { b, one, two, witness, journals, keeper, start, go, sent } = await rack([...down, ...off]);
  await go(keeper, () => sent('prepare').length > 0);
  journals.cutAfter = journals.written;
  b.pool.close();
  await b.clock.advance(2000);
  journals.revive();
  const next = start();
  await next.load();
  expect(await go(next, () => false)).toEqual([
    ...wentDown,
    expect.stringMatching(/^off\.a done: port closed/),
    expect.stringMatching(/^off\.b done: port closed/),
    'enter-w done: in maintenance mode',
    expect.stringMatching(/^off-w done: port closed/),
  ]);
  expect(sent('reboot_helper')).toHaveLength(1);
  expect([one, two, witness].map(({ fake }) => [fake.state, fake.esxi.crashedVms])).toEqual([
    ['off', 0],
    ['off', 0],
    ['off', 0],
  ]);
});
