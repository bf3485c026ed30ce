import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import { takenIds } from '../../renderer/plan/ids.ts';
import { starterPlan } from '../../renderer/plan/starter.ts';
import type { Host } from '../../shared/inventory.ts';
import { type HostKind, hostKinds } from '../../shared/platforms.ts';
import { type Sequence, type Stage, type StepKind, sequenceSchema } from '../../shared/sequence.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { sequence } from '../fakes/window/plan.ts';
import { everyKind } from '../fakes/window/platforms.ts';

/** A machine that is woken by its network card, and stands alone unless it is said. */
const machine = (id: string, kind: HostKind, change: Partial<Host> = {}): Host => {
  const { managedBy: _, jump: _jump, ...host } = everyKind.find((each) => each.kind === kind) as Host;
  return { ...host, id, name: id, ...change };
};
const starter = (of: readonly Host[]) => starterPlan(of, new Set());
const shape = (stages: readonly Stage[], kind: StepKind) =>
  stages.flatMap(({ name, steps }) => {
    const ids = steps.flatMap((step) => (step.kind === kind && 'target' in step ? step.target : []));
    return ids.length > 0 ? [[name, ids]] : [];
  });
const needs = (plan: Sequence) =>
  Object.fromEntries(
    [...plan.stages, ...plan.returnStages].flatMap(({ steps }) => steps.map((step) => [step.id, step.needs])),
  );
/** Of what belongs to the order of things, and not to what is missing under Setup. */
const orderProblems = (of: readonly Host[]) =>
  findProblems({ sequence: starter(of), hosts: of, secretIds: new Set(of.map(({ id }) => id)) })
    .map(({ what }) => what)
    .filter((what) => /before|beside|waits for itself|cut hard/.test(what));

