import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hostSchema } from '../../shared/inventory.ts';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import { type VsphereOptions, VsphereServer } from '../fakes/vcenter/server.ts';
import { type FakeCluster, type FakeEsxi, type FakeVm, fakeEsxi, fakeVm, World } from '../fakes/vcenter/world.ts';
import { bench, byPassword, faultOf } from './targets-kit.ts';
import { certificate, closeAll, closing, vsphereHost } from './vmware-kit.ts';

afterEach(closeAll);

/** One vCenter and its first host by its own API; the other hosts are known to the vCenter alone. */
async function rack(
  parts: { vms?: FakeVm[]; hosts?: FakeEsxi[]; clusters?: FakeCluster[] } = {},
  more: Partial<VsphereOptions> = {},
) {
  const b = bench(byPassword('right'), { hosts: (id) => hosts.find((host) => host.id === id) ?? null });
  const after: VsphereOptions['after'] = (ms, call) => b.clock.after(ms, call);
  const world = new World(after, {
    hosts: parts.hosts ?? [1, 2, 3].map((at) => fakeEsxi(`host-${at}`, { ip: `127.0.0.1${at}` })),
    vms: parts.vms ?? [],
    ...(parts.clusters && { clusters: parts.clusters }),
  });
  const common = { world, after, users: [{ name: 'root', password: 'right' }], certificate: certificate() };
  const vc = new VsphereServer({ ...common, name: 'vc', side: { is: 'vcenter' }, address: '127.0.0.10', ...more });
  const first = world.hosts[0] as FakeEsxi;
  const esxi = new VsphereServer({ ...common, name: 'esxi', side: { is: 'esxi', host: first }, address: first.ip });
  for (const server of [vc, esxi]) {
    await server.powerOn();
    closing.push(() => server.close());
  }
  closing.unshift(() => b.soap.close());
  const hosts = [
    vsphereHost(vc, { id: 'vc', name: 'vc', kind: 'vcenter' }),
    vsphereHost(esxi, { id: 'esxi', name: 'esxi', managedBy: 'vc' }),
  ];
  const [, host] = hosts;
  if (!host) throw new Error('there is a host');
  const step = (kind: string, fields: object = {}) => b.step({ kind, target: 'esxi', ...fields }, host);
  const act = (context: ReturnType<typeof step>) => b.meanwhile(b.actions(context).act(context));
  const others = (...ips: string[]) =>
    ips.map((address) => hostSchema.parse({ ...host, id: `h-${address.replaceAll('.', '-')}`, address }));
  return { b, world, vc, esxi, step, act, others };
}

const acting = ({ calls }: VsphereServer): string[] => calls.filter((method) => /_Task$|^ShutdownGuest$/.test(method));

