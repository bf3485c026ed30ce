import { afterEach, describe, expect, it, vi } from 'vitest';
import { result } from '../fakes/posix-shell.ts';
import { closeAll, esxi, guests, vsanHost } from './esxi-kit.ts';
import { faultOf } from './targets-kit.ts';

afterEach(closeAll);

const enter = { kind: 'enter-maintenance' };

describe.each([5, 6, 7, 8] as const)('maintenance mode of a vSAN member, ESXi %i', (dialect) => {
  it('leaves the data where it is unless the step says otherwise', async () => {
    const e = await vsanHost({ dialect });
    const began = e.b.clock.monotonic();
    const context = e.step(enter);
    await e.act(context);
    expect(e.acts()).toEqual(['esxcli system maintenanceMode set -e true -t 60 -m noAction']);
    expect((await e.probe(context)).state).toBe('done');
    expect(e.b.clock.monotonic() - began).toBeLessThan(10_000);
  });
});

describe('maintenance mode of a vSAN member', () => {
  it.each([
    ['ensure-accessibility', 'ensureObjectAccessibility', 120],
    ['full', 'evacuateAllData', 900],
  ] as const)('moves data as long as the step may: %s', async (evacuation, mode, limit) => {
    const e = await vsanHost();
    const context = e.step({ ...enter, evacuation, ...(evacuation === 'full' && { limit }) });
    const began = e.b.clock.monotonic();
    await e.soon(e.b.actions(context).act(context));
    expect(e.acts()).toEqual([`esxcli system maintenanceMode set -e true -t ${limit} -m ${mode}`]);
    expect(e.fake.esxi.vsanModes).toEqual([mode]);
    expect(await e.probe(context)).toEqual({ state: 'done', proof: 'in maintenance mode' });
    expect(e.b.clock.monotonic() - began).toBeGreaterThan(30_000);
  });

  it('that takes longer than the step may ends, and the host is not left entering it', async () => {
    const e = await vsanHost();
    const context = e.step({ ...enter, evacuation: 'full', limit: 90 });
    expect((await faultOf(e.soon(e.b.actions(context).act(context)))).code).toBe('command-failed');
    expect(e.fake.esxi.state.maintenance).toBe('off');
    expect((await e.probe(context)).state).toBe('not-done');
  });

  it('under a running guest ends after a minute', async () => {
    const e = await vsanHost({ vms: guests({}) });
    const began = e.b.clock.monotonic();
    expect((await faultOf(e.act(e.step(enter)))).code).toBe('command-failed');
    expect(e.b.clock.monotonic() - began).toBeLessThan(70_000);
    expect(e.fake.esxi.state.maintenance).toBe('off');
  });

  it('of a host that is no member is entered without a word about data, whatever the step says', async () => {
    const e = await esxi();
    await e.act(e.step({ ...enter, evacuation: 'full' }));
    expect(e.acts()).toEqual(['esxcli system maintenanceMode set -e true -t 60']);
  });

  /** As ESXi prints it; the last of these comes from before there was vSAN. */
  it.each([
    ['vSAN Clustering is not enabled on this host\n', 1],
    ['Virtual SAN Clustering is not enabled on this host\n', 1],
    ['VSAN Clustering is not enabled on this host\n', 0],
    ['Cluster Information\n   Enabled: false\n', 0],
    ['Error: Unknown command or namespace vsan cluster get\n', 1],
  ])('of a host that says “%s” is entered as that of one without vSAN', async (said, code) => {
    const e = await esxi({ vsanSays: result(said, code) });
    const context = e.step(enter);
    await e.act(context);
    expect(e.acts()).toEqual(['esxcli system maintenanceMode set -e true -t 60']);
    expect((await e.probe(context)).state).toBe('done');
    const exit = e.step({ kind: 'exit-maintenance' });
    await e.act(exit);
    expect((await e.probe(exit)).state).toBe('done');
  });

  it.each([
    ['Unable to get CMMDS information: Timeout\n', 1, 'command-failed'],
    ['', 1, 'command-failed'],
    ['', 0, 'unexpected-answer'],
    ['Cluster Information\n', 0, 'unexpected-answer'],
  ])('of a member whose vSAN is sick, and says “%s” (%i), is not entered', async (said, code, fault) => {
    const e = await vsanHost({ vsanSays: result(said, code) });
    const context = e.step({ ...enter, evacuation: 'full' });
    expect(await faultOf(e.act(context))).toMatchObject({
      code: fault,
      where: expect.stringContaining('esxi'),
      remedy: 'Run by hand on the host: esxcli vsan cluster get',
    });
    expect([e.acts(), e.fake.esxi.state.maintenance, e.fake.state]).toEqual([[], 'off', 'on']);
    expect((await e.probe(context)).state).toBe('not-done');
  });

  it('of a member whose vSAN is sick fails in a rehearsal, as it would in the run', async () => {
    const e = await vsanHost({ vsanSays: result('Unable to get CMMDS information\n', 1) });
    const look = async (step: Record<string, unknown>) =>
      (await e.b.table['enter-maintenance'].check(e.step(step))).at(-1);
    expect(await look(enter)).toMatchObject({ what: 'privilege', verdict: 'fails', fault: { code: 'command-failed' } });
    expect(e.acts().filter((text) => text !== 'true' && text !== 'id -u')).toEqual([]);
    e.fake.esxi.state.vsanSays = null;
    expect(await look({ ...enter, id: 'again' })).toMatchObject({ what: 'privilege', verdict: 'ready' });
  });

  it('of a member whose vSAN is sick on the way back is left, and proven when vSAN agrees', async () => {
    const e = await vsanHost({ maintenance: 'on', vsanSays: result('Unable to get CMMDS information\n', 1) });
    const context = e.step({ kind: 'exit-maintenance' });
    expect((await faultOf(e.act(context))).code).toBe('command-failed');
    expect([e.fake.esxi.state.maintenance, (await e.probe(context)).state]).toEqual(['off', 'unknown']);
    e.fake.esxi.state.vsanSays = null;
    expect((await e.probe(context)).state).toBe('done');
  });

  it('of a member with a sick management service is entered all the same', async () => {
    const e = await vsanHost({ hostd: 'down' });
    await e.act(e.step(enter));
    expect(e.acts()).toEqual(['localcli system maintenanceMode set -e true -t 60 -m noAction']);
    expect(e.fake.esxi.state.maintenance).toBe('on');
  });
});