describe('a starter plan', () => {
  it('puts every platform where it is looked for', () => {
    const plan = starter(everyKind);
    expect(sequenceSchema.safeParse(plan).success).toBe(true);
    expect(shape(plan.stages, 'shut-down-guests')).toEqual([
      [
        'Guests and containers',
        ['esxi-1', 'esxi-api-1', 'proxmox-1', 'libvirt-1', 'hyper-v-1', 'xcp-ng-1', 'docker-1'],
      ],
    ]);
    // windows-1 is reached through linux-1 in the sample, and so nothing holds up linux-1 but it.
    expect(shape(plan.stages, 'power-off')).toEqual([
      ['Servers', ['windows-1', 'linux-1', 'macos-1', 'docker-1', 'kubernetes-1', 'other-1']],
      ['Hypervisors', ['esxi-1', 'esxi-api-1', 'proxmox-1', 'libvirt-1', 'hyper-v-1', 'xcp-ng-1']],
      ['Storage and network', ['truenas-1', 'synology-1', 'qnap-1', 'unraid-1', 'freebsd-1']],
    ]);
    const machines = hostKinds.filter((kind) => kind !== 'vcenter').map((kind) => `${kind}-1`);
    expect(
      shape(plan.stages, 'power-off')
        .flatMap(([, ids]) => ids)
        .sort(),
    ).toEqual([...machines].sort());
    expect(shape(plan.stages, 'enter-maintenance')).toEqual([['Hypervisors', ['esxi-1', 'esxi-api-1']]]);
    expect(plan.returnStages.map(({ name }) => name)).toEqual([
      'Wake storage and network',
      'Wake hypervisors',
      'Leave maintenance',
      'Wake servers',
      'Start guests',
    ]);
    expect(
      shape(plan.returnStages, 'wake')
        .flatMap(([, ids]) => ids)
        .sort(),
    ).toEqual([...machines].sort());
  });

  it('calls its stages by what is in them', () => {
    const names = (of: readonly Host[]) => starter(of).stages.map(({ name }) => name);
    expect(names([machine('a', 'docker')])).toEqual(['Containers', 'Servers']);
    expect(names([machine('a', 'proxmox'), machine('b', 'qnap')])).toEqual(['Guests', 'Hypervisors', 'Storage']);
    expect(names([])).toEqual(['Stage 1']);
  });

  it('lets go last, and wakes first, what later ones need, whatever it is and through whatever it is needed', () => {
    const all = [
      machine('nfs', 'linux'),
      machine('gate', 'linux'),
      machine('esx', 'esxi', { uses: ['nfs'], jump: 'gate' }),
      machine('switch', 'other'),
      machine('nas', 'synology', { uses: ['switch'] }),
      machine('web', 'linux'),
    ];
    const plan = starter(all);
    expect(shape(plan.stages, 'power-off')).toEqual([
      ['Servers', ['web']],
      ['Hypervisors', ['esx']],
      ['Storage and network', ['nfs', 'gate', 'nas', 'switch']],
    ]);
    expect(needs(plan)).toMatchObject({ 'power-off-switch': ['power-off-nas'], 'wake-nas': ['wake-switch'] });
    expect(orderProblems(all)).toEqual([]);
    // The check can fail: with the stages the other way round the planner has much to say.
    const wrong = { ...plan, stages: [...plan.stages].reverse() };
    expect(
      findProblems({ sequence: wrong, hosts: all, secretIds: new Set() })
        .map(({ what }) => what)
        .join(),
    ).toContain('nfs would go down before');
  });

  it('lets a member of a pool go before its master, and wakes it after it', () => {
    const pool = [machine('master', 'xcp-ng'), machine('member', 'xcp-ng', { managedBy: 'master' })];
    expect(needs(starter(pool))).toMatchObject({
      'power-off-master': ['power-off-member'],
      'wake-member': ['wake-master'],
    });
    expect(orderProblems(pool)).toEqual([]);
  });

  it('is never at odds with the planner about the order, and has no step that waits for itself', () => {
    const some = fc.array(fc.tuple(fc.constantFrom(...hostKinds), fc.array(fc.nat(7), { maxLength: 3 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(some, (drawn) => {
        const all = drawn.map(([kind, uses], at) => {
          // Downwards only: of hosts that need each other in a circle none can go first.
          const ids = [...new Set(uses)].filter((other) => other < at).map((other) => `h${other}`);
          return machine(`h${at}`, kind, { uses: ids });
        });
        const isMachine = all.every(({ kind }) => kind !== 'vcenter');
        const found = orderProblems(all);
        expect(isMachine ? found : found.filter((what) => what.includes('waits for itself'))).toEqual([]);
      }),
    );
    const circle = ['a', 'b', 'c'].map((id, at) => machine(id, 'linux', { uses: [['b'], ['c'], ['a']][at] ?? [] }));
    expect(needs(starter(circle))['power-off-a']).toEqual([]);
    expect(orderProblems(circle).filter((what) => what.includes('waits for itself'))).toEqual([]);
  });

  it('is valid for any set of hosts', () => {
    fc.assert(
      fc.property(fc.subarray(hosts), (some) => {
        expect(sequenceSchema.safeParse(starter(some)).success).toBe(true);
      }),
    );
    const plan = starterPlan(hosts, new Set(['other']));
    expect(plan.id).toBe('main');
    expect(plan.stages.map(({ id }) => id)).toEqual(['guests', 'servers', 'hypervisors']);
    // Nothing that it loses comes back in a minute from there on.
    expect(plan.pointOfNoReturn).toBe('servers');
  });

  it('knows which host is this computer, which is a guest, and who needs whom', () => {
    const known = (id: string, change: Partial<Host>) =>
      ({ ...(hosts.find((host) => host.id === id) as Host), ...change }) as Host;
    const some = [
      known('esx-1', {}),
      known('backup-1', { uses: ['nas-1'] }),
      known('nas-1', {}),
      { ...known('nas-1', { isThisComputer: true }), id: 'desk' },
      { ...known('nas-1', { runsOn: 'esx-1' }), id: 'guest' },
    ];
    const plan = starter(some);
    expect(sequenceSchema.safeParse(plan).success).toBe(true);
    expect(shape(plan.stages, 'power-off')).toEqual([
      ['Servers', ['backup-1', 'nas-1']],
      ['Hypervisors', ['esx-1']],
      ['This computer', ['desk']],
    ]);
    expect(needs(plan)).toMatchObject({
      'power-off-nas-1': ['power-off-backup-1'],
      'power-off-esx-1': ['enter-maintenance-esx-1'],
      'wake-backup-1': ['wake-nas-1'],
    });
    expect(shape(plan.returnStages, 'wake').flatMap(([, ids]) => ids)).toEqual(['esx-1', 'nas-1', 'backup-1']);
  });

  it('ends with the hypervisor in a guest of which Glidepath runs, and takes that guest along', () => {
    const some = [
      machine('esx', 'esxi'),
      machine('big', 'esxi'),
      machine('web', 'linux'),
      machine('desk', 'linux', { runsOn: 'esx', isThisComputer: true }),
    ];
    const plan = starter(some);
    expect(shape(plan.stages, 'power-off')).toEqual([
      ['Servers', ['web']],
      ['Hypervisors', ['big']],
      ['This computer', ['esx']],
    ]);
    expect(shape(plan.stages, 'enter-maintenance')).toEqual([['Hypervisors', ['big']]]);
    expect(plan.stages[0]?.steps).toMatchObject([{ target: 'esx', guests: { except: ['desk'] } }, { target: 'big' }]);
    expect(plan.stages[0]?.steps[1]).not.toHaveProperty('guests');
    expect(orderProblems(some)).toEqual([]);
  });
});

it('a starter plan never takes the file of a plan that cannot be read', () => {
  const fault = { code: 'file-broken' as const, what: 'x', where: '', remedy: '' };
  const refused = ['/home/ada/sequences/main.json', 'C:\\Users\\ada\\sequences\\main-2.json'];
  const taken = takenIds({ sequence, refused: refused.map((file) => ({ file, fault })) });
  expect([...taken]).toEqual(['rack', 'main', 'main-2']);
  expect(starterPlan(hosts, taken).id).toBe('main-3');
});
