import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../fakes/vcenter/certificate.ts';
import type { Role } from '../fakes/vcenter/properties.ts';
import { readOnly } from '../fakes/vcenter/server.ts';
import { fakeEsxi, fakeVm } from '../fakes/vcenter/world.ts';
import { faultOf } from './targets-kit.ts';
import { closeAll, esxiByApi } from './vmware-kit.ts';

afterEach(closeAll);

const down = { kind: 'shut-down-guests' };
const enter = { kind: 'enter-maintenance' };
const off = { kind: 'power-off', until: 'port-closed' };
const on = (world: { vms: Array<{ name: string; power: string }> }) =>
  world.vms.filter(({ power }) => power === 'on').map(({ name }) => name);

describe('an ESXi host by its API', () => {
  it('goes down in order and comes back with the guests that were on', async () => {
    const vms = [
      fakeVm(1, 'web'),
      fakeVm(2, 'old', { power: 'off' }),
      fakeVm(3, 'db', { shutdownMs: 40_000 }),
      fakeVm(4, 'template', { power: 'off', isTemplate: true }),
    ];
    const v = await esxiByApi({ parts: { vms } });
    const shutDown = v.step({ ...down, id: 'guests' });
    // What was on is known before the first guest is asked.
    expect(await v.probe(shutDown)).toEqual({
      state: 'not-done',
      seen: '2 guests on: web, db',
      data: { guests: ['1', '3'], names: ['web', 'db'] },
    });
    const data = await v.act(shutDown);
    const proof = await v.b.prove(shutDown, 120_000);
    expect(proof.last).toEqual({ state: 'done', proof: '2 guests off' });
    expect(proof.tookMs).toBeGreaterThanOrEqual(36_000);

    const entering = v.step(enter);
    expect(await v.probe(entering)).toEqual({ state: 'not-done', seen: 'not in maintenance mode' });
    await v.act(entering);
    expect(await v.probe(entering)).toEqual({ state: 'done', proof: 'in maintenance mode' });
    // No vSAN: nothing is said of it.
    expect(v.world.vsanModes).toEqual([null]);

    const powerOff = v.step(off);
    expect(await v.probe(powerOff)).toEqual({
      state: 'not-done',
      seen: `its HTTPS port ${v.host.port} still answers`,
    });
    await v.act(powerOff);
    expect((await v.b.prove(powerOff, 60_000)).last.state).toBe('done');
    expect([v.server.state, v.world.crashed]).toEqual(['off', []]);
    expect(v.acts()).toEqual(['ShutdownGuest', 'ShutdownGuest', 'EnterMaintenanceMode_Task', 'ShutdownHost_Task']);
    expect(v.server.bodies.at(-1)).not.toContain('<force>true');

    await v.server.powerOn();
    const exit = v.step({ kind: 'exit-maintenance' });
    expect((await v.probe(exit)).state).toBe('not-done');
    await v.act(exit);
    expect(await v.probe(exit)).toEqual({ state: 'done', proof: 'not in maintenance mode' });

    const start = v.step({ kind: 'start-guests', id: 'start' }, [{ step: shutDown.step, data }]);
    expect(await v.probe(start)).toEqual({ state: 'not-done', seen: '0 of 2 guests on' });
    expect(await v.act(start)).toEqual({ started: 2 });
    expect((await v.b.prove(start, 30_000)).last).toEqual({ state: 'done', proof: '2 guests on' });
    expect(on(v.world)).toEqual(['web', 'db']);
  });

  it('finds everything done already', async () => {
    const v = await esxiByApi({
      parts: { vms: [fakeVm(1, 'web', { power: 'off' })], hosts: [fakeEsxi('host-1', { maintenance: 'on' })] },
    });
    expect(await v.probe(v.step(down))).toEqual({ state: 'done', proof: 'no guest is on' });
    expect((await v.probe(v.step(enter))).state).toBe('done');
    // Entering twice is not a fault.
    await v.act(v.step(enter));
    expect(v.world.hosts[0]?.maintenance).toBe('on');
  });

  it('is read in pages, however many guests it has', async () => {
    const vms = Array.from({ length: 23 }, (_, at) => fakeVm(at + 1, `vm${at + 1}`));
    const v = await esxiByApi({ parts: { vms }, pageSize: 5 });
    expect(await v.probe(v.step(down))).toMatchObject({ seen: expect.stringContaining('23 guests on') });
    // Each list is five pages of five.
    const pages = (name: string) => v.server.calls.filter((method) => method === name).length;
    expect(pages('ContinueRetrievePropertiesEx')).toBe(4 * pages('RetrievePropertiesEx'));
    const data = await v.act(v.step(down));
    expect(data.guests).toHaveLength(23);
  });

  it.each([
    ['no-action', 'noAction'],
    ['ensure-accessibility', 'ensureObjectAccessibility'],
    ['full', 'evacuateAllData'],
  ])('tells a vSAN member what becomes of its data: %s', async (evacuation, mode) => {
    const v = await esxiByApi({ parts: { hosts: [fakeEsxi('host-1', { isVsanMember: true })] } });
    await v.act(v.step({ ...enter, evacuation }));
    expect(v.world.vsanModes).toEqual([mode]);
    // Never 0, which waits for ever; what moves data may take as long as the step.
    expect(v.server.bodies.join()).toContain(`<timeout>${evacuation === 'no-action' ? 60 : 120}</timeout>`);
  });
});

