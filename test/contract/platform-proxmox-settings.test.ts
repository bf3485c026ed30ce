import { expect, it } from 'vitest';
import { proxmoxGuest as guest } from '../fakes/machine-programs/proxmox-guest.ts';
import { describeMachines } from './platform-kit.ts';
import { down, no, proxmox, start } from './platform-proxmox-kit.ts';
import { faultOf } from './targets-kit.ts';

const off = { kind: 'disable-ha' };
const on = { kind: 'enable-ha' };
const enter = { kind: 'enter-maintenance' };
const exit = { kind: 'exit-maintenance' };
const set = { kind: 'set-ceph-flags' };
const unset = { kind: 'unset-ceph-flags' };

/** What the look before an act found, as it stands in the journal besides what the act left. */
const found = (probe: object) => ('data' in probe ? (probe.data as Record<string, string[]>) : {});

describeMachines('HA of Proxmox VE', () => {
  const three = () => [
    guest(100, 'dc', { ha: 'started' }),
    guest(200, 'web', { type: 'lxc', ha: 'stopped', on: false }),
    guest(101, 'lab', { ha: 'ignored' }),
  ];

  it.each([
    ['9.2.10', ['/usr/sbin/ha-manager crm-command disarm-ha ignore'], ['/usr/sbin/ha-manager crm-command arm-ha']],
    [
      '8.4.1',
      ['/usr/sbin/ha-manager set vm:100 --state ignored', '/usr/sbin/ha-manager set ct:200 --state ignored'],
      ['/usr/sbin/ha-manager set vm:100 --state started', '/usr/sbin/ha-manager set ct:200 --state stopped'],
    ],
  ])('of %s is off for an outage, and then as it was', async (version, away, back) => {
    const w = await proxmox({ version, guests: three() });
    const first = w.step(off);
    expect(await w.probe(first)).toMatchObject({
      state: 'not-done',
      seen: expect.stringContaining('HA looks after 2 guests'),
    });
    const left = await w.act(first);
    expect((await w.prove(first, 60_000)).state).toBe('done');
    expect(w.orders()).toEqual(away);
    const guests = w.step({ ...down, guests: { except: ['lab'] } });
    const were = await w.act(guests);
    expect((await w.prove(guests, 60_000)).state).toBe('done');
    // It stays off: HA does not start it again, here or elsewhere.
    await w.b.clock.advance(60_000);
    expect([w.node.on, w.node.cut]).toEqual([['lab'], []]);
    const home = w.step(on, [[off, left]]);
    expect((await w.probe(home)).state).toBe('not-done');
    await w.act(home);
    expect((await w.prove(home, 60_000)).state).toBe('done');
    expect(w.orders().slice(-back.length)).toEqual(back);
    expect(w.node.state.guests.map(({ ha }) => ha)).toEqual(['started', 'stopped', 'ignored']);
    const again = w.step(start, [[down, were]]);
    await w.act(again);
    expect((await w.prove(again, 60_000)).state).toBe('done');
    expect(w.node.on).toEqual(['dc', 'lab']);
  });

  it('that was off before is not switched on', async () => {
    const disarmed = await proxmox({ guests: three() });
    Object.assign(disarmed.node.ha, { arms: 'disarmed', mode: 'freeze' });
    const old = await proxmox({ version: '8.4.1', guests: [guest(100, 'dc', { ha: 'ignored' })] });
    const none = await proxmox({ guests: [guest(100, 'dc')] });
    for (const w of [disarmed, old, none]) {
      expect((await w.probe(w.step(off))).state).toBe('done');
      expect(await w.act(w.step(off))).toEqual({});
      expect(await w.probe(w.step(on, [[off, {}]]))).toEqual({ state: 'done', proof: 'this run left HA on' });
      await w.act(w.step(on, [[off, {}]]));
      expect(w.orders()).toEqual([]);
    }
  });

  it('that was taken from some guests only is given back to those', async () => {
    const w = await proxmox({ version: '8.4.1', guests: three() });
    const context = w.step(off);
    const before = found(await w.probe(context));
    w.node.instead = ({ args }) => {
      if (args.includes('ct:200')) return no;
      return w.node.ha.program(args);
    };
    expect((await faultOf(w.act(context))).code).toBe('command-failed');
    expect((await w.prove(context, 20_000)).state).toBe('not-done');
    w.node.instead = null;
    const home = w.step(on, [[off, before]]);
    expect(await w.probe(home)).toEqual({ state: 'not-done', seen: 'HA still ignores vm:100' });
    await w.act(home);
    expect((await w.prove(home, 20_000)).state).toBe('done');
    expect(w.orders().at(-1)).toBe('/usr/sbin/ha-manager set vm:100 --state started');
  });

  it('of a guest that is gone since holds nothing up, and a journal with nonsense gets into no command', async () => {
    const w = await proxmox({ version: '8.4.1', guests: [guest(100, 'dc', { ha: 'ignored' })] });
    const home = w.step(on, [
      [off, { services: ['vm:999 started', 'reboot vm:100 started', 'vm:100; reboot started', 'vm:100 $(reboot)'] }],
    ]);
    expect((await w.probe(home)).state).toBe('done');
    await w.act(home);
    expect(w.orders()).toEqual([]);
  });

  it('is switched on as soon as the cluster has its quorum, and not off without one', async () => {
    const w = await proxmox({ guests: three(), quorate: false });
    const fault = await faultOf(w.act(w.step(off)));
    expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringContaining('no quorum')]);
    expect(w.orders()).toEqual([]);
    Object.assign(w.node.ha, { arms: 'disarmed', mode: 'ignore' });
    w.b.clock.after(60_000, () => {
      w.node.state.quorate = true;
    });
    const home = w.step(on, [[off, { disarmed: 1 }]]);
    await w.act(home);
    expect((await w.prove(home, 60_000)).state).toBe('done');
  });

  it('says what it would do', async () => {
    const w = await proxmox({});
    const would = (one: Record<string, unknown>) => {
      const { step } = w.step(one);
      return w.b.table[step.kind].would(step, w.host);
    };
    expect(would(off)).toContain('crm-command disarm-ha ignore');
    expect(would(on)).toContain('crm-command arm-ha');
    expect(would(enter)).toBe('/usr/sbin/ha-manager crm-command node-maintenance enable NODE');
    expect(would(set)).toBe('/usr/bin/ceph --connect-timeout 10 osd set noout');
    expect(would({ ...down, force: true })).toBe(
      'qm shutdown, pct shutdown for every guest that is on, then qm stop, pct stop for those that have not stopped',
    );
  });
});

