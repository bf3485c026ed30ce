import { afterEach, describe, expect, it } from 'vitest';
import type { StepContext } from '../../electron/core/ports.ts';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { apiOf } from '../../electron/targets/soap/api.ts';
import { SoapPool } from '../../electron/targets/soap/pool.ts';
import { propertiesOf } from '../../electron/targets/vmware/properties.ts';
import type { StepData } from '../../shared/run-record.ts';
import { readOnly } from '../fakes/vcenter/server.ts';
import { fakeEsxi, fakeVm } from '../fakes/vcenter/world.ts';
import { byPassword, faultOf, keeping } from './targets-kit.ts';
import { closeAll, closing, type Vsphere, vcenter } from './vmware-kit.ts';

afterEach(closeAll);

const down = { kind: 'shut-down-guests' };
const disable = { kind: 'disable-ha', id: 'disable' };
const enable = { kind: 'enable-ha', id: 'enable' };
const retreat = { kind: 'retreat-vcls', id: 'retreat' };
const restore = { kind: 'restore-vcls', id: 'restore' };

const parts = () => ({
  clusters: [
    { id: 'domain-c1', name: 'East', ha: true },
    { id: 'domain-c2', name: 'West', ha: false },
    { id: 'domain-c3', name: 'North', ha: true },
  ],
  hosts: [fakeEsxi('host-1'), fakeEsxi('host-2'), fakeEsxi('host-3', { cluster: 'domain-c2' })],
  vms: [
    fakeVm(1, 'web'),
    fakeVm(2, 'vcsa', { host: 'host-2', ip: '127.0.0.1' }),
    fakeVm(3, 'db', { host: 'host-3' }),
    fakeVm(4, 'vCLS-1111', { host: 'host-1', shutdownMs: 'never' }),
    fakeVm(5, 'vCLS-2222', { host: 'host-3', shutdownMs: 'never' }),
    fakeVm(6, 'golden', { power: 'off', isTemplate: true }),
  ],
});

/** As the runner does it: look, act, look until proven; gives what the step left. */
async function go(v: Vsphere, step: Record<string, unknown>, earlier: StepContext['earlier'] = [], ms = 180_000) {
  const context = v.step(step, earlier);
  const first = await v.probe(context);
  if (first.state === 'done') return { first, last: first, left: { step: context.step, data: {} }, tookMs: 0 };
  const intent = first.state === 'not-done' ? (first.data ?? {}) : {};
  const data = { ...(await v.act(context)), ...intent };
  const { last, tookMs } = await v.b.prove(context, ms);
  return { first, last, left: { step: context.step, data }, tookMs };
}

/** Where a VM stands in the inventory, as the vCenter tells it. */
async function parentsOf(v: Vsphere, id: string) {
  const api = apiOf(v.b.soap, v.host, { signal: new AbortController().signal });
  const found = await propertiesOf(api, v.host, { type: 'VirtualMachine', value: id }, ['parent', 'parentVApp']);
  return { parent: found.text('parent'), parentVApp: found.text('parentVApp') };
}

