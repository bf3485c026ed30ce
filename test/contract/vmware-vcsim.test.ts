import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StepContext } from '../../electron/core/ports.ts';
import type { Session } from '../../electron/targets/platforms/session.ts';
import { readKeyBy } from '../../electron/targets/read-key.ts';
import { apiOf, type VsphereApi } from '../../electron/targets/soap/api.ts';
import { listClusters } from '../../electron/targets/vmware/clusters.ts';
import { listHosts } from '../../electron/targets/vmware/hosts.ts';
import { move } from '../../electron/targets/vmware/migration.ts';
import { listVms } from '../../electron/targets/vmware/vms.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { hasVcsim, startVcsim, type Vcsim } from '../fakes/vcsim/vcsim.ts';
import { type Bench, bench, byPassword, faultOf } from './targets-kit.ts';

const ever = (): AbortSignal => new AbortController().signal;

const readKeyOf = readKeyBy({ readHostKey: () => expect.unreachable() });

async function hostAt(port: number, kind: string): Promise<Host> {
  const host = hostSchema.parse({
    id: 'it',
    name: 'it',
    kind,
    address: '127.0.0.1',
    port,
    user: 'root',
    login: 'password',
  });
  return { ...host, hostKeys: [await readKeyOf(host)] };
}

/** Under CI a missing vcsim is a failure, not a skip. */
describe.skipIf(!hasVcsim && process.env.CI !== 'true').each([
  ['vcenter', []],
  ['esxi-api', ['-esx']],
])('VMware’s own simulator as %s', { timeout: 30_000 }, (kind, args) => {
  let vcsim: Vcsim;
  let host: Host;
  let b: Bench;
  let api: VsphereApi;

  beforeAll(async () => {
    vcsim = await startVcsim(args);
    host = await hostAt(vcsim.port, kind);
    b = bench(byPassword('right'), { hosts: (id) => (id === host.id ? host : null) });
    api = apiOf(b.soap, host, { signal: ever() });
  }, 30_000);
  afterEach(() => b.soap.close());
  afterAll(() => vcsim?.stop());

  const step = (fields: Record<string, unknown>, earlier: StepContext['earlier'] = []) =>
    b.step({ target: 'it', ...fields }, host, earlier);
  const act = (context: StepContext) => b.meanwhile(b.actions(context).act(context));

  it('lets us in, and with a wrong password does not', async () => {
    expect((await api.content()).apiType).toBe(kind === 'vcenter' ? 'VirtualCenter' : 'HostAgent');
    const wrong = bench(byPassword('wrong'));
    expect((await faultOf(wrong.soap.content(host, ever()))).code).toBe('login-refused');
    await wrong.soap.close();
  });

  it('has every property that we ask for', async () => {
    const vms = await listVms(api, host);
    expect(vms.length).toBeGreaterThan(1);
    for (const vm of vms) expect(vm).toMatchObject({ on: true, isTemplate: false, hostId: expect.stringMatching(/./) });
    expect(vms.every(({ memory }) => memory > 0)).toBe(true);
    const hosts = await listHosts(api, host);
    expect(hosts.map(({ connected, inMaintenance }) => [connected, inMaintenance])).toEqual(
      hosts.map(() => [true, false]),
    );
    expect(hosts.every(({ name, parent, freeMemory }) => name !== '' && parent !== '' && freeMemory !== null)).toBe(
      true,
    );
    expect(await listClusters(api, host)).toHaveLength(kind === 'vcenter' ? 1 : 0);
  });

  it('shuts guests down and starts them again', async () => {
    const down = step({ kind: 'shut-down-guests', id: 'down' });
    const first = await b.actions(down).probe(down);
    expect(first.state).toBe('not-done');
    const data = await act(down);
    expect((await b.prove(down, 60_000)).last.state).toBe('done');
    const start = step({ kind: 'start-guests', id: 'start' }, [{ step: down.step, data }]);
    await act(start);
    expect((await b.prove(start, 60_000)).last).toMatchObject({ state: 'done' });
    expect((await listVms(api, host)).every(({ on }) => on)).toBe(true);
  });

  it('powers guests off that are on, and knows of those that are off', async () => {
    const [vm] = await listVms(api, host);
    if (!vm) throw new Error('it has VMs');
    const task = await api.call('PowerOffVM_Task', vm.ref);
    expect(task.fault).toBeNull();
    await expect.poll(async () => (await listVms(api, host))[0]?.on).toBe(false);
    expect((await api.call('ShutdownGuest', vm.ref)).fault?.type).toBe('InvalidPowerState');
    await api.call('PowerOnVM_Task', vm.ref);
    await expect.poll(async () => (await listVms(api, host))[0]?.on).toBe(true);
  });

  it('says what it does not know by a fault', async () => {
    const gone = { type: 'VirtualMachine', value: 'vm-none' };
    expect((await api.call('PowerOffVM_Task', gone)).fault?.type).toBe('ManagedObjectNotFound');
  });

  if (kind === 'esxi-api') {
    it('enters and leaves maintenance mode', async () => {
      for (const what of ['enter-maintenance', 'exit-maintenance']) {
        const context = step({ kind: what });
        await act(context);
        expect((await b.prove(context, 20_000)).last.state).toBe('done');
      }
    });
    return;
  }

  it('moves a guest to another host', async () => {
    const [vm] = await listVms(api, host);
    const to = (await listHosts(api, host)).find(({ ref }) => ref.value !== vm?.hostId);
    if (!vm || !to) throw new Error('it has VMs and hosts');
    const session = { ...({} as Session), host: { ...host, managedBy: 'it' }, clock: b.clock, signal: ever(), api };
    const moved = move({ ...session, other: () => session as Session } as Session, vm, to, 20_000);
    expect(await b.meanwhile(moved)).toBeNull();
    expect((await listVms(api, host)).find(({ name }) => name === vm.name)?.hostId).toBe(to.ref.value);
  });

  it('keeps the setting of vCLS, and what was never set is told as that', async () => {
    const { setting } = await api.content();
    const [cluster] = await listClusters(api, host);
    if (!setting || !cluster) throw new Error('it has settings and a cluster');
    const left = [{ clusters: [cluster.ref.value], names: [cluster.name] }];
    const retreat = step({ kind: 'retreat-vcls', id: 'retreat' });
    await act(retreat);
    const restore = step({ kind: 'restore-vcls', id: 'restore' }, [{ step: retreat.step, data: left[0] ?? {} }]);
    expect(await b.actions(restore).probe(restore)).toMatchObject({ state: 'not-done' });
    await act(restore);
    expect(await b.actions(restore).probe(restore)).toMatchObject({ state: 'done' });
  });

  it('takes what switches HA', async () => {
    // It does not keep it (version 0.24): that it takes the request, to its last element, is all that it can tell.
    const [cluster] = await listClusters(api, host);
    const off = { step: step({ kind: 'disable-ha', id: 'off' }).step, data: { clusters: [cluster?.ref.value ?? ''] } };
    expect(await act(step({ kind: 'enable-ha' }, [off]))).toEqual({
      clusters: [cluster?.ref.value],
      names: [cluster?.name],
    });
  });
});
