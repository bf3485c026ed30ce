import { expect, it } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import type { StepData } from '../../shared/run-record.ts';
import { proxmoxGuest as guest } from '../fakes/machine-programs/proxmox-guest.ts';
import { result } from '../fakes/posix-shell.ts';
import { rackSequence } from '../fakes/rack-samples.ts';
import { describeMachines, entered, onlyLooked, shortly } from './platform-kit.ts';
import { down, no, proxmox, start } from './platform-proxmox-kit.ts';
import { faultOf } from './targets-kit.ts';

describeMachines('guests that HA of Proxmox VE looks after', () => {
  const both = () => [
    guest(100, 'dc', { ha: 'started' }),
    guest(200, 'web', { type: 'lxc', ha: 'started' }),
    guest(101, 'own'),
  ];

  it('are stopped by HA, which has time for it, and started by it', async () => {
    const w = await proxmox({ guests: both() });
    expect((await w.check(down)).find(({ what }) => what === 'privilege')?.detail).toBe(
      'signed in as root; HA stops 2 guests of its cluster, few at a time',
    );
    const context = w.step(down);
    const data = await w.act(context);
    expect((await w.prove(context, 90_000)).state).toBe('done');
    expect(w.orders().sort()).toEqual([
      '/usr/sbin/ha-manager crm-command stop ct:200 7200',
      '/usr/sbin/ha-manager crm-command stop vm:100 7200',
      '/usr/sbin/qm shutdown 101 --timeout 3',
    ]);
    // No other node starts what is to be stopped.
    expect([w.node.cut, w.node.guest('dc').ha, w.node.guest('web').ha]).toEqual([[], 'stopped', 'stopped']);
    const back = w.step(start, [[down, data]]);
    await w.act(back);
    expect((await w.prove(back, 60_000)).state).toBe('done');
    expect([w.node.guest('dc').ha, w.node.guest('web').ha]).toEqual(['started', 'started']);
    expect(w.node.on).toEqual(['dc', 'web', 'own']);
  });

  it('and that never stop are waited for without being cut, or cut behind the back of HA', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started', stopsAfterMs: null })] });
    const soft = w.step(down);
    await w.act(soft);
    expect(await w.prove(soft, 300_000)).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
    expect([w.node.on, w.node.cut]).toEqual([['dc'], []]);
    const hard = w.step({ ...down, force: true, limit: 90 });
    await w.act(hard);
    expect((await w.prove(hard, 120_000)).state).toBe('done');
    expect(w.node.cut).toEqual(['dc']);
    expect(w.orders().slice(-2)).toEqual([
      '/usr/sbin/qm stop 100 --timeout 5',
      '/usr/bin/pkill -KILL -F /var/run/qemu-server/100.pid',
    ]);
  });

  it('are shut down by the node itself while HA is disarmed and ignores them', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    Object.assign(w.node.ha, { arms: 'disarmed', mode: 'ignore' });
    const context = w.step(down);
    await w.act(context);
    expect((await w.prove(context, 60_000)).state).toBe('done');
    expect(w.orders()).toEqual(['/usr/sbin/qm shutdown 100 --timeout 3']);
    expect(w.node.cut).toEqual([]);
  });

  it.each([
    ['disarmed', 'freeze'],
    ['disarming', 'ignore'],
  ] as const)('are not asked while HA is %s (%s), and it is said why', async (arms, mode) => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })] });
    Object.assign(w.node.ha, { arms, mode });
    expect((await faultOf(w.act(w.step(down)))).what).toContain(
      'dc was not asked: HA is disarmed and holds everything',
    );
    expect(w.orders()).toEqual([]);
  });

  it.each([
    ['is paused', { paused: true }, 'it is paused'],
    ['is locked', { lock: 'backup' }, 'it is locked (backup)'],
  ])(
    'of which one %s: HA is not told to stop it, as it would cut it or take it for broken',
    async (_how, more, why) => {
      const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started', ...more }), guest(101, 'web')] });
      const context = w.step(down);
      await w.act(context);
      expect(w.b.told).toEqual([`dc was not asked: ${why}`]);
      expect(await w.prove(context, 60_000)).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
      expect(w.node.cut).toEqual([]);
    },
  );

  it('cannot be stopped without quorum, which is said', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { ha: 'started' })], quorate: false });
    expect((await faultOf(w.act(w.step(down)))).what).toContain(
      'HA did not take the order (exit code 255: cluster not',
    );
  });
});