describe('a vCenter', () => {
  it('shuts down the guests of all its hosts, but neither its agents nor itself', async () => {
    const v = await vcenter({ parts: parts() });
    const { first, last } = await go(v, down);
    expect(first).toEqual({
      state: 'not-done',
      seen: '2 guests on: web, db',
      data: { guests: ['vm-1', 'vm-3'], names: ['web', 'db'] },
    });
    expect(last).toEqual({ state: 'done', proof: '2 guests off' });
    expect(v.world.vms.filter(({ power }) => power === 'on').map(({ name }) => name)).toEqual([
      'vcsa',
      'vCLS-1111',
      'vCLS-2222',
    ]);
    // Once, though it was looked at again and again.
    expect(v.b.told).toEqual(['vcsa is the vCenter itself: it is left for the step of the host that it runs on']);
  });

  it('shuts down a VM in a vApp like any other; one that the vApp keeps from starting is named, the others start', async () => {
    const vApp = 'resgroup-v9';
    const v = await vcenter({ parts: { vms: [fakeVm(1, 'web'), fakeVm(2, 'shop', { vApp }), fakeVm(3, 'db')] } });
    expect(await parentsOf(v, 'vm-2')).toEqual({ parent: null, parentVApp: vApp });
    const { first, last, left } = await go(v, down);
    expect(first).toMatchObject({ state: 'not-done', seen: '3 guests on: web, shop, db' });
    expect(last).toEqual({ state: 'done', proof: '3 guests off' });
    const start = await go(v, { kind: 'start-guests' }, [left], 20_000);
    expect(start.last).toEqual({ state: 'not-done', seen: '2 of 3 guests on' });
    expect(v.b.told).toContainEqual(expect.stringMatching(/^starting shop .*VAppNotRunning/));
    expect(v.world.vms.map(({ power }) => power)).toEqual(['on', 'off', 'on']);
  });

  it('switches HA and vCLS at once, and each is proven', async () => {
    const v = await vcenter({ parts: parts() });
    const both = [v.step(disable), v.step(retreat)];
    await v.b.meanwhile(Promise.all(both.map((context) => v.b.actions(context).act(context))));
    for (const context of both) expect((await v.b.prove(context, 90_000)).last.state).toBe('done');
    expect(v.world.clusters.map((cluster) => cluster.ha)).toEqual([false, false, false]);
    expect(v.world.vms.filter(({ power }) => power === 'on').map(({ name }) => name)).toEqual(['web', 'vcsa', 'db']);
  });

  it('is known among its guests by its name, too', async () => {
    const v = await vcenter({
      parts: { vms: [fakeVm(1, 'localhost'), fakeVm(2, 'web')] },
      inventory: { address: 'localhost' },
    });
    expect(await v.probe(v.step(down))).toMatchObject({ seen: '1 guest on: web' });
  });

  it('is known by what is kept of where its name leads, when nobody resolves names any more', async () => {
    const v = await vcenter({ parts: parts() });
    const kept = { of: async () => [{ address: '127.0.0.1', family: 4 as const }] };
    const soap = new SoapPool(keeping(byPassword('right')), v.b.clock, kept);
    closing.push(() => soap.close());
    const host = { ...v.host, address: 'vcenter.gone.invalid' };
    const steps = stepTable({ ...v.b.deps, soap });
    const probing = steps['shut-down-guests'].probe({ ...v.step(down), host });
    expect(await v.b.meanwhile(probing)).toMatchObject({ seen: '2 guests on: web, db' });
  });

  it('leaves every guest that tells its address to the host of that guest, as an appliance before an upgrade', async () => {
    const vms = [fakeVm(1, 'vcsa-old', { ip: '127.0.0.1' }), fakeVm(2, 'vcsa', { ip: '127.0.0.1' }), fakeVm(3, 'web')];
    const v = await vcenter({ parts: { vms } });
    expect((await go(v, down)).last).toEqual({ state: 'done', proof: '1 guest off' });
    expect(v.world.vms.map(({ power }) => power)).toEqual(['on', 'on', 'off']);
    expect(v.b.told).toHaveLength(2);
  });

  it('that is none of its own guests leaves nobody out, and says so', async () => {
    const v = await vcenter({ parts: { vms: [fakeVm(1, 'web')] } });
    expect((await go(v, down)).last).toEqual({ state: 'done', proof: '1 guest off' });
    expect(v.b.told).toEqual([expect.stringContaining('none of its VMs has the address of the vCenter')]);
  });

  it('is no machine that could be powered off or woken', async () => {
    const v = await vcenter({ parts: parts() });
    for (const kind of ['power-off', 'wake', 'enter-maintenance'])
      expect((await faultOf(v.act(v.step({ kind })))).code).toBe('reference-missing');
  });
});

describe('HA', () => {
  it('is switched off where it is on, and on again there and nowhere else', async () => {
    const v = await vcenter({ parts: parts() });
    const off = await go(v, disable);
    expect(off.first).toMatchObject({
      seen: 'HA is on in East, North',
      data: { clusters: ['domain-c1', 'domain-c3'], names: ['East', 'North'] },
    });
    expect(off.last).toEqual({ state: 'done', proof: 'HA is on in no cluster' });
    expect(v.world.clusters.map(({ ha }) => ha)).toEqual([false, false, false]);
    // Somebody switches one of them on by hand: it is not all that is owed.
    Object.assign(v.world.clusters[0] ?? {}, { ha: true });
    const on = await go(v, enable, [off.left]);
    expect(on.first).toEqual({ state: 'not-done', seen: 'HA is off in North' });
    expect(on.last).toEqual({ state: 'done', proof: 'HA is on in East, North' });
    expect(v.world.clusters.map(({ ha }) => ha)).toEqual([true, false, true]);
  });

  it('that was off before is not switched on', async () => {
    const v = await vcenter({ parts: { clusters: [{ id: 'domain-c1', name: 'East', ha: false }] } });
    const off = await go(v, disable);
    expect(off.first).toEqual({ state: 'done', proof: 'HA is on in no cluster' });
    const on = await go(v, enable, [off.left]);
    expect(on.first).toEqual({ state: 'done', proof: 'this run has switched HA off in no cluster' });
    expect(v.acts()).toEqual([]);
  });

  it('is not taken for off where our user may not read it', async () => {
    const v = await vcenter({ parts: parts() });
    v.server.methods.hidden.add('configuration.dasConfig.enabled');
    expect(await v.probe(v.step(disable))).toMatchObject({ state: 'unknown', fault: { code: 'not-allowed' } });
  });

  it('is switched off in the other clusters when one cannot be changed, and that is told', async () => {
    const clusters = [
      { id: 'domain-c1', name: 'East', ha: true, fails: 'HostCommunication' },
      { id: 'domain-c2', name: 'West', ha: true },
    ];
    const v = await vcenter({ parts: { clusters } });
    expect((await faultOf(v.act(v.step(disable)))).what).toContain('switching HA off in East failed');
    expect(v.world.clusters.map(({ ha }) => ha)).toEqual([true, false]);
  });

  it('that a task says is off, and is not, is not proven', async () => {
    const v = await vcenter({ parts: parts() });
    v.server.methods.lies.add('ReconfigureComputeResource_Task');
    expect((await go(v, disable, [], 20_000)).last).toMatchObject({
      state: 'not-done',
      seen: 'HA is on in East, North',
    });
  });
});