describe('guests', () => {
  it('without Tools are named, and the others are asked', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'db', { tools: 'not-running' }), fakeVm(2, 'web')] } });
    const shutDown = v.step(down);
    await v.act(shutDown);
    expect(v.b.told).toEqual(['db was not asked: VMware Tools is not running in it']);
    expect((await v.b.prove(shutDown, 60_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: db' });
  });

  it('are asked again when the connection is lost while they are asked: it may have been an old one', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web')] } });
    let asked = 0;
    v.server.moods.get = (method) => {
      if (method === 'ShutdownGuest') asked += 1;
      return method === 'ShutdownGuest' && asked === 1 ? 'fin' : undefined;
    };
    await v.act(v.step(down));
    expect([v.acts(), v.b.told]).toEqual([['ShutdownGuest', 'ShutdownGuest'], []]);
  });

  it('of which our user may not read whether they are on are not taken for off', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web')] } });
    v.server.methods.hidden.add('runtime.powerState');
    expect(await v.probe(v.step(down))).toMatchObject({ state: 'unknown', fault: { code: 'not-allowed' } });
  });

  it('that never stop stay on without force, and are powered off with it after two thirds of the limit', async () => {
    for (const force of [false, true]) {
      const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'stubborn', { shutdownMs: 'never' }), fakeVm(2, 'web')] } });
      const shutDown = v.step({ ...down, limit: 90, force });
      await v.act(shutDown);
      const { last, tookMs } = await v.b.prove(shutDown, 90_000);
      expect([force, last.state]).toEqual([force, force ? 'done' : 'not-done']);
      expect(v.acts().filter((method) => method === 'PowerOffVM_Task')).toHaveLength(force ? 1 : 0);
      if (force) expect(tookMs).toBeGreaterThanOrEqual(60_000);
    }
  });

  it('of which a server says that they are asked though it does nothing are not off', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web')] } });
    v.server.methods.lies.add('ShutdownGuest');
    const shutDown = v.step({ ...down, limit: 60 });
    await v.act(shutDown);
    expect((await v.b.prove(shutDown, 60_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: web' });
  });

  it('are not started on a host that is still in maintenance mode, and it is said', async () => {
    const v = await esxiByApi({
      parts: { vms: [fakeVm(1, 'web', { power: 'off' })], hosts: [fakeEsxi('host-1', { maintenance: 'on' })] },
    });
    const earlier = [{ step: v.step(down).step, data: { guests: ['1'] } }];
    const fault = await faultOf(v.act(v.step({ kind: 'start-guests', id: 'start' }, earlier)));
    expect(fault).toMatchObject({ code: 'command-failed', what: expect.stringContaining('InvalidState') });
  });

  it('of a journal are sent nowhere unless their ids are ids', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web')] } });
    const earlier = [{ step: v.step(down).step, data: { guests: ['1</_this><x/>'] } }];
    const start = v.step({ kind: 'start-guests', id: 'start' }, earlier);
    await expect(v.act(start)).rejects.toThrow('not a VM');
    expect(v.acts()).toEqual([]);
  });
});