describeMachines('a guest of Proxmox VE', () => {
  it('is chosen, or left out, by its name', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc'), guest(101, 'web'), guest(200, 'db', { type: 'lxc' })] });
    const context = w.step({ ...down, guests: { except: ['dc'] } });
    expect(await w.probe(context)).toMatchObject({ data: { guests: ['qemu/101', 'lxc/200'], names: ['web', 'db'] } });
    await w.act(context);
    expect((await w.prove(context, 60_000)).state).toBe('done');
    expect(w.node.on).toEqual(['dc']);
  });

  it('goes down with its group, one group after the other', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc'), guest(101, 'db'), guest(200, 'web', { type: 'lxc' })] });
    const groups = [
      { name: 'Databases', guests: ['db'] },
      { name: 'Directory', guests: ['dc'] },
    ];
    const stage = { id: 'guests', name: 'Guests', steps: [{ ...down, id: 'down', target: 'box', groups }] };
    const authored = rackSequence({ stages: [stage], pointOfNoReturn: 'guests', returnStages: [] });
    for (const compiled of expand(authored, [w.host]).sequence.stages[0]?.steps ?? []) {
      const context = w.b.step(compiled, w.host);
      await w.act(context);
      expect((await w.prove(context, 60_000)).state).toBe('done');
    }
    expect(w.orders()).toEqual([
      '/usr/sbin/pct shutdown 200 --timeout 3',
      '/usr/sbin/qm shutdown 101 --timeout 3',
      '/usr/sbin/qm shutdown 100 --timeout 3',
    ]);
  });

  it('that is in a backup is asked all the same, a container is not', async () => {
    const guests = [guest(100, 'dc', { lock: 'backup' }), guest(200, 'web', { type: 'lxc', lock: 'backup' })];
    const w = await proxmox({ guests });
    const context = w.step({ ...down, force: true, limit: 90 });
    await w.act(context);
    expect(w.b.told).toEqual(['web was not asked: it is locked (backup)']);
    expect(w.orders()).toEqual(['/usr/sbin/qm shutdown 100 --timeout 3 --skiplock 1']);
    expect((await w.prove(context, 120_000)).state).toBe('done');
    // Its program does not touch what is locked: what runs it was ended.
    expect(w.node.cut).toEqual(['web']);
    expect(w.orders().slice(-2)).toEqual(['/usr/sbin/pct stop 200', '/usr/bin/lxc-stop -n 200 --kill']);
  });

  it('whose agent is set up and silent is told of, in a run and before', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { agent: 'silent' }), guest(101, 'web', { agent: 'none' })] });
    const checks = await w.check(down);
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready', 'guests: ready', 'tools: fails']);
    expect(checks.at(-1)?.detail).toContain('does not run in dc');
    onlyLooked(w);
    await w.act(w.step(down));
    expect(w.b.told).toEqual(['the QEMU guest agent does not answer in dc, which may not stop']);
    const without = await proxmox({ guests: [guest(101, 'web', { agent: 'none' })] });
    expect((await without.check(down)).at(-1)).toMatchObject({
      what: 'tools',
      verdict: 'cannot-check',
      detail: expect.stringContaining('web'),
    });
  });

  it('that cannot be told on or off counts as on', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { on: false })] });
    expect((await w.probe(w.step(down))).state).toBe('done');
    for (const status of ['unknown', 'paused', '']) {
      const odd = await proxmox({ guests: [] });
      odd.node.answers.set('/nodes/localhost/lxc', [{ vmid: 200, status }]);
      expect(await odd.probe(odd.step(down))).toMatchObject({ state: 'not-done', seen: '1 guest on: CT 200' });
    }
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no list', { data: [] }],
    ['a number that is none', [{ vmid: '100; reboot', status: 'running' }]],
  ])('is not believed to be off when the node answers %s', async (_what, answer) => {
    const w = await proxmox({ guests: [guest(100, 'dc')] });
    w.node.answers.set('/nodes/localhost/lxc', answer);
    expect(await w.probe(w.step(down))).toMatchObject({ state: 'unknown', fault: { code: 'unexpected-answer' } });
    expect((await faultOf(w.act(w.step(down)))).code).toBe('unexpected-answer');
    expect(w.orders()).toEqual([]);
  });

  it('of a journal with an id that is none gets into no command', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc')] });
    const back = w.step(start, [[down, { guests: ['qemu/100; reboot'] }]]);
    await expect(w.act(back)).rejects.toThrow("not a guest's id");
    expect(w.orders()).toEqual([]);
  });

  it('that does not start is told, the others do', async () => {
    const guests = [guest(100, 'dc', { on: false, lock: 'migrate' }), guest(200, 'web', { on: false, type: 'lxc' })];
    const w = await proxmox({ guests });
    const back = w.step(start, [[down, { guests: ['qemu/100', 'lxc/200'] }]]);
    expect(await w.act(back)).toEqual({ started: 1 });
    expect(await w.prove(back, 10_000)).toEqual({ state: 'not-done', seen: '1 of 2 guests on' });
    const none = w.step(start, [[down, { guests: ['qemu/100'] }]]);
    expect((await faultOf(w.act(none))).what).toContain('vm:100 did not start (exit code 255: VM is locked (migrate))');
  });

  it('that does not start at first is started later, and why it did not is told', async () => {
    const guests = [guest(100, 'dc', { on: false, lock: 'migrate' }), guest(200, 'web', { on: false, type: 'lxc' })];
    const w = await proxmox({ guests });
    const back = w.step(start, [[down, { guests: ['qemu/100', 'lxc/200'] }]]);
    expect(await w.act(back)).toEqual({ started: 1 });
    w.b.clock.after(40_000, () => {
      Object.assign(w.node.guest('dc'), { lock: undefined });
    });
    expect(await w.prove(back, 90_000)).toEqual({ state: 'done', proof: '2 guests on' });
    expect(w.b.told).toEqual(['vm:100 did not start (exit code 255: VM is locked (migrate))']);
    expect(w.orders().filter((line) => line === '/usr/sbin/pct start 200')).toHaveLength(1);
  });

  it('is started by the process that takes the run up, if it is off still, and not before that has begun it', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { on: false }), guest(101, 'web')] });
    const before: [Record<string, unknown>, StepData] = [down, { guests: ['qemu/100', 'qemu/101'] }];
    const fresh = w.step(start, [before]);
    expect((await w.prove(fresh, 60_000)).state).toBe('not-done');
    expect(w.orders()).toEqual([]);
    const taken = w.step(start, [before, [{ ...start, id: 'the-step' }, { started: 1 }]]);
    expect((await w.prove(taken, 60_000)).state).toBe('done');
    expect(w.orders()).toEqual(['/usr/sbin/qm start 100']);
  });

  it('that has moved to another node meanwhile is told of, and does not hold up the others', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc'), guest(101, 'web')] });
    w.node.answers.set('/nodes/localhost/qemu', [
      { vmid: 99999, name: 'gone', status: 'running' },
      { vmid: 100, name: 'dc', status: 'running' },
    ]);
    const context = w.step(down);
    await w.act(context);
    expect(w.b.told).toEqual([expect.stringMatching(/^gone was not asked: .* failed with exit code 255/)]);
    expect(w.orders()).toEqual(['/usr/sbin/qm shutdown 100 --timeout 3']);
    const back = w.step(start, [[down, { guests: ['qemu/99999', 'qemu/101'] }]]);
    expect(await w.act(back)).toEqual({ started: 1 });
  });

  it('that was asked by an attempt that broke off is to come back as well', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc'), guest(101, 'web')] });
    w.node.instead = (call, machine) => {
      if (call.args.includes('100')) return result();
      w.node.ask(w.node.guest('dc'));
      machine.fault = 'fin';
      return machine.goDown(no, no);
    };
    const context = w.step(down);
    expect((await faultOf(w.act(context))).code).toBe('dead-peer');
    await w.b.clock.advance(20_000);
    expect(w.node.on).toEqual(['web']);
    Object.assign(w.node, { instead: null });
    w.machine.fault = 'none';
    await w.machine.powerOn();
    expect(await w.act(context)).toEqual({ guests: ['qemu/100', 'qemu/101'], names: ['dc', 'web'] });
    expect(await w.prove(context, 60_000)).toEqual({ state: 'done', proof: '2 guests off' });
  });

  it('has its own time from when it was asked, however many were asked before', async () => {
    const many = Array.from({ length: 40 }, (_, at) => guest(200 + at, `vm-${at}`));
    const w = await proxmox({ guests: [...many, guest(300, 'last')] });
    const context = w.step({ ...down, force: true, guestLimits: [{ guest: 'last', limit: 20 }] });
    await w.act(context);
    expect(w.b.clock.monotonic()).toBeGreaterThan(25_000);
    expect((await w.prove(context, 60_000)).state).toBe('done');
    expect(w.node.cut).toEqual([]);
  });

  it('that went off while others were asked is not asked', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc'), guest(101, 'web')] });
    w.node.answers.set('/nodes/localhost/qemu/100/status/current', { status: 'stopped', qmpstatus: 'stopped' });
    await w.act(w.step(down));
    expect(w.orders()).toEqual(['/usr/sbin/qm shutdown 101 --timeout 3']);
  });

  it('is started as soon as the cluster has its quorum', async () => {
    const w = await proxmox({ guests: [guest(100, 'dc', { on: false })], quorate: false });
    const back = w.step(start, [[down, { guests: ['qemu/100'] }]]);
    w.b.clock.after(60_000, () => {
      w.node.state.quorate = true;
    });
    expect(await w.act(back)).toEqual({ started: 1 });
    expect(w.b.told).toEqual(['the cluster of box has no quorum yet, waiting for it']);
    expect(w.orders()).toEqual(['/usr/sbin/qm start 100']);
  });

  it('of a version that would cut containers is left alone', async () => {
    const w = await proxmox({ guests: [guest(200, 'web', { type: 'lxc' })], version: '6.0-4' });
    expect(await faultOf(w.act(w.step(down)))).toMatchObject({
      code: 'refused',
      what: expect.stringContaining('VE 6'),
    });
    expect(w.orders()).toEqual([]);
    expect(shortly(await w.check(down))).toContain('privilege: fails');
  });
});

