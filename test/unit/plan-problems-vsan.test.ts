import { describe, expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Problem } from '../../shared/problem.ts';
import { esxi, linux, rackSequence } from '../fakes/rack-samples.ts';

const node = (id: string, more: Partial<Host> = {}): Host => ({ ...esxi(id), tags: ['node'], ...more });
const three = [node('a'), node('b'), node('c')];

const step = (kind: string, target: string, more: object = {}) => ({
  id: `${kind}-${target.replace(':', '-')}`,
  kind,
  target,
  ...more,
});
const wait = { id: 'wait', kind: 'wait', seconds: 1 };
const wakeAll = [step('wake', 'tag:node')];
const exitAll = [step('exit-maintenance', 'tag:node')];

interface Plan {
  down: object[][];
  back?: object[][];
  more?: object;
}

/** What is said of vSAN, and of nothing else. */
const found = (hosts: readonly Host[], plan: Plan): string[] =>
  all(hosts, plan).map(({ severity, stepId, what }) => `${severity} ${stepId ?? '-'}: ${what}`);

function all(hosts: readonly Host[], { down, back = [], more = {} }: Plan): Problem[] {
  const staged = (way: string, stages: object[][]) =>
    stages.map((steps, at) => ({ id: `${way}${at}`, name: `${way} ${at}`, steps }));
  const sequence = rackSequence({
    stages: staged('s', down),
    pointOfNoReturn: 's0',
    returnStages: staged('r', back),
    ...more,
  });
  const secretIds = new Set(hosts.map(({ id }) => id));
  const about = /vSAN|cluster|witness/;
  return findProblems({ sequence, hosts, secretIds }).filter(({ what }) => about.test(what));
}

const guests = step('shut-down-guests', 'tag:node');
const ignore = step('ignore-member-updates', 'tag:node');
const heed = step('heed-member-updates', 'tag:node');
const enter = step('enter-maintenance', 'tag:node');
const off = step('power-off', 'tag:node');
const prepare = (target: string, more: object = {}) => step('prepare-vsan', target, more);
const recover = (target: string, more: object = {}) => step('recover-vsan', target, more);

const inOrder: Plan = {
  down: [[guests], [ignore], [prepare('a')], [enter], [off]],
  back: [wakeAll, exitAll, [recover('b')], [heed], [step('start-guests', 'tag:node')]],
};

test('a vSAN cluster that goes down and comes back in order has no problem', () => {
  expect(found(three, inOrder)).toEqual([]);
});

describe('one host does it for its cluster', () => {
  test.each(['tag:node', 'all', 'critical'])('not %s', (target) => {
    const { down, back = [] } = inOrder;
    const several = [...down.slice(0, 2), [prepare(target)], ...down.slice(3)];
    expect(found(three, { down: several, back })).toContain(
      `error prepare-vsan-${target.replace(':', '-')}: "Prepare the vSAN cluster" is aimed at several hosts, and they would get in each other's way`,
    );
    const recovering = [wakeAll, exitAll, [recover(target)], [heed]];
    expect(found(three, { down, back: recovering })).toContain(
      `error recover-vsan-${target.replace(':', '-')}: "Recover the vSAN cluster" is aimed at several hosts, and they would get in each other's way`,
    );
  });

  const beside = (hosts: Host[], steps: object[][], more: Partial<Plan> = {}) =>
    found(hosts, { ...inOrder, down: [[guests], [ignore], ...steps, [enter], [off]], ...more });

  test('not two at once', () => {
    expect(beside(three, [[prepare('a'), prepare('b')]])).toEqual([
      'error prepare-vsan-b: "Prepare the vSAN cluster" would be done by a and b of one cluster at once',
    ]);
  });

  test('not one after the other', () => {
    const second = 'warning prepare-vsan-b: "Prepare the vSAN cluster" on b is for nothing: a does it for all';
    expect(beside(three, [[prepare('a')], [prepare('b')]])).toEqual([second]);
    expect(beside(three, [[prepare('a'), prepare('b', { needs: ['prepare-vsan-a'] })]])).toEqual([second]);
  });

  test('but another one where the conditions say so', () => {
    const more = { more: { faultTolerance: { level: 1, beyond: 'all' } } };
    const one = prepare('a', { when: [{ is: 'within-tolerance' }] });
    const other = prepare('b', { when: [{ is: 'beyond-tolerance' }] });
    expect(beside(three, [[one, other]], more)).toEqual([]);
  });

  test('and two for two clusters, as far as the plan tells them apart', () => {
    const apart = (second: Partial<Host>) => [esxi('a'), { ...esxi('b'), ...second }];
    const each = (kind: string) => ['a', 'b'].map((id) => step(kind, id));
    const plan: Plan = {
      down: [each('ignore-member-updates'), [prepare('a'), prepare('b')]],
      back: [[recover('a'), recover('b')], each('heed-member-updates')],
    };
    expect(found(apart({}), plan)).toEqual([
      'warning prepare-vsan-b: "Prepare the vSAN cluster" would be done by a and b at once, which must not be members of one cluster',
      'warning recover-vsan-b: "Recover the vSAN cluster" would be done by a and b at once, which must not be members of one cluster',
    ]);
    expect(found(apart({ managedBy: 'vc' }), plan)).toEqual([]);
    const tagged = [node('a', { tags: ['left'] }), node('b', { tags: ['right'] })];
    const both = [step('ignore-member-updates', 'tag:left'), step('ignore-member-updates', 'tag:right')];
    const heeding = [step('heed-member-updates', 'tag:left'), step('heed-member-updates', 'tag:right')];
    const [, preparing = []] = plan.down;
    const [recovering = []] = plan.back ?? [];
    expect(found(tagged, { down: [both, preparing], back: [recovering, heeding] })).toEqual([]);
  });
});