describe('maintenance mode', () => {
  it('is not entered under a running guest, and waited for no longer than a minute', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web', { shutdownMs: 'never' })] } });
    const began = v.b.clock.monotonic();
    const fault = await faultOf(v.act(v.step(enter)));
    expect(fault).toMatchObject({ code: 'command-failed', remedy: expect.stringContaining('guest') });
    expect(v.b.clock.monotonic() - began).toBeLessThan(70_000);
    expect([v.world.hosts[0]?.maintenance, on(v.world)]).toEqual(['off', ['web']]);
  });

  it('is not taken for left where our user may not read it', async () => {
    const v = await esxiByApi({ parts: { hosts: [fakeEsxi('host-1', { maintenance: 'on' })] } });
    v.server.methods.hidden.add('runtime.inMaintenanceMode');
    expect(await v.probe(v.step({ kind: 'exit-maintenance' }))).toMatchObject({
      state: 'unknown',
      fault: { code: 'not-allowed' },
    });
  });

  it('that a task says was entered, and was not, is not proven', async () => {
    const v = await esxiByApi();
    v.server.methods.lies.add('EnterMaintenanceMode_Task');
    const entering = v.step(enter);
    await v.act(entering);
    expect((await v.b.prove(entering, 20_000)).last).toEqual({ state: 'not-done', seen: 'not in maintenance mode' });
  });
});

describe('powering off', () => {
  it('is refused under running guests, whatever the host would do', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web')] } });
    const fault = await faultOf(v.act(v.step(off)));
    expect(fault).toMatchObject({ code: 'refused', what: expect.stringContaining('web') });
    expect(v.acts()).toEqual([]);
  });

  it('goes without maintenance mode when nothing runs', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web', { power: 'off' })] } });
    const powerOff = v.step(off);
    await v.act(powerOff);
    expect((await v.b.prove(powerOff, 60_000)).last.state).toBe('done');
    expect(v.acts()).toEqual(['ShutdownHost_Task', 'ShutdownHost_Task']);
  });

  it.each(['fin', 'rst', 'silence'] as const)(
    'that ends in %s is proven by looking, not by the answer',
    async (mood) => {
      const v = await esxiByApi({ death: mood, parts: { hosts: [fakeEsxi('host-1', { maintenance: 'on' })] } });
      const powerOff = v.step(off);
      if (mood !== 'silence') v.server.moods.set('ShutdownHost_Task', mood);
      await v.act(powerOff);
      expect((await v.b.prove(powerOff, 60_000)).last.state).toBe('done');
      expect(v.world.hosts[0]?.isOn).toBe(false);
    },
  );

  it('by force is refused when a guest has started in between', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web', { power: 'off' })] } });
    const refuse = v.world.shutdownHost.bind(v.world);
    v.world.shutdownHost = (host, force) => {
      for (const vm of v.world.vms) vm.power = 'on';
      return refuse(host, force);
    };
    expect(await faultOf(v.act(v.step(off)))).toMatchObject({ code: 'refused', what: expect.stringContaining('web') });
    expect(v.acts()).toEqual(['ShutdownHost_Task']);
  });

  it('that was taken and does nothing is not done', async () => {
    const v = await esxiByApi({ parts: { hosts: [fakeEsxi('host-1', { maintenance: 'on', isStuck: true })] } });
    const powerOff = v.step(off);
    await v.act(powerOff);
    expect((await v.b.prove(powerOff, 30_000)).last.state).toBe('not-done');
  });

  it.each(['runtime.powerState', 'runtime.inMaintenanceMode'])(
    'does not happen when our user may not read %s',
    async (path) => {
      const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web')] } });
      v.server.methods.hidden.add(path);
      const fault = await faultOf(v.act(v.step(off)));
      expect(['refused', 'not-allowed']).toContain(fault.code);
      expect([v.acts(), on(v.world)]).toEqual([[], ['web']]);
    },
  );

  it('does not happen when the host does not say what runs on it', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web', { power: 'off' })] } });
    v.server.moods.set('RetrievePropertiesEx', 'busy');
    expect((await faultOf(v.act(v.step(off)))).code).toBe('unexpected-answer');
    expect(v.acts()).toEqual([]);
  });
});

const operator: Role = { id: 12, name: 'Operator', privileges: ['System.Read', 'VirtualMachine.Interact.PowerOff'] };