describeMachines('what sudo lets a user do to guests of Proxmox VE', () => {
  const asUps = { user: 'ups', sudo: true };
  const asking = ['/usr/bin/pvesh', '/usr/sbin/qm', '/usr/sbin/pct', '/usr/sbin/ha-manager'];
  const ending = ['/usr/bin/lxc-stop', '/usr/bin/pkill'];
  const mostOf = (...words: string[]) => [
    ...asking.filter((program) => program !== '/usr/sbin/qm'),
    ...words.map((each) => `/usr/sbin/qm ${each}`),
  ];
  const hard = { ...down, force: true, limit: 90 };
  const privilege = async (rules: readonly string[], one: Record<string, unknown>) => {
    const w = await proxmox({ guests: [guest(100, 'dc')] }, { host: asUps, sudo: rules });
    const found = (await w.check(one)).find(({ what }) => what === 'privilege');
    onlyLooked(w);
    return found;
  };

  it.each([
    ['no pkill', [...asking, '/usr/bin/lxc-stop'], hard, '/usr/bin/pkill'],
    ['no lxc-stop', [...asking, '/usr/bin/pkill'], hard, '/usr/bin/lxc-stop'],
    ['no stop', [...mostOf('shutdown 100 --timeout 3', 'guest cmd 100 ping'), ...ending], hard, '/usr/sbin/qm stop'],
    ['no start', mostOf('shutdown 100 --timeout 3'), start, '/usr/sbin/qm start'],
    ['no agent', mostOf('shutdown 100 --timeout 3'), down, '/usr/sbin/qm guest'],
  ])('is rehearsed as it is done: %s', async (_what, rules, one, missing) => {
    expect(await privilege(rules, one)).toMatchObject({
      verdict: 'fails',
      detail: expect.stringContaining(`sudo does not let ups run ${missing}`),
      fault: { code: 'not-allowed', remedy: expect.stringContaining('/usr/bin/lxc-stop, /usr/bin/pkill') },
    });
  });

  it('is rehearsed without what is not done: nothing is cut unless the step may', async () => {
    expect(await privilege(asking, down)).toMatchObject({ verdict: 'ready' });
    expect(await privilege(['/usr/bin/pvesh', '/usr/sbin/qm', '/usr/sbin/pct'], start)).toMatchObject({
      verdict: 'ready',
    });
    expect(await privilege([...asking, ...ending], hard)).toMatchObject({
      verdict: 'ready',
    });
  });
});