describe('what stands around it', () => {
  test('every host of the cluster ignores member updates', () => {
    const said = (names: string) =>
      `warning prepare-vsan-a: Nothing tells ${names} to ignore cluster member updates before the vSAN cluster is prepared`;
    const [guestsOff, , ...rest] = inOrder.down;
    const only = (...ids: string[]) => [guestsOff ?? [], ids.map((id) => step('ignore-member-updates', id)), ...rest];
    // Its members are named by a tag, by which they heed them again.
    expect(found(three, { ...inOrder, down: only('a', 'c') })).toEqual([said('b')]);
    expect(found(three, { ...inOrder, down: only('a', 'b', 'c') })).toEqual([]);
    expect(found(three, { ...inOrder, down: only() })).toEqual([said('a, b and c')]);
    // A hypervisor without the tag is none of them.
    const alone = [...rest, [step('power-off', 'd')]];
    expect(found([...three, esxi('d')], { ...inOrder, down: [...only('a', 'b', 'c').slice(0, 2), ...alone] })).toEqual(
      [],
    );
    // Without a tag every one that goes down may be.
    const heedEach = ['a', 'b', 'c'].map((id) => step('heed-member-updates', id));
    const back = [wakeAll, exitAll, [recover('b')], heedEach];
    expect(found(three, { ...inOrder, down: only('a', 'c'), back })).toEqual([said('b')]);
  });

  test('also one that is spoken to over its API, which cannot be told to', () => {
    const byApi = (more: Partial<Host>): Host => ({ ...node('b', more), kind: 'esxi-api' });
    const said =
      'warning prepare-vsan-a: Nothing tells b to ignore cluster member updates before the vSAN cluster is prepared';
    expect(found([node('a'), byApi({})], inOrder)).toContain(said);
    const { remedy } = all([node('a'), byApi({})], inOrder).find(({ what }) => said.endsWith(what)) ?? {};
    expect(remedy).toBe(
      'Choose “ESXi over SSH” under Setup as the kind of b. Aim "Ignore cluster member updates" at every host of the cluster.',
    );
    const managed = { managedBy: 'vc', tags: [] };
    const each = (kind: string) => ['a', 'b'].map((id) => step(kind, id));
    const plan = {
      down: [each('shut-down-guests'), [step('ignore-member-updates', 'a')], [prepare('a')], each('power-off')],
      back: [each('wake'), [recover('a')], [step('heed-member-updates', 'a')]],
    };
    expect(found([node('a', managed), byApi(managed)], plan)).toEqual([said]);
    // Another vCenter has other clusters, and a host that stays on follows what its own tells it.
    expect(found([node('a', managed), byApi({ managedBy: 'other', tags: [] })], plan)).toEqual([]);
    const { down } = plan;
    const without = { ...plan, down: [...down.slice(0, 3), [step('power-off', 'a')]] };
    expect(found([node('a', managed), byApi(managed)], without)).toEqual([]);
  });

  test('on the way down', () => {
    expect(found(three, { ...inOrder, down: [[guests], [prepare('a'), ignore], [enter], [off]] })).toEqual([
      'warning prepare-vsan-a: "Prepare the vSAN cluster" would be done before, or beside, "Ignore cluster member updates" on a, b and c',
    ]);
    expect(found(three, { ...inOrder, down: [[guests], [ignore], [enter], [prepare('a')], [off]] })).toEqual([
      'warning prepare-vsan-a: "Prepare the vSAN cluster" would be done after, or beside, "Enter maintenance mode" on a, b and c',
    ]);
  });

  test('on the way back', () => {
    expect(found(three, { ...inOrder, back: [wakeAll, [recover('b')], exitAll, [heed]] })).toEqual([
      'warning recover-vsan-b: "Recover the vSAN cluster" would be done before, or beside, "Exit maintenance mode" on a, b and c',
    ]);
    expect(found(three, { ...inOrder, back: [wakeAll, exitAll, [heed], [recover('b')]] })).toEqual([
      'warning recover-vsan-b: "Recover the vSAN cluster" would be done after, or beside, "Heed cluster member updates" on a, b and c',
    ]);
  });

  test('and nothing that brings it back', () => {
    expect(found(three, { ...inOrder, back: [wakeAll, exitAll, [step('heed-member-updates', 'a')]] })).toEqual([
      'warning prepare-vsan-a: Nothing brings the vSAN cluster of a together again when power returns',
      'warning ignore-member-updates-tag-node: Nothing lets b and c heed cluster member updates again when power returns',
    ]);
  });

  test('a run for some of its hosts would split it up for the others', () => {
    const fed = (ups: string) => ({ fedBy: { upses: [ups], need: 'any' as const } });
    const hosts = [node('a', fed('one')), node('b', fed('two'))];
    const said = 'warning prepare-vsan-a: A run for a alone would split up its whole vSAN cluster, with b still on';
    const critical = { scope: 'critical' };
    expect(found(hosts, { ...inOrder, more: critical })).toEqual([said]);
    expect(found(hosts, inOrder)).toEqual([]);
    expect(found([node('a', fed('one')), node('b', fed('one'))], { ...inOrder, more: critical })).toEqual([]);
    const [first, second, , ...rest] = inOrder.down;
    const beyond = [first ?? [], second ?? [], [prepare('a', { when: [{ is: 'beyond-tolerance' }] })], ...rest];
    const tolerant = (level: object) => ({ ...inOrder, down: beyond, more: { ...critical, faultTolerance: level } });
    expect(found(hosts, tolerant({ level: 1, beyond: 'all' }))).toEqual([]);
    expect(found(hosts, tolerant({ level: 1, beyond: 'critical' }))).toEqual([said]);
    // Within the tolerance it would be done too.
    const always = { ...inOrder, more: { ...critical, faultTolerance: { level: 1, beyond: 'all' } } };
    expect(found(hosts, always)).toEqual([said]);
  });
});

