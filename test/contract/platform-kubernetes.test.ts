import { expect, it } from 'vitest';
import type { StepContext } from '../../electron/core/ports.ts';
import type { After } from '../fakes/after.ts';
import { Cluster, type FakePod, node, pod } from '../fakes/machine/cluster.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { linuxMachine } from '../fakes/machine/linux.ts';
import type { Program } from '../fakes/machine/machine.ts';
import { byVisudo, describeMachines, entered, mac, onlyLooked, platformSuite, shortly, up } from './platform-kit.ts';
import { settingFaultsSuite } from './platform-misdeeds-kit.ts';
import { type SettingCase, settingSuite } from './platform-settings-kit.ts';
import { faultOf, inventoryHost } from './targets-kit.ts';

const linux = linuxMachine(mac);

const withKubectl = ({ program }: Cluster): MachineKind => ({
  ...linux,
  programs: { ...linux.programs, '/usr/bin/kubectl': program },
});

/** k3s has kubectl in it. */
const withK3s = ({ program }: Cluster): MachineKind => {
  const k3s: Program = (call, machine) => program({ ...call, args: call.args.slice(1) }, machine);
  return { ...linux, path: '/usr/local/bin:/usr/bin:/bin', programs: { ...linux.programs, '/usr/local/bin/k3s': k3s } };
};

const here = { addresses: ['127.0.0.1', 'n1'] };

platformSuite({
  kind: 'kubernetes',
  machine: (after) => withKubectl(new Cluster([node('n1', here)], [], after)),
  powerOff: {
    sent: ['systemctl poweroff'],
    ran: '/usr/bin/systemctl poweroff',
    bySudo: {
      sent: ['sudo -n systemctl poweroff'],
      rule: '/usr/bin/systemctl poweroff',
      remedy: byVisudo('systemctl poweroff'),
    },
  },
  tellsMacs: true,
});

for (const [title, rule, having] of [
  ['Kubernetes', '/usr/bin/kubectl', withKubectl],
  ['k3s', '/usr/local/bin/k3s', withK3s],
] as const) {
  const one: SettingCase = {
    kind: 'kubernetes',
    title,
    away: 'enter-maintenance',
    machine(on, after) {
      const cluster = new Cluster([node('n1', { ...here, cordoned: on }), node('n2')], [pod('shop/web', 'n1')], after);
      const refuse = (): void => {
        cluster.may.patchNodes = false;
      };
      return { machine: having(cluster), isOn: () => cluster.nodes[0]?.cordoned === true, refuse };
    },
  };
  settingSuite(one);
  settingFaultsSuite({ ...one, rule, isHeard: true });
}

const other = (more: object) =>
  inventoryHost(
    { address: '192.0.2.2', port: 22, fingerprint: null },
    { id: 'n2', name: 'n2', kind: 'kubernetes', managedBy: 'cp', ...more },
  );

const vc = inventoryHost(
  { address: '192.0.2.3', port: 443, fingerprint: null },
  { id: 'vc', name: 'vc', kind: 'vcenter', login: 'password' },
);

/** A node, its control plane, and a node that keeps its power. */
async function started(pods: FakePod[], more: Record<string, unknown> = {}) {
  let after: After = () => () => undefined;
  const cluster = new Cluster(
    [node('n1', here), node('n2', { addresses: ['192.0.2.2'] }), node('cp', { taints: ['NoSchedule'] })],
    pods,
    (ms, call) => after(ms, call),
  );
  const cp = await up({ kind: 'linux', machine: () => withKubectl(cluster) }, { host: { id: 'cp', name: 'cp' } });
  const made = await up(
    { kind: 'kubernetes', machine: () => linux },
    { host: { managedBy: 'cp', ...more }, others: [cp.host, vc] },
  );
  const { b, host } = made;
  after = (ms, call) => b.clock.after(ms, call);
  b.spared = [other({})];
  const enter = (given: object = {}) => b.step({ kind: 'enter-maintenance', target: 'box', limit: 60, ...given }, host);
  const exit = (earlier?: StepContext['earlier']) => b.step({ kind: 'exit-maintenance', target: 'box' }, host, earlier);
  const act = (context: StepContext) => b.meanwhile(b.actions(context).act(context));
  const probe = (context: StepContext) => b.actions(context).probe(context);
  /** The way home after `context`, with what that found before. */
  const home = async (context: StepContext) => {
    const before = await probe(context);
    const found = 'data' in before ? before.data : {};
    const left = { ...found, ...(await act(context)) };
    return exit([{ step: { ...context.step, id: 'before' }, data: left }]);
  };
  /** What was told to the cluster. */
  const told = () =>
    cp.machine.calls.map(({ args }) => args.slice(2).join(' ')).filter((text) => !/^(get|auth)/.test(text));
  return { ...made, cp, cluster, enter, exit, act, probe, home, told };
}