describe('a host that does not let us', () => {
  it.each([
    [
      'a role without the privilege',
      { users: [{ name: 'root', password: 'right', role: readOnly }] },
      'may not do that',
    ],
    ['the free licence', { isFree: true }, 'licence'],
  ])('by %s says so, and what to do', async (_why, more, what) => {
    const v = await esxiByApi({ ...more, parts: { hosts: [fakeEsxi('host-1', { maintenance: 'on' })] } });
    const fault = await faultOf(v.act(v.step(off)));
    expect(fault).toMatchObject({ code: 'not-allowed', what: expect.stringContaining(what) });
    expect(v.world.hosts[0]?.isOn).toBe(true);
  });

  it('by the free licence is to be spoken to over SSH', async () => {
    const v = await esxiByApi({ isFree: true, parts: { vms: [fakeVm(1, 'web')] } });
    expect(await faultOf(v.act(v.step(down)))).toMatchObject({
      code: 'not-allowed',
      remedy: expect.stringContaining('ESXi over SSH'),
    });
  });

  it('by its password or its certificate is tried once, and nothing is done', async () => {
    const wrong = await esxiByApi({ password: 'wrong' });
    expect(await wrong.probe(wrong.step(enter))).toMatchObject({ state: 'unknown', fault: { code: 'login-refused' } });
    expect((await faultOf(wrong.act(wrong.step(enter)))).code).toBe('login-refused');
    expect(wrong.server.logins).toHaveLength(1);
    const changed = await esxiByApi({
      inventory: { hostKeys: [{ type: 'x509', fingerprint: selfSigned().fingerprint }] },
    });
    expect((await faultOf(changed.act(changed.step(off)))).code).toBe('host-key-changed');
    expect(changed.server.calls).toEqual([]);
  });

  it('because it hangs lets go when the step’s limit is over', async () => {
    const v = await esxiByApi();
    v.server.moods.set('RetrievePropertiesEx', 'silence');
    const context = v.step(enter);
    const ended = faultOf(v.b.actions(context).act(context));
    await expect.poll(() => v.server.calls).toContain('RetrievePropertiesEx');
    context.abort();
    expect((await ended).code).toBe('limit-reached');
    expect(v.acts()).toEqual([]);
  });

  it('because it is a vCenter is told apart', async () => {
    const v = await esxiByApi({ side: { is: 'vcenter' } });
    expect(await faultOf(v.act(v.step(enter)))).toMatchObject({ what: expect.stringContaining('vCenter Server') });
  });
});

describe('in a rehearsal', () => {
  const rehearse = (v: Awaited<ReturnType<typeof esxiByApi>>, step: object) => {
    const context = v.step(step as Record<string, unknown>);
    return v.b.meanwhile(v.b.actions(context).check(context));
  };
  const shortly = (checks: ReadonlyArray<{ what: string; verdict: string }>) =>
    checks.map(({ what, verdict }) => `${what}: ${verdict}`);
  const entered = ['reach: ready', 'host-key: ready', 'login: ready'];

  it('everything is looked at and nothing is done', async () => {
    const v = await esxiByApi({ parts: { vms: [fakeVm(1, 'web'), fakeVm(2, 'db')] } });
    expect(shortly(await rehearse(v, down))).toEqual([...entered, 'privilege: ready', 'guests: ready', 'tools: ready']);
    expect(shortly(await rehearse(v, enter))).toEqual([...entered, 'privilege: ready']);
    expect(shortly(await rehearse(v, off))).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    expect([v.acts(), on(v.world)]).toEqual([[], ['web', 'db']]);
  });

  it('a right that is missing and Tools that do not run are found', async () => {
    const v = await esxiByApi({
      users: [{ name: 'root', password: 'right', role: operator }],
      parts: { vms: [fakeVm(1, 'web', { tools: 'not-running' })] },
    });
    const guests = await rehearse(v, down);
    expect(shortly(guests)).toEqual([...entered, 'privilege: fails', 'guests: ready', 'tools: fails']);
    expect(guests[3]?.detail).toBe('root has the role Operator, which lacks VirtualMachine.Interact.PowerOn');
    expect(shortly(await rehearse(v, enter)).at(-1)).toBe('privilege: fails');
  });

  it('a wrong password and another certificate are found', async () => {
    const wrong = await esxiByApi({ password: 'wrong' });
    expect(shortly(await rehearse(wrong, enter))).toEqual(['reach: ready', 'host-key: ready', 'login: fails']);
    const other = await esxiByApi({
      inventory: { hostKeys: [{ type: 'x509', fingerprint: selfSigned().fingerprint }] },
    });
    expect(shortly(await rehearse(other, enter))).toEqual(['reach: ready', 'host-key: fails']);
  });
});
