import { afterEach, describe, expect, it } from 'vitest';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { cluster, vm, vmId, type WindowsState } from '../fakes/windows/state.ts';
import { faultOf } from './targets-kit.ts';
import { closing, entered, shortly, windows } from './windows-kit.ts';

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const hyperV = (state: Partial<WindowsState> = {}, more: Parameters<typeof windows>[2] = {}) =>
  windows('hyper-v', state, more);

const off = { kind: 'power-off', until: 'port-closed' };
const down = { kind: 'shut-down-guests' };
const enter = { kind: 'enter-maintenance' };
const exit = { kind: 'exit-maintenance' };
const asUps = { host: { user: 'ups' } };
const inHyperV = { groups: { ups: ['hyper-v'] } } as const;

describe.each<[string, Partial<WindowsState>]>([
  ['cmd.exe', { shell: 'cmd' }],
  ['PowerShell', { shell: 'powershell', noise: 'Gr\u00fc\u00dfe!\r\n' }],
])('a Hyper-V host with %s', (_shell, shell) => {
  it('goes down in order and comes back with the VMs that were on', async () => {
    const vms = [vm(1, "Jürgen's ‘dc’ 日本"), vm(2, 'old', { state: 'Off' }), vm(3, 'db', { shutDownMs: 40_000 })];
    const w = await hyperV({ ...shell, vms: [...vms, vm(4, 'lab', { state: 'Saved' })] });
    const guests = w.step({ ...down, id: 'guests' });
    const wasOn = { guests: [vmId(1), vmId(3)], names: ["Jürgen's ‘dc’ 日本", 'db'] };
    expect(await w.probe(guests)).toEqual({
      state: 'not-done',
      seen: "2 guests on: Jürgen's ‘dc’ 日本, db",
      data: wasOn,
    });
    expect(await w.act(guests)).toEqual(wasOn);
    const { last, tookMs } = await w.b.prove(guests, 120_000);
    expect(last).toEqual({ state: 'done', proof: '2 guests off' });
    expect(tookMs).toBeGreaterThanOrEqual(36_000);
    expect(tookMs).toBeLessThan(46_000);

    const maintenance = w.step(enter);
    expect(await w.probe(maintenance)).toEqual({
      state: 'done',
      proof: 'no cluster, no guest is on; saved: lab',
    });
    const power = w.step(off);
    await w.act(power);
    expect((await w.b.prove(power, 60_000)).last.state).toBe('done');
    expect([w.fake.state, w.fake.hyperV.crashed]).toEqual(['off', 0]);

    await w.fake.powerOn();
    expect((await w.probe(w.step(exit))).state).toBe('done');
    const start = w.step({ kind: 'start-guests', id: 'start' }, [{ step: guests.step, data: wasOn }]);
    expect(await w.probe(start)).toEqual({ state: 'not-done', seen: '0 of 2 guests on' });
    expect(await w.act(start)).toEqual({ started: 2 });
    expect((await w.b.prove(start, 30_000)).last).toEqual({ state: 'done', proof: '2 guests on' });
    // Those that start already are not started again.
    expect(await w.act(start)).toEqual({ started: 2 });
    await w.b.clock.advance(3000);
    expect(w.fake.windows.vms.map(({ state }) => state)).toEqual(['Running', 'Off', 'Running', 'Saved']);
    expect(await w.act(start)).toEqual({ started: 2 });
  });

  it('is ready in a rehearsal that only looks', async () => {
    const w = await hyperV({ ...shell, vms: [vm(1, 'dc'), vm(2, 'lab', { state: 'Saved' })] });
    const offs = await w.check(off);
    expect(shortly(offs)).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    expect(offs.at(-1)?.detail).toBe('1 guest on: dc; saved: lab');
    const downs = await w.check(down);
    expect(shortly(downs)).toEqual([...entered, 'privilege: ready', 'guests: ready', 'tools: ready']);
    expect(downs.map(({ detail }) => detail).slice(-3)).toEqual([
      'Administrator is in Administrators',
      '1 guest on: dc',
      'the integration service runs in 1 guest',
    ]);
    for (const step of [enter, exit, { kind: 'start-guests' }])
      expect((await w.check(step)).map(({ verdict }) => verdict)).not.toContain('fails');
    expect([w.done(), w.fake.state, w.fake.hyperV.running]).toEqual([[], 'on', ['dc']]);
  });
});