describeMachines('maintenance mode of Proxmox VE', () => {
  it('is there when no guest of HA is left, which is later than the node says so', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    const { ha } = w.node;
    const both = async () => [await w.probe(w.step(enter)), await w.probe(w.step(exit))];
    for (const state of ['requested', 'on'] as const) {
      ha.maintenance = state;
      const seen = 'pve1: maintenance mode not done, 1 guest of HA on it';
      expect(await both()).toMatchObject([
        { state: 'not-done', seen },
        { state: 'not-done', seen },
      ]);
    }
    ha.elsewhere.add('vm:100');
    const there = 'pve1: maintenance mode on, 0 guests of HA on it';
    expect(await both()).toMatchObject([
      { state: 'done', proof: there },
      { state: 'not-done', seen: there },
    ]);
  });

  it('is never there when its guests have nowhere to go', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    w.node.ha.hasOthers = false;
    const context = w.step(enter);
    await w.act(context);
    expect((await w.prove(context, 120_000)).state).toBe('not-done');
  });

  it('outlasts a boot, and is left when the cluster has its quorum again', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'stopped', on: false })] });
    const context = w.step(enter);
    await w.act(context);
    expect((await w.prove(context, 60_000)).state).toBe('done');
    w.machine.powerCut();
    w.node.state.quorate = false;
    await w.machine.powerOn();
    const back = w.step(exit, [[enter, {}]]);
    expect((await w.probe(back)).state).toBe('not-done');
    w.b.clock.after(60_000, () => {
      w.node.state.quorate = true;
    });
    await w.act(back);
    expect((await w.prove(back, 60_000)).state).toBe('done');
    expect(w.node.ha.maintenance).toBe('off');
  });

  it('that somebody had asked for before the run stays', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    w.node.ha.maintenance = 'requested';
    const context = w.step(enter);
    const before = found(await w.probe(context));
    const left = { ...before, ...(await w.act(context)) };
    expect((await w.prove(context, 60_000)).state).toBe('done');
    const home = w.step(exit, [[enter, left]]);
    expect(await w.probe(home)).toMatchObject({ state: 'done', proof: expect.stringMatching(/, as before this run$/) });
    const told = w.orders().length;
    await w.act(home);
    expect([w.orders().length, w.node.ha.maintenance]).toEqual([told, 'on']);
  });

  it.each([
    ['is left half entered', [[enter, 'found']]],
    [
      'an earlier run had it enter, which nothing has taken back yet',
      [
        [enter, 'found'],
        [enter, 'found again'],
      ],
    ],
  ] as const)('that %s is left on the way back', async (_what, steps) => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    w.node.ha.hasOthers = false;
    const context = w.step(enter);
    const looks = { found: found(await w.probe(context)), 'found again': {} };
    await w.act(context);
    await w.prove(context, 60_000);
    looks['found again'] = found(await w.probe(context));
    const home = w.step(
      exit,
      steps.map(([one, look]) => [one, looks[look]]),
    );
    expect((await w.probe(home)).state).toBe('not-done');
    await w.act(home);
    expect((await w.prove(home, 60_000)).state).toBe('done');
    expect(w.node.ha.maintenance).toBe('off');
  });

  it('is nothing where HA is not used', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc')] });
    for (const one of [enter, exit]) {
      expect(await w.probe(w.step(one))).toEqual({
        state: 'done',
        proof: 'HA is not used on pve1: there is nothing to switch',
      });
      await w.act(w.step(one));
    }
    expect(w.orders()).toEqual([]);
  });

  it('of a node with a name that is none is not switched', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    w.node.answers.set('/cluster/ha/status/manager_status', { manager_status: {}, quorum: { node: 'pve1; reboot' } });
    expect((await faultOf(w.act(w.step(enter)))).code).toBe('unexpected-answer');
    expect(w.orders()).toEqual([]);
  });
});