describe('vCLS', () => {
  it('retreats everywhere, is proven when its VMs are gone, and comes back where it was', async () => {
    const v = await vcenter({ parts: parts() });
    v.world.options.set('config.vcls.clusters.domain-c2.enabled', 'true');
    const off = await go(v, retreat);
    expect(off.first).toMatchObject({
      seen: '2 vCLS VMs on',
      data: { clusters: ['domain-c1', 'domain-c2', 'domain-c3'] },
    });
    expect(off.last).toEqual({ state: 'done', proof: 'no vCLS VM is on' });
    expect(off.tookMs).toBeGreaterThan(40_000);
    expect(off.tookMs).toBeLessThan(60_000);
    const on = await go(v, restore, [off.left]);
    expect(on.last).toEqual({ state: 'done', proof: 'vCLS is on in East, West, North' });
    await v.b.clock.advance(60_000);
    expect(v.world.vms.filter(({ name, power }) => name.startsWith('vCLS') && power === 'on')).toHaveLength(2);
  });

  it('that the user had switched off for a cluster stays off there', async () => {
    const v = await vcenter({ parts: parts() });
    v.world.options.set('config.vcls.clusters.domain-c3.enabled', 'false');
    const off = await go(v, retreat);
    expect((off.left.data as StepData).clusters).toEqual(['domain-c1', 'domain-c2']);
    await go(v, restore, [off.left]);
    expect(v.world.options.get('config.vcls.clusters.domain-c3.enabled')).toBe('false');
    expect(v.world.options.get('config.vcls.clusters.domain-c1.enabled')).toBe('true');
  });

  it('that does not go is not proven', async () => {
    const v = await vcenter({ parts: parts() });
    v.server.methods.lies.add('UpdateOptions');
    expect((await go(v, retreat)).last).toMatchObject({ state: 'not-done', seen: '2 vCLS VMs on' });
  });

  it('that nobody has is done already', async () => {
    const v = await vcenter({ parts: { vms: [fakeVm(1, 'web')] } });
    expect((await go(v, retreat)).first).toEqual({ state: 'done', proof: 'no vCLS VM is on' });
    expect((await go(v, restore)).first).toEqual({
      state: 'done',
      proof: 'this run has retreated vCLS in no cluster',
    });
  });
});

describe('a vCenter that does not do it', () => {
  it.each(['disable-ha', 'retreat-vcls', 'shut-down-guests'])('for want of a right: %s', async (kind) => {
    const v = await vcenter({ parts: parts(), users: [{ name: 'root', password: 'right', role: readOnly }] });
    const fault = await faultOf(v.act(v.step({ kind })));
    expect([fault.code, fault.what]).toEqual([
      kind === 'shut-down-guests' ? 'command-failed' : 'not-allowed',
      expect.stringContaining('may not do that'),
    ]);
  });

  it.each(['fin', 'rst', 'silence'] as const)('because it dies in the middle of a call (%s)', async (mood) => {
    const v = await vcenter({ parts: { clusters: [{ id: 'domain-c1', name: 'East', ha: true }] } });
    v.server.moods.set('ReconfigureComputeResource_Task', mood);
    const context = v.step(disable);
    const ended = faultOf(v.b.actions(context).act(context));
    await expect.poll(() => v.server.calls).toContain('ReconfigureComputeResource_Task');
    if (mood === 'silence') context.abort();
    expect((await ended).code).toBe(mood === 'silence' ? 'limit-reached' : 'dead-peer');
    // It had arrived: the next look tells.
    await v.b.clock.advance(10_000);
    expect(await v.probe(v.step(disable))).toEqual({ state: 'done', proof: 'HA is on in no cluster' });
  });

  it('because its password is wrong, or it shows another certificate', async () => {
    const wrong = await vcenter({ parts: parts(), password: 'wrong' });
    expect((await faultOf(wrong.act(wrong.step(disable)))).code).toBe('login-refused');
    const changed = await vcenter({
      parts: parts(),
      inventory: { hostKeys: [{ type: 'x509', fingerprint: `SHA256:${'A'.repeat(43)}` }] },
    });
    expect(await changed.probe(changed.step(disable))).toMatchObject({
      state: 'unknown',
      fault: { code: 'host-key-changed' },
    });
    expect(changed.server.calls).toEqual([]);
  });
});

it('is rehearsed without doing anything', async () => {
  const v = await vcenter({ parts: parts() });
  for (const step of [disable, enable, retreat, restore, down]) {
    const context = v.step(step);
    const checks = await v.b.meanwhile(v.b.actions(context).check(context));
    expect(checks.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'ready')).toEqual([]);
    expect(v.b.actions(context).would(context.step, v.host)).not.toContain('nothing');
  }
  expect(v.acts()).toEqual([]);
});