describe('guests that do not stop', () => {
  it('stay on without force, and are turned off with it', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc', { agent: 'deaf' }), vm(2, 'web')] });
    const gentle = w.step({ ...down, limit: 60 });
    await w.act(gentle);
    expect((await w.b.prove(gentle, 60_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
    expect(w.sent().some((text) => text.includes('TurnOff'))).toBe(false);
    const hard = w.step({ ...down, limit: 60, force: true });
    await w.act(hard);
    expect((await w.b.prove(hard, 60_000)).last).toEqual({ state: 'done', proof: '1 guest off' });
    expect(w.b.told).toEqual(['powering off dc']);
  });

  it('and cannot be turned off keep none of the others on', async () => {
    const stuck = vm(1, 'dc', { agent: 'deaf', cannotTurnOff: true });
    const w = await hyperV({ vms: [stuck, vm(2, 'web', { agent: 'deaf' }), vm(3, 'db', { agent: 'deaf' })] });
    const step = w.step({ ...down, limit: 60, force: true });
    await w.act(step);
    expect((await w.b.prove(step, 60_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
  });

  it.each(['none', 'off'] as const)('as their services are %s are named, and the others are asked', async (agent) => {
    const w = await hyperV({ vms: [vm(1, 'dc', { agent }), vm(2, 'web')] });
    const step = w.step({ ...down, limit: 30 });
    await w.act(step);
    expect(w.b.told).toEqual(['dc was not asked: the integration service does not run in it']);
    expect((await w.b.prove(step, 30_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
    const checks = await w.check(down);
    expect(checks.at(-1)).toMatchObject({ what: 'tools', verdict: 'fails' });
    expect(checks.at(-1)?.detail).toContain('does not run in dc');
    expect((await w.check({ ...down, force: true })).at(-1)).toMatchObject({ what: 'tools', verdict: 'cannot-check' });
  });

  it('when none can be asked: says so at once', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc', { agent: 'none' })] });
    const fault = await faultOf(w.act(w.step(down)));
    expect([fault.code, fault.what]).toEqual([
      'command-failed',
      expect.stringContaining('integration service does not run'),
    ]);
  });

  it('and do not say whether they live cannot be checked', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc', { heartbeat: 'Disabled' })] });
    expect((await w.check(down)).at(-1)).toMatchObject({ what: 'tools', verdict: 'cannot-check' });
  });
});

describe('guests', () => {
  it.each(['Paused', 'Saving', 'Stopping', 'RunningCritical', 'Etwas'])('that are %s are on', async (state) => {
    const w = await hyperV({ vms: [vm(1, 'dc', { state })] });
    expect((await w.probe(w.step(down))).state).toBe('not-done');
  });

  it.each(['Off', 'OffCritical', 'Saved', 'FastSaved', 'SavedCritical'])('that are %s are off', async (state) => {
    const w = await hyperV({ vms: [vm(1, 'dc', { state })] });
    expect(await w.probe(w.step(down))).toEqual({ state: 'done', proof: 'no guest is on' });
  });

  it('that are paused are not asked, and it is said in which state they are', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc', { state: 'Paused' })] });
    expect((await faultOf(w.act(w.step(down)))).what).toContain('dc was not asked');
  });

  it('are 50, and all of them go', async () => {
    const w = await hyperV({ vms: Array.from({ length: 50 }, (_, at) => vm(at, `vm-${at}`)) });
    const step = w.step(down);
    expect(((await w.act(step)).guests as string[]).length).toBe(50);
    expect((await w.b.prove(step, 60_000)).last).toEqual({ state: 'done', proof: '50 guests off' });
    const all = Array.from({ length: 50 }, (_, at) => vm(at, `vm-${at}`, { agent: 'deaf' }));
    const deaf = await hyperV({ vms: all });
    const hard = deaf.step({ ...down, force: true, limit: 60 });
    await deaf.act(hard);
    expect((await deaf.b.prove(hard, 60_000)).last).toEqual({ state: 'done', proof: '50 guests off' });
    // At most 16 to a command: none is longer than cmd.exe takes.
    expect(deaf.sent().filter((text) => text.includes('TurnOff'))).toHaveLength(4);
  });

  it('with a name that none has: the others are asked, and a rehearsal fails', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc'), vm(2, 'web')] });
    const step = w.step({ ...down, guests: { only: ['web', 'wbe'] } });
    await w.act(step);
    expect(w.b.told).toEqual(['no guest of hv has the name wbe']);
    expect((await w.b.prove(step, 60_000)).last.state).toBe('done');
    expect(w.fake.hyperV.running).toEqual(['dc']);
    const checks = await w.check({ ...down, guests: { only: ['wbe'] } });
    expect(checks.at(-1)).toMatchObject({ what: 'guests', fault: { code: 'reference-missing' } });
  });

  it('of which one does not start: the others do', async () => {
    const w = await hyperV({
      vms: [vm(1, 'dc', { state: 'Off', cannotStart: true }), vm(2, 'web', { state: 'Saved' })],
    });
    const earlier = [{ step: w.step({ ...down, id: 'guests' }).step, data: { guests: [vmId(1), vmId(2)] } }];
    const start = w.step({ kind: 'start-guests', id: 'start' }, earlier);
    expect(await w.act(start)).toEqual({ started: 1 });
    expect((await w.b.prove(start, 10_000)).last).toEqual({ state: 'not-done', seen: '1 of 2 guests on' });
  });

  it('of a journal with an id that is none get into no command', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc')] });
    const data = { guests: ["x'; Stop-Computer #"] };
    const start = w.step({ kind: 'start-guests', id: 'start' }, [{ step: w.step({ ...down, id: 'g' }).step, data }]);
    await expect(w.act(start)).rejects.toThrow("not a VM's id");
    expect(w.sent()).toEqual([]);
  });
});

describe('a user', () => {
  it('in Hyper-V Administrators manages VMs', async () => {
    const w = await hyperV({ ...inHyperV, vms: [vm(1, 'dc')] }, asUps);
    const step = w.step(down);
    await w.act(step);
    expect((await w.b.prove(step, 60_000)).last.state).toBe('done');
    expect((await w.check(down)).find(({ what }) => what === 'privilege')?.detail).toBe(
      'ups is in Hyper-V Administrators',
    );
  });

  it('in neither group sees no VM, and that is no proof that none is on', async () => {
    const privileges = { ups: ['SeRemoteShutdownPrivilege'] };
    const w = await hyperV({ vms: [vm(1, 'dc')], privileges }, asUps);
    expect(await w.probe(w.step(down))).toMatchObject({ state: 'unknown', fault: { code: 'not-allowed' } });
    expect(await w.probe(w.step(enter))).toMatchObject({ state: 'unknown', fault: { code: 'not-allowed' } });
    const fault = await faultOf(w.act(w.step(off)));
    expect(fault).toMatchObject({
      code: 'not-allowed',
      what: expect.stringContaining('not powered off, as guests may run'),
    });
    expect([w.fake.state, w.fake.hyperV.running]).toEqual(['on', ['dc']]);
    expect(shortly(await w.check(down))).toEqual([...entered, 'privilege: fails', 'guests: fails']);
    expect(shortly(await w.check(off))).toEqual([...entered, 'privilege: ready', 'guests: fails']);
  });

  it('whose key the host does not know is let into nothing', async () => {
    const strangers = [{ name: 'Administrator', publicKeys: [newSshKey().publicKey] }];
    const w = await hyperV({ vms: [vm(1, 'dc')] }, { fake: { users: strangers } });
    expect((await faultOf(w.act(w.step(down)))).code).toBe('login-refused');
    expect(w.sent()).toEqual([]);
  });
});

describe('a Hyper-V host', () => {
  it('is never powered off under a VM', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc'), vm(2, 'lab', { state: 'Paused' })] });
    const fault = await faultOf(w.act(w.step(off)));
    expect(fault).toMatchObject({ code: 'refused', what: 'its guests would be cut off: 2 guests on: dc, lab' });
    expect([w.done(), w.fake.state]).toEqual([[], 'on']);
  });

  it.each<[string, Partial<WindowsState>, string]>([
    ['does not tell of its VMs', { vmms: false }, 'command-failed'],
    ['has no PowerShell', { powershell: 'blocked' }, 'command-failed'],
    ['answers half', { powershell: 'garbled' }, 'unexpected-answer'],
  ])('that %s is left on', async (_how, state, code) => {
    const w = await hyperV({ vms: [vm(1, 'dc')], ...state });
    const fault = await faultOf(w.act(w.step(off)));
    expect([fault.code, fault.what]).toEqual([code, expect.stringMatching(/^not powered off, as guests may run: /)]);
    expect(w.done()).toEqual([]);
    expect(await w.probe(w.step(down))).toMatchObject({ state: 'unknown', fault: { code } });
    expect(shortly(await w.check(off)).at(-1)).toBe('guests: fails');
  });

  it('that hangs holds the step up to its limit', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc')], powershell: 'hang' });
    const step = w.step(down);
    const acting = faultOf(w.act(step));
    await expect.poll(() => w.sent().length).toBe(1);
    step.abort();
    expect((await acting).code).toBe('limit-reached');
  });

  it.each(['fin', 'rst'] as const)('that dies by %s while a VM is asked is a lost connection', async (death) => {
    const w = await hyperV({ vms: [vm(1, 'dc')], powershell: 'dies' }, { fake: { death } });
    expect((await faultOf(w.act(w.step(down)))).code).toBe('dead-peer');
  });

  it('that was installed anew gets nothing', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc')] });
    const host = { ...w.host, hostKeys: [{ type: 'ssh-ed25519', fingerprint: newSshKey().fingerprint }] };
    for (const kind of ['shut-down-guests', 'enter-maintenance', 'power-off']) {
      const step = w.b.step({ target: 'hv', kind }, host);
      expect((await faultOf(w.act(step))).code).toBe('host-key-changed');
    }
    expect(w.sent()).toEqual([]);
  });

  it('tells the MAC addresses of its cards', async () => {
    const w = await hyperV({}, { host: { macs: ['02:00:00:00:00:07'] } });
    expect((await w.check({ kind: 'wake' })).at(-1)?.detail).toBe('02:00:00:00:00:07: the host has it');
  });

  it('says what it would do', async () => {
    const w = await hyperV();
    const would = (one: Record<string, unknown>) => {
      const { step } = w.step(one);
      return w.b.table[step.kind].would(step, w.host);
    };
    expect(would({ ...down, force: true })).toBe(
      'InitiateShutdown for every guest that is on, then Stop-VM -TurnOff for those that have not stopped',
    );
    expect(would({ kind: 'start-guests' })).toBe('Start-VM for every guest that this run shut down');
    expect([would(enter), would(exit)]).toEqual(['Suspend-ClusterNode -Drain', 'Resume-ClusterNode']);
  });
});