describeMachines('Ceph flags of Proxmox VE', () => {
  it('that were set before stay', async () => {
    const w = await proxmox({ ceph: new Set(['sortbitwise', 'noout']) });
    expect(await w.probe(w.step(set))).toEqual({ state: 'done', proof: 'noout is set' });
    const back = w.step(unset, [[set, {}]]);
    expect(await w.probe(back)).toEqual({ state: 'done', proof: 'this run has not set noout' });
    await w.act(back);
    expect(w.orders()).toEqual([]);
  });

  it('are told from others by their whole name', async () => {
    const w = await proxmox({ ceph: new Set(['sortbitwise', 'nooutage']) });
    expect((await w.probe(w.step(set))).state).toBe('not-done');
  });

  it.each([
    ['there is none', null, 'exit code 127'],
    ['its monitors do not answer', new Set(['sortbitwise']), 'exit code 1: timed out'],
  ])('cannot be set where %s', async (_why, ceph, why) => {
    const w = await proxmox({ ceph });
    w.node.isCephLost = true;
    expect((await faultOf(w.act(w.step(set)))).what).toContain(why);
    expect(await w.probe(w.step(set))).toMatchObject({ state: 'unknown', fault: { code: 'command-failed' } });
    expect((await w.check(set)).at(-1)).toMatchObject({ what: 'privilege', verdict: 'fails' });
  });
});