describe('a host that a vCenter manages', () => {
  it('enters and leaves maintenance mode, and stops its guests, through it', async () => {
    const r = await rack({ vms: [fakeVm(1, 'web'), fakeVm(2, 'db'), fakeVm(3, 'web', { host: 'host-2' })] });
    const down = r.step('shut-down-guests');
    await r.act(down);
    expect((await r.b.prove(down, 60_000)).last).toEqual({ state: 'done', proof: '2 guests off' });
    for (const kind of ['enter-maintenance', 'exit-maintenance']) {
      const context = r.step(kind);
      await r.act(context);
      expect((await r.b.prove(context, 10_000)).last.state).toBe('done');
    }
    expect(acting(r.vc)).toEqual([
      'ShutdownGuest',
      'ShutdownGuest',
      'EnterMaintenanceMode_Task',
      'ExitMaintenanceMode_Task',
    ]);
    expect(acting(r.esxi)).toEqual([]);
    // The other host's guest of the same name runs on.
    expect(r.world.vms.map(({ power }) => power)).toEqual(['off', 'off', 'on']);
    expect(r.b.told).toEqual([]);
  });

  it.each(['fin', 'rst'] as const)(
    'goes on by itself when the vCenter is gone (%s), which is told once',
    async (mode) => {
      const r = await rack({ vms: [1, 2, 3, 4, 5, 6].map((id) => fakeVm(id, `vm${id}`)) });
      await r.b.meanwhile(r.b.actions(r.step('enter-maintenance')).probe(r.step('enter-maintenance')));
      r.vc.powerOff(mode);
      const down = r.step('shut-down-guests');
      await r.act(down);
      expect((await r.b.prove(down, 60_000)).last).toEqual({ state: 'done', proof: '6 guests off' });
      const enter = r.step('enter-maintenance');
      await r.act(enter);
      expect((await r.b.prove(enter, 10_000)).last.state).toBe('done');
      expect(acting(r.esxi)).toHaveLength(7);
      expect(r.b.told).toEqual([
        expect.stringMatching(/^not by vc: nothing listens there .* Going on at esxi itself$/),
      ]);
    },
  );

  it('does not try a vCenter that is gone again and again, and uses it when it is back', async () => {
    const r = await rack();
    const { port } = r.vc;
    r.vc.powerOff('fin');
    let tries = 0;
    const dead = net.createServer((socket) => {
      tries += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => dead.listen(port, '127.0.0.10', resolve));
    for (const kind of ['enter-maintenance', 'exit-maintenance', 'enter-maintenance']) await r.act(r.step(kind));
    expect([tries, acting(r.esxi).length, r.b.told.length]).toEqual([1, 3, 1]);
    await new Promise((resolve) => dead.close(resolve));
    await r.vc.powerOn();
    await r.b.clock.advance(120_000);
    await r.act(r.step('exit-maintenance'));
    expect(acting(r.vc)).toEqual(['ExitMaintenanceMode_Task']);
  });

  it('goes on by itself when the vCenter dies in the middle of a call, with what was asked done once or twice', async () => {
    const r = await rack();
    r.vc.moods.set('EnterMaintenanceMode_Task', 'rst');
    const enter = r.step('enter-maintenance');
    await r.act(enter);
    expect((await r.b.prove(enter, 10_000)).last.state).toBe('done');
    expect(r.b.told).toHaveLength(1);
  });

  it.each([
    ['lets nobody in', { users: [{ name: 'root', password: 'other' }] }],
    ['shows another certificate', null],
    ['does not know it', undefined],
  ])('goes on by itself when the vCenter %s', async (_why, more) => {
    const hosts = [fakeEsxi('host-1', { ip: '127.0.0.11' })];
    const r = await rack({ hosts }, more ?? {});
    if (more === null) {
      r.vc.powerOff('fin');
      r.vc.certificate = selfSigned();
      await r.vc.powerOn();
    }
    if (more === undefined) Object.assign(hosts[0] ?? {}, { ip: '192.0.2.1' });
    const enter = r.step('enter-maintenance');
    await r.act(enter);
    expect((await r.b.prove(enter, 10_000)).last.state).toBe('done');
    expect([acting(r.vc), acting(r.esxi)]).toEqual([[], ['EnterMaintenanceMode_Task']]);
    expect(r.b.told).toHaveLength(1);
  });

  it('is not mistaken for another host that tells the same address', async () => {
    const r = await rack();
    // As of a network that is not routed, and of which every cluster has one of its own.
    r.world.hosts.unshift(fakeEsxi('host-0', { ip: '127.0.0.11' }));
    const enter = r.step('enter-maintenance');
    await r.act(enter);
    expect((await r.b.prove(enter, 10_000)).last.state).toBe('done');
    expect(r.world.hosts.map(({ maintenance }) => maintenance)).toEqual(['off', 'on', 'off', 'off']);
    expect(r.b.told).toEqual([expect.stringContaining('it has 2 hosts of the name or address 127.0.0.11')]);
  });

  it('that its vCenter has lost touch with is spoken to itself: what that knows of it is old', async () => {
    const r = await rack({ vms: [fakeVm(1, 'web')] });
    Object.assign(r.world.hosts[0] ?? {}, { connected: false });
    await r.act(r.step('shut-down-guests'));
    await r.b.clock.advance(30_000);
    await r.act(r.step('enter-maintenance'));
    expect([acting(r.vc), acting(r.esxi)]).toEqual([[], ['ShutdownGuest', 'EnterMaintenanceMode_Task']]);
    expect(r.b.told).toHaveLength(2);
  });

  const byDrs = () => ({
    vms: [fakeVm(1, 'dc', { shutdownMs: 'never' }), fakeVm(2, 'web')],
    hosts: [1, 2].map((at) => fakeEsxi(`host-${at}`, { ip: `127.0.0.1${at}` })),
    clusters: [{ id: 'domain-c1', name: 'Cluster', ha: false, drs: true }],
  });

  it('with a guest that runs on is not emptied by DRS, onto hosts that go down as well', async () => {
    const r = await rack(byDrs());
    await r.act(r.step('shut-down-guests'));
    await r.b.clock.advance(30_000);
    const enter = r.step('enter-maintenance');
    expect((await faultOf(r.act(enter))).code).toBe('command-failed');
    expect((await r.b.prove(enter, 10_000)).last.state).toBe('not-done');
    // Where its guests were asked already, nobody would ask it once more.
    expect(r.world.vms.map(({ host, power }) => [host, power])).toEqual([
      ['host-1', 'on'],
      ['host-1', 'off'],
    ]);
    expect([acting(r.vc), acting(r.esxi)]).toEqual([['ShutdownGuest', 'ShutdownGuest'], ['EnterMaintenanceMode_Task']]);
    expect(r.b.told).toEqual(['not by vc, as DRS could move its guests to hosts that go down as well: 1 guest on: dc']);
    expect((await faultOf(r.act(r.step('power-off', { until: 'port-closed' })))).code).toBe('refused');
  });

  it('is emptied by DRS while other hosts keep their power', async () => {
    const r = await rack(byDrs());
    r.b.spared = r.others('127.0.0.12');
    const enter = r.step('enter-maintenance');
    await r.act(enter);
    expect((await r.b.prove(enter, 30_000)).last.state).toBe('done');
    expect(r.world.vms.map(({ host, power }) => [host, power])).toEqual([
      ['host-2', 'on'],
      ['host-2', 'on'],
    ]);
    expect([acting(r.vc), acting(r.esxi)]).toEqual([['EnterMaintenanceMode_Task'], []]);
  });

  it('is not emptied by DRS while none of its cluster keeps its power', async () => {
    const r = await rack(byDrs());
    // A NAS on another UPS.
    r.b.spared = r.others('127.0.0.99');
    expect((await faultOf(r.act(r.step('enter-maintenance')))).code).toBe('command-failed');
    expect(r.world.vms.map(({ host }) => host)).toEqual(['host-1', 'host-1']);
    expect([acting(r.vc), acting(r.esxi)]).toEqual([[], ['EnterMaintenanceMode_Task']]);
  });

  it('with agents of vSphere alone enters through it, which takes them away', async () => {
    const r = await rack({ ...byDrs(), vms: [fakeVm(1, 'vCLS-1')] });
    await r.act(r.step('enter-maintenance'));
    expect([acting(r.vc), acting(r.esxi)]).toEqual([['EnterMaintenanceMode_Task'], []]);
  });

  it('that fails itself is not taken for a vCenter that does', async () => {
    const r = await rack({ vms: [fakeVm(1, 'web'), fakeVm(2, 'web')] });
    r.esxi.moods.set('ShutdownGuest', 'garbage');
    expect((await faultOf(r.act(r.step('shut-down-guests')))).where).toContain('esxi');
    expect(r.b.told).toEqual([]);
    expect(acting(r.esxi).length).toBeLessThanOrEqual(2);
  });

  it('is proven by what the host itself says, whatever the vCenter tells', async () => {
    const r = await rack();
    r.vc.methods.lies.add('EnterMaintenanceMode_Task');
    const enter = r.step('enter-maintenance');
    await r.act(enter);
    expect((await r.b.prove(enter, 10_000)).last).toEqual({ state: 'not-done', seen: 'not in maintenance mode' });
  });
});

it.each([
  ['as it is', {}, '; through vc'],
  [
    'that lets nobody in',
    { users: [{ name: 'root', password: 'other' }] },
    '; not through vc: it refused the password',
  ],
])('a rehearsal tells of a vCenter %s, and it is no hindrance', async (_what, more, said) => {
  const r = await rack({}, more);
  const enter = r.step('enter-maintenance');
  const checks = await r.b.meanwhile(r.b.actions(enter).check(enter));
  expect(checks.map(({ verdict }) => verdict)).toEqual(['ready', 'ready', 'ready', 'ready']);
  expect(checks.at(-1)?.detail).toContain(said);
  expect([acting(r.vc), acting(r.esxi)]).toEqual([[], []]);
});

describe('moving guests away', () => {
  const running = (vms: readonly FakeVm[], host: string) =>
    vms.filter((vm) => vm.host === host && vm.power === 'on').map(({ name }) => name);

  it('spreads them by memory over the hosts that keep their power, and leaves the agents', async () => {
    const vms = [
      fakeVm(1, 'big', { memory: 2 ** 33 }),
      fakeVm(2, 'mid', { memory: 2 ** 32 }),
      fakeVm(3, 'small', { memory: 2 ** 31 }),
      fakeVm(4, 'off', { power: 'off' }),
      fakeVm(5, 'vCLS-1111'),
    ];
    const r = await rack({ vms });
    r.b.spared = r.others('127.0.0.12', '127.0.0.13');
    const away = r.step('migrate-guests');
    expect(await r.b.meanwhile(r.b.actions(away).probe(away))).toEqual({
      state: 'not-done',
      seen: '3 guests on: big, mid, small',
    });
    await r.act(away);
    expect((await r.b.prove(away, 60_000)).last).toEqual({ state: 'done', proof: 'no guest runs on it' });
    expect([1, 2, 3].map((at) => running(r.world.vms, `host-${at}`))).toEqual([
      ['vCLS-1111'],
      ['big'],
      ['mid', 'small'],
    ]);
  });

  it('goes to no host that loses its power, is in maintenance mode, is gone, or is not known', async () => {
    const hosts = [
      fakeEsxi('host-1', { ip: '127.0.0.11' }),
      fakeEsxi('host-2', { ip: '127.0.0.12' }),
      fakeEsxi('host-3', { ip: '127.0.0.13', maintenance: 'on' }),
      fakeEsxi('host-4', { ip: '127.0.0.14', connected: false }),
      fakeEsxi('host-5', { ip: '127.0.0.15', cluster: 'domain-c2' }),
    ];
    const r = await rack({ hosts, vms: [fakeVm(1, 'web')] });
    // Not host-2: it goes down, too.
    r.b.spared = r.others('127.0.0.13', '127.0.0.14', '127.0.0.15');
    expect(await faultOf(r.act(r.step('migrate-guests')))).toMatchObject({ code: 'refused' });
    expect(acting(r.vc)).toEqual([]);
  });

  it('names what cannot be moved, and moves the rest', async () => {
    const vms = [fakeVm(1, 'web'), fakeVm(2, 'pinned', { cannotMove: 'DisallowedMigrationDeviceAttached' })];
    const r = await rack({ vms });
    r.b.spared = r.others('127.0.0.12');
    const fault = await faultOf(r.act(r.step('migrate-guests')));
    expect(fault.what).toContain('moving pinned to host-2.lab failed (DisallowedMigrationDeviceAttached)');
    expect([running(r.world.vms, 'host-1'), running(r.world.vms, 'host-2')]).toEqual([['pinned'], ['web']]);
  });

  it('goes on with the others when one may not be moved, and has ended when it says so', async () => {
    const vms = [1, 2, 3, 4, 5, 6].map((id) => fakeVm(id, `vm${id}`));
    Object.assign(vms[0] ?? {}, { cannotMove: 'NoPermission' });
    const r = await rack({ vms });
    r.b.spared = r.others('127.0.0.12');
    expect((await faultOf(r.act(r.step('migrate-guests')))).what).toContain('moving vm1 to host-2.lab failed');
    expect(running(r.world.vms, 'host-1')).toEqual(['vm1']);
  });

  it('goes to neither of two hosts that tell the same address', async () => {
    const hosts = [1, 2, 2].map((ip, at) => fakeEsxi(`host-${at + 1}`, { ip: `127.0.0.1${ip}` }));
    const r = await rack({ hosts, vms: [fakeVm(1, 'web')] });
    r.b.spared = r.others('127.0.0.12');
    expect(await faultOf(r.act(r.step('migrate-guests')))).toMatchObject({ code: 'refused' });
  });

  it('is not proven by a task that says so', async () => {
    const r = await rack({ vms: [fakeVm(1, 'web')] });
    r.b.spared = r.others('127.0.0.12');
    r.vc.methods.lies.add('RelocateVM_Task');
    const away = r.step('migrate-guests');
    await r.act(away);
    expect((await r.b.prove(away, 20_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: web' });
  });

  it('needs a vCenter, and moves nothing once the run is cancelled', async () => {
    const r = await rack({ vms: [fakeVm(1, 'web')] });
    r.b.spared = r.others('127.0.0.12');
    await expect(r.act({ ...r.step('migrate-guests'), isCancelled: () => true })).rejects.toThrow('cancelled');
    expect(acting(r.vc)).toEqual([]);
    const alone = r.step('migrate-guests');
    const { managedBy: _none, ...host } = alone.host ?? {};
    expect((await faultOf(r.act({ ...alone, host: hostSchema.parse(host) }))).code).toBe('reference-missing');
  });

  it('is rehearsed without moving anything', async () => {
    const r = await rack({ vms: [fakeVm(1, 'web')] });
    const away = r.step('migrate-guests');
    const checks = await r.b.meanwhile(r.b.actions(away).check(away));
    expect(checks.map(({ what, verdict }) => `${what}: ${verdict}`)).toEqual([
      'reach: ready',
      'host-key: ready',
      'login: ready',
      'privilege: ready',
      'guests: ready',
    ]);
    expect(acting(r.vc)).toEqual([]);
  });
});