const daemon = pod('kube-system/proxy', 'n1', { owner: 'DaemonSet' });
const ofNode = pod('kube-system/static', 'n1', { owner: 'Node', mirror: true });
const over = pod('shop/job', 'n1', { owner: 'Job', phase: 'Succeeded' });
const overAlone = pod('shop/once', 'n1', { owner: '', phase: 'Failed' });
const drain = 'drain n1 --ignore-daemonsets --delete-emptydir-data --timeout 55s';

describeMachines('a Kubernetes node', () => {
  it('is cordoned and emptied through its control plane while another node keeps its power, and comes back', async () => {
    const k = await started([
      pod('shop/web', 'n1'),
      pod('shop/db', 'n1', { stopsAfterMs: 30_000 }),
      daemon,
      ofNode,
      over,
      overAlone,
    ]);
    const context = k.enter();
    const home = await k.home(context);
    expect(await k.probe(context)).toEqual({ state: 'done', proof: 'n1 is cordoned, 0 pods on it' });
    expect(k.cluster.podsOn('n2')).toEqual(['shop/web-anew', 'shop/db-anew']);
    expect(k.cluster.podsOn('n1')).toEqual(['kube-system/proxy', 'kube-system/static']);
    expect((await k.probe(home)).state).toBe('not-done');
    await k.act(home);
    expect(await k.probe(home)).toEqual({ state: 'done', proof: 'n1 takes pods' });
    expect([k.told(), k.sent()]).toEqual([['cordon n1', drain, 'uncordon n1'], []]);
  });

  it('is only cordoned when all nodes go down, and that is told', async () => {
    const k = await started([pod('shop/web', 'n1')]);
    k.b.spared = [];
    const context = k.enter();
    await k.act(context);
    expect(await k.probe(context)).toEqual({ state: 'done', proof: 'n1 is cordoned' });
    expect(k.told()).toEqual(['cordon n1']);
    expect(k.b.told).toEqual(['n1 is only cordoned: no other node keeps its power, so its pods have nowhere to go']);
  });

  it.each([{ cordoned: true }, { ready: false }, { taints: ['NoExecute'] }, { addresses: ['192.0.2.77'], name: 'n7' }])(
    'is only cordoned when the node that keeps its power is %o',
    async (more) => {
      const k = await started([pod('shop/web', 'n1')]);
      Object.assign(k.cluster.nodes[1] as object, more);
      await k.act(k.enter());
      expect(k.told()).toEqual(['cordon n1']);
    },
  );

  it.each([
    { managedBy: 'cp-2' },
    { kind: 'linux', managedBy: undefined },
    { address: '192.0.2.3', id: 'n3', name: 'n3' },
  ])('is only cordoned when what keeps its power is no node of its cluster: %o', async (more) => {
    const k = await started([pod('shop/web', 'n1')]);
    k.b.spared = [other(more)];
    await k.act(k.enter());
    expect(k.told()).toEqual(['cordon n1']);
  });

  it('with a pod that may not be evicted is not emptied within the limit, and says so', async () => {
    const k = await started([pod('shop/web', 'n1'), pod('shop/db', 'n1', { stopsAfterMs: null })]);
    const context = k.enter();
    const fault = await faultOf(k.act(context));
    expect([fault.code, fault.what]).toEqual([
      'command-failed',
      expect.stringMatching(/^draining n1 failed with exit code 1/),
    ]);
    expect(k.told()).toEqual(['cordon n1', drain]);
    expect(await k.probe(context)).toMatchObject({ state: 'not-done', seen: 'n1 is cordoned, 1 pod on it: shop/db' });
  });

  it('with a pod of no controller is never drained, as that would be lost', async () => {
    const k = await started([pod('shop/web', 'n1'), pod('shop/tool', 'n1', { owner: '' })]);
    const fault = await faultOf(k.act(k.enter()));
    expect(fault).toMatchObject({
      code: 'refused',
      what: 'cordoned and not drained: 1 pod on it has no controller and would be lost: shop/tool',
    });
    expect([k.told(), k.cluster.podsOn('n1')]).toEqual([['cordon n1'], ['shop/web', 'shop/tool']]);
    const checks = await k.check({ kind: 'enter-maintenance' });
    expect(checks.at(-1)).toMatchObject({ verdict: 'cannot-check', detail: expect.stringContaining('shop/tool') });
  });

  it('that was cordoned before is emptied, and stays cordoned on the way back', async () => {
    const k = await started([pod('shop/web', 'n1')]);
    (k.cluster.nodes[0] as { cordoned: boolean }).cordoned = true;
    const context = k.enter();
    const home = await k.home(context);
    expect((await k.probe(context)).state).toBe('done');
    expect(await k.probe(home)).toEqual({ state: 'done', proof: 'n1 is cordoned, as it was before' });
    await k.act(home);
    expect([k.told(), k.cluster.nodes[0]?.cordoned]).toEqual([['cordon n1', drain], true]);
  });

  it('that an earlier run cordoned, which nothing has taken back yet, is uncordoned', async () => {
    const k = await started([pod('shop/web', 'n1', { stopsAfterMs: null })]);
    const context = k.enter();
    const data = async () => {
      const seen = await k.probe(context);
      return 'data' in seen ? (seen.data ?? {}) : {};
    };
    const first = await data();
    (k.cluster.nodes[0] as { cordoned: boolean }).cordoned = true;
    const earlier = [first, await data()].map((left, at) => ({
      step: { ...context.step, id: `before-${at}` },
      data: left,
    }));
    const home = k.exit(earlier);
    expect((await k.probe(home)).state).toBe('not-done');
    await k.act(home);
    expect([(await k.probe(home)).state, k.told()]).toEqual(['done', ['uncordon n1']]);
  });

  it('that comes back asks until its cluster answers', async () => {
    const k = await started([]);
    (k.cluster.nodes[0] as { cordoned: boolean }).cordoned = true;
    k.cluster.isUp = false;
    k.b.clock.after(120_000, () => {
      k.cluster.isUp = true;
    });
    const home = k.exit();
    expect(await k.probe(home)).toMatchObject({ state: 'unknown', fault: { code: 'command-failed' } });
    await k.act(home);
    expect((await k.probe(home)).state).toBe('done');
    expect(k.b.told).toEqual(['the cluster of box does not answer, asking again']);
  });

  it('is rehearsed through its control plane, by looking only', async () => {
    const k = await started([pod('shop/web', 'n1')]);
    const checks = await k.check({ kind: 'enter-maintenance' });
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready']);
    expect(checks.at(-1)?.detail).toBe('root may do so on cp; n1 is not cordoned');
    onlyLooked(k);
    onlyLooked(k.cp);
    expect(k.told()).toEqual([]);
  });

  it('is asked about with sudo as it would be drained, within the limit of the step', async () => {
    const machine = () => withKubectl(new Cluster([node('n1', here)], [], () => () => undefined));
    const asUps = { user: 'ups', sudo: true };
    const made = await up({ kind: 'kubernetes', machine }, { host: asUps, sudo: ['/usr/bin/kubectl'] });
    const checks = await made.check({ kind: 'enter-maintenance', limit: 60 });
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready']);
    expect(made.sent()).toContain(`sudo -n -l -- /usr/bin/kubectl --request-timeout 10s ${drain}`);
  });

  it.each([
    ['cordon nodes', { patchNodes: false }],
    ['evict pods', { evictPods: false }],
  ])('that it may not %s is found in a rehearsal', async (what, may) => {
    const k = await started([pod('shop/web', 'n1')]);
    Object.assign(k.cluster.may, may);
    const checks = await k.check({ kind: 'enter-maintenance' });
    expect(checks.at(-1)).toMatchObject({ verdict: 'fails', detail: `the cluster does not let root ${what}` });
    expect(checks.at(-1)?.fault?.code).toBe('not-allowed');
  });

  it('is not told by a control plane that is off, and that one is named', async () => {
    const k = await started([]);
    k.cp.machine.powerCut();
    const fault = await faultOf(k.act(k.enter()));
    expect([fault.code, fault.where]).toEqual(['unreachable', expect.stringMatching(/^cp /)]);
    expect(await k.probe(k.enter())).toMatchObject({ state: 'unknown', fault: { code: 'unreachable' } });
  });

  it.each(['nobody', 'vc'])('that %s manages says so', async (managedBy) => {
    const k = await started([], { managedBy });
    expect(await faultOf(k.act(k.enter()))).toMatchObject({
      code: 'reference-missing',
      where: expect.stringMatching(/^box /),
    });
  });

  it.each([
    ['by its name', [node('other'), node('box')], 'cordon box'],
    ['by one of its addresses', [node('box'), node('n5', { addresses: ['fe80::1', '127.0.0.1'] })], 'cordon n5'],
    ['by the first part of its host name', [node('n1'), node('n3')], 'cordon n3'],
  ])('is found %s', async (how, nodes, wanted) => {
    const k = await started([], how.includes('host name') ? { address: 'N3.example.org' } : {});
    k.cluster.nodes.splice(0, 9, ...nodes);
    await k.act(k.enter());
    expect(k.told()).toEqual([wanted]);
  });

  it.each([
    ['is none of them', [node('n7')], 'reference-missing', /no node of its cluster has the address 127\.0\.0\.1 .*n7$/],
    ['may be several', [node('n1', here), node('n2', here)], 'reference-missing', /may be several nodes .*: n1, n2$/],
    ['has a name that is none', [node('--all', here)], 'unexpected-answer', /--all/],
    ['has a name with a command', [node("n'; poweroff", here)], 'unexpected-answer', /poweroff/],
  ])('that %s gets nothing', async (_how, nodes, code, what) => {
    const k = await started([]);
    k.cluster.nodes.splice(0, 9, ...nodes);
    const fault = await faultOf(k.act(k.enter()));
    expect([fault.code, fault.what]).toEqual([code, expect.stringMatching(what)]);
    expect(k.told()).toEqual([]);
  });

  it('without kubectl and k3s is told so', async () => {
    const made = await up({ kind: 'kubernetes', machine: () => linux });
    const checks = await made.check({ kind: 'enter-maintenance' });
    expect(checks.at(-1)?.detail).toBe('it has no kubectl and no k3s kubectl in the PATH of commands sent over SSH');
  });
});