describe('leaving maintenance mode', () => {
  const exit = { kind: 'exit-maintenance' };

  it('that vSAN did not hear of is done once more', async () => {
    const e = await vsanHost();
    await e.act(e.step(enter));
    const node = e.vsan.nodes[0];
    if (node) node.deafTo = 1;
    const context = e.step(exit);
    await e.act(context);
    expect(e.acts().slice(1)).toEqual([
      'esxcli system maintenanceMode set -e false -t 60',
      'esxcli system maintenanceMode set -e true -t 60 -m noAction',
      'esxcli system maintenanceMode set -e false -t 60',
    ]);
    expect(await e.probe(context)).toEqual({ state: 'done', proof: 'not in maintenance mode' });
    expect(e.b.told).toEqual([expect.stringContaining('enters and leaves it once more')]);
  });

  it('that vSAN hears of a little later is not done twice', async () => {
    const e = await vsanHost();
    await e.act(e.step(enter));
    const node = e.vsan.nodes[0];
    if (node) node.deafTo = 1;
    e.b.clock.after(8000, () => {
      if (node) node.inMaintenance = false;
    });
    await e.act(e.step(exit));
    expect(e.acts().slice(1)).toEqual(['esxcli system maintenanceMode set -e false -t 60']);
  });

  it('that vSAN never hears of is not proven', async () => {
    const e = await vsanHost();
    await e.act(e.step(enter));
    const node = e.vsan.nodes[0];
    if (node) node.deafTo = 9;
    const context = e.step(exit);
    await e.act(context);
    expect(await e.probe(context)).toEqual({
      state: 'not-done',
      seen: 'not in maintenance mode, but vSAN takes it for being in it',
    });
  });

  it('of a host that came up out of it, but for vSAN, is done too', async () => {
    const e = await vsanHost();
    const node = e.vsan.nodes[0];
    if (node) node.inMaintenance = true;
    const context = e.step(exit);
    expect((await e.probe(context)).state).toBe('not-done');
    await e.act(context);
    expect(node?.inMaintenance).toBe(false);
    expect((await e.probe(context)).state).toBe('done');
  });
});

describe('cluster member updates', () => {
  const ignore = { kind: 'ignore-member-updates' };
  const heed = { kind: 'heed-member-updates' };

  it('are ignored, and heeded again', async () => {
    const e = await vsanHost();
    const there = e.step(ignore);
    expect(await e.probe(there)).toEqual({ state: 'not-done', seen: 'cluster member updates are heeded' });
    await e.act(there);
    expect(e.fake.esxi.state.ignoresMembers).toBe(1);
    expect(await e.probe(there)).toEqual({ state: 'done', proof: 'cluster member updates are ignored' });
    const back = e.step(heed);
    expect((await e.probe(back)).state).toBe('not-done');
    await e.act(back);
    expect(e.fake.esxi.state.ignoresMembers).toBe(0);
    expect((await e.probe(back)).state).toBe('done');
    expect(e.acts()).toEqual([
      'esxcfg-advcfg -s 1 /VSAN/IgnoreClusterMemberListUpdates',
      'esxcfg-advcfg -s 0 /VSAN/IgnoreClusterMemberListUpdates',
    ]);
  });

  it('that are ignored already need nothing', async () => {
    const e = await vsanHost({ ignoresMembers: 1 });
    expect((await e.probe(e.step(ignore))).state).toBe('done');
    expect(e.acts()).toEqual([]);
  });

  it('that it refuses to ignore are told of, and a host that lies is never believed', async () => {
    const refusing = await vsanHost({ advcfg: 'refuses' });
    expect((await faultOf(refusing.act(refusing.step(ignore)))).code).toBe('command-failed');
    const lying = await vsanHost({ advcfg: 'lies' });
    const context = lying.step(ignore);
    await lying.act(context);
    expect((await lying.b.prove(context, 30_000)).last.state).toBe('not-done');
  });

  it('are none of a host that is no member and knows no such option', async () => {
    const e = await esxi({ dialect: 5 });
    expect(await e.probe(e.step(ignore))).toMatchObject({ state: 'done', proof: expect.stringContaining('no vSAN') });
    const old = await vsanHost({ dialect: 5 });
    expect(await old.probe(old.step(ignore))).toMatchObject({ state: 'unknown', fault: { code: 'command-failed' } });
  });

  it('are switched without the management service', async () => {
    const e = await vsanHost({ hostd: 'hangs' });
    await e.act(e.step(ignore));
    expect(e.fake.esxi.state.ignoresMembers).toBe(1);
  });
});