describe('a witness', () => {
  const witness = node('w', { tags: ['witness'], runsOn: 'm' });
  const management = node('m', { tags: [] });
  const hosts = [...three, witness, management];
  const last = [[step('enter-maintenance', 'w')], [step('power-off', 'w')], [step('power-off', 'm')]];

  test('goes after the hosts that hold data, and takes its own host with it', () => {
    expect(found(hosts, { down: [[enter], [off], ...last] })).toEqual([]);
  });

  test('does not go before them', () => {
    const said = (id: string) => `warning ${id}: w, a witness, would go before, or beside, a, b and c, which hold data`;
    expect(found(hosts, { down: [[enter], ...last, [off]] })).toEqual([
      said('enter-maintenance-w'),
      said('power-off-w'),
      said('power-off-m'),
    ]);
    expect(found(hosts, { down: [[enter], [off, step('power-off', 'm')]] })).toEqual([said('power-off-m')]);
  });

  test('of another vCenter is of no concern, and neither are hosts that are no hypervisors', () => {
    const other = { ...witness, managedBy: 'vc' };
    expect(found([...three, other, management], { down: [[step('power-off', 'w')], [off]] })).toEqual([]);
    const web = { ...linux('web'), tags: ['witness'] };
    expect(found([...three, web], { down: [[step('power-off', 'web')], [off]] })).toEqual([]);
  });
});

test('the hosts of a cluster are waited for one by one, each after its delay', () => {
  const each = { each: 'one-by-one', after: 15 };
  const sequence = rackSequence({
    stages: [{ id: 's0', name: 's0', steps: [step('wait-resync', 'tag:node', each), wait] }],
    pointOfNoReturn: 's0',
    returnStages: [],
  });
  const { steps } = expand(sequence, three).sequence.stages[0] ?? { steps: [] };
  expect(steps.filter(({ kind }) => kind === 'wait-resync').map(({ id, needs, after }) => [id, needs, after])).toEqual([
    ['wait-resync-tag-node.a', [], 15],
    ['wait-resync-tag-node.b', ['wait-resync-tag-node.a'], 15],
    ['wait-resync-tag-node.c', ['wait-resync-tag-node.b'], 15],
  ]);
});