describe('maintenance without a cluster', () => {
  it('is there when no VM is on', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc')] });
    const step = w.step(enter);
    expect(await w.probe(step)).toMatchObject({ state: 'not-done', seen: 'no cluster, 1 guest on: dc' });
    expect(await faultOf(w.act(step))).toMatchObject({
      code: 'refused',
      remedy: expect.stringContaining('Shut down guests'),
    });
    w.fake.windows.vms.splice(0, 1, vm(1, 'dc', { state: 'Off' }));
    expect(await w.act(step)).toEqual({});
    expect((await w.probe(step)).state).toBe('done');
    expect((await w.probe(w.step(exit))).state).toBe('done');
    expect(w.done()).toEqual([]);
  });
});

describe('maintenance in a cluster', () => {
  it('pauses and drains the node, which takes its time, and resumes it', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc'), vm(2, 'old', { state: 'Off' })], cluster: cluster() });
    const step = w.step(enter);
    expect((await w.probe(step)).state).toBe('not-done');
    await w.act(step);
    // On the way it is in neither state.
    expect((await w.probe(step)).state).toBe('not-done');
    expect((await w.probe(w.step(exit))).state).toBe('not-done');
    expect((await w.b.prove(step, 30_000)).last).toEqual({
      state: 'done',
      proof: 'Paused in its cluster (drain: Completed), no guest is on',
    });
    const back = w.step(exit);
    expect((await w.probe(back)).state).toBe('not-done');
    await w.act(back);
    expect((await w.probe(back)).state).toBe('done');
  });

  it('is not there while VMs that could not move are on', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc')], cluster: cluster({ drainMs: 'never' }) });
    const step = w.step(enter);
    await w.act(step);
    expect((await w.b.prove(step, 30_000)).last).toMatchObject({
      state: 'not-done',
      seen: 'Paused in its cluster (drain: Failed), 1 guest on: dc',
    });
    expect((await w.probe(w.step(exit))).state).toBe('not-done');
  });

  it('is there already, and is not switched twice', async () => {
    const w = await hyperV({ cluster: cluster({ node: 'Paused', drain: 'Completed' }) });
    expect((await w.probe(w.step(enter))).state).toBe('done');
    const back = w.step(exit);
    await w.act(back);
    await w.act(back);
    expect((await w.probe(back)).state).toBe('done');
    expect(w.done()).toHaveLength(1);
  });

  it('counts when it has come about, though the command says no', async () => {
    const w = await hyperV({ cluster: cluster({ drainMs: 'never', saysNo: true }) });
    const step = w.step(enter);
    expect(await w.act(step)).toEqual({});
    expect((await w.probe(step)).state).toBe('done');
    const full = await hyperV({ vms: [vm(1, 'dc')], cluster: cluster({ drainMs: 'never', saysNo: true }) });
    const fault = await faultOf(full.act(full.step(enter)));
    expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringContaining('pausing the node failed')]);
  });

  it('is refused to who is no Administrator', async () => {
    const w = await hyperV({ ...inHyperV, cluster: cluster() }, asUps);
    expect((await faultOf(w.act(w.step(enter)))).code).toBe('not-allowed');
    expect((await w.check(enter)).at(-1)).toMatchObject({ what: 'privilege', verdict: 'cannot-check' });
  });

  it.each([
    ['stopped', 'Clusterdienst'],
    ['forgotten', 'its cluster (hvcluster) does not know it'],
  ] as const)('whose service is %s is not taken for none', async (service, why) => {
    const w = await hyperV({ cluster: cluster({ service }) });
    for (const one of [enter, exit]) {
      expect(await w.probe(w.step(one))).toMatchObject({ state: 'unknown', fault: { code: 'command-failed' } });
      expect((await faultOf(w.act(w.step(one)))).what).toContain(why);
    }
    expect((await w.check(exit)).at(-1)).toMatchObject({ what: 'privilege', verdict: 'fails' });
  });

  it('is not there while roles still move, though no VM is on', async () => {
    const w = await hyperV({ cluster: cluster({ node: 'Paused', drain: 'InProgress' }) });
    expect((await w.probe(w.step(enter))).state).toBe('not-done');
  });

  it('that somebody had paused before the run stays paused', async () => {
    const w = await hyperV({ vms: [vm(1, 'dc')], cluster: cluster({ node: 'Paused', drain: 'NotInitiated' }) });
    const there = w.step(enter);
    const before = await w.probe(there);
    const left = { ...('data' in before ? before.data : {}), ...(await w.act(there)) };
    expect((await w.b.prove(there, 120_000)).last.state).toBe('done');
    const back = w.step(exit, [{ step: { ...there.step, id: 'before' }, data: left }]);
    expect(await w.probe(back)).toMatchObject({ state: 'done', proof: expect.stringMatching(/, as before this run$/) });
    const told = w.done().length;
    await w.act(back);
    expect(w.done()).toHaveLength(told);
  });

  it('is not left while the node is still joining', async () => {
    const w = await hyperV({ cluster: cluster({ node: 'Joining' }) });
    expect((await w.probe(w.step(exit))).state).toBe('not-done');
  });
});