describe('waiting for the resync', () => {
  const resync = { kind: 'wait-resync' };

  it('ends when nothing is left, also of what has no bytes yet', async () => {
    const e = await vsanHost();
    e.vsan.resync = { objects: 4, bytes: 12_500_000_000 };
    e.b.clock.after(30_000, () => {
      e.vsan.resync = { objects: 2, bytes: 0 };
    });
    e.b.clock.after(60_000, () => {
      e.vsan.resync = { objects: 0, bytes: 0 };
    });
    const context = e.step(resync);
    expect(await e.probe(context)).toEqual({ state: 'not-done', seen: '12.50 GB of 4 objects are left to resync' });
    await e.act(context);
    const { last, tookMs } = await e.b.prove(context, 300_000);
    expect(last).toEqual({ state: 'done', proof: 'nothing is left to resync' });
    expect(tookMs).toBeGreaterThanOrEqual(55_000);
    expect(e.acts()).toEqual([]);
  });

  it('that becomes more says so, and is not done when its time is over', async () => {
    const e = await vsanHost();
    e.vsan.resync = { objects: 1, bytes: 1_000_000_000 };
    const context = e.step(resync);
    await e.probe(context);
    e.vsan.resync = { objects: 9, bytes: 3_000_000_000 };
    expect(await e.probe(context)).toEqual({
      state: 'not-done',
      seen: '3.00 GB of 9 objects are left to resync, and it has become more',
    });
    expect((await e.b.prove(context, 120_000)).last.state).toBe('not-done');
  });

  it.each([5, 6] as const)('fails at once where ESXi %i does not know the question', async (dialect) => {
    const e = await vsanHost({ dialect });
    const context = e.step(resync);
    expect((await e.probe(context)).state).toBe('unknown');
    const began = e.b.clock.monotonic();
    expect(await faultOf(e.act(context))).toMatchObject({
      code: 'command-failed',
      remedy: expect.stringContaining('since 6.6'),
    });
    expect(e.b.clock.monotonic() - began).toBeLessThan(5000);
  });

  it('fails at once on a host that is no member', async () => {
    const e = await esxi();
    expect(await faultOf(e.act(e.step(resync)))).toMatchObject({ code: 'refused' });
  });

  it('goes on without the management service', async () => {
    const e = await vsanHost({ hostd: 'down' });
    expect((await e.probe(e.step(resync))).state).toBe('done');
  });
});

describe.each([
  ['enter-maintenance', { vms: guests({}) }, 'maintenanceMode set'],
  ['ignore-member-updates', { advcfg: 'hangs' }, 'advcfg -s'],
  ['wait-resync', { hostd: 'hangs' }, 'resync summary'],
] as const)('%s on a host that does not answer', (kind, state, command) => {
  const begun = async () => {
    const e = await vsanHost(state);
    const context = e.step({ kind });
    const acting = faultOf(e.b.actions(context).act(context));
    await vi.waitUntil(() => e.fake.ssh.log.some(({ text }) => text.includes(command)));
    return { e, context, acting };
  };

  it('lasts as long as the step may', async () => {
    const { context, acting } = await begun();
    context.abort();
    expect((await acting).code).toBe('limit-reached');
  });

  it.each(['fin', 'rst'] as const)('as it dies by %s, is told so, and not taken for done', async (death) => {
    const { e, context, acting } = await begun();
    e.fake.ssh.powerOff(death);
    e.fake.esxi.cutPower();
    expect((await e.soon(acting)).code).toBe('dead-peer');
    expect(await e.probe(context)).toMatchObject({ state: 'unknown', fault: { code: 'unreachable' } });
  });

  it('as it dies without a word, is not taken for done', async () => {
    const { e, context, acting } = await begun();
    e.fake.powerCut();
    context.abort();
    expect((await acting).code).toBe('limit-reached');
    expect((await e.probe(context)).state).toBe('unknown');
  });
});
