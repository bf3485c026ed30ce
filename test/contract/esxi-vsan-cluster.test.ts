import { afterEach, describe, expect, it } from 'vitest';
import { FakeVsan, helperMs } from '../fakes/esxi/shell.ts';
import { closeAll, esxi, left, vsanHost } from './esxi-kit.ts';
import { faultOf } from './targets-kit.ts';

afterEach(closeAll);

const prepare = { kind: 'prepare-vsan' };
const recover = { kind: 'recover-vsan' };
const helper = 'python /usr/lib/vmware/vsan/bin/reboot_helper.py';

describe.each([7, 8] as const)('a vSAN cluster, ESXi %i', (dialect) => {
  it('is prepared from one host, and brought together again', async () => {
    const e = await vsanHost({ dialect });
    const there = e.step(prepare);
    const seen = { members: 3, cluster: e.vsan.uuid };
    expect(await e.probe(there)).toEqual({ state: 'not-done', seen: 'sees 3 members of its vSAN cluster', data: seen });
    const data = await e.act(there);
    expect(data).toEqual({ ...seen, exitCode: 0 });
    expect(await e.probe(there)).toEqual({ state: 'done', proof: 'sees itself alone in its vSAN cluster' });
    expect(e.vsan.nodes.every(({ isAlone }) => isAlone)).toBe(true);

    const back = e.step({ ...recover, id: 'back' }, left(there, data));
    expect((await e.probe(back)).state).toBe('not-done');
    await e.act(back);
    expect(await e.probe(back)).toEqual({ state: 'done', proof: 'sees 3 members of its vSAN cluster' });
    expect(e.acts()).toEqual([`${helper} prepare`, `${helper} recover`]);
    expect(e.vsan.races).toBe(0);
  });
});

describe('preparing a vSAN cluster', () => {
  it('that is split up already needs nothing', async () => {
    const e = await vsanHost();
    for (const node of e.vsan.nodes) node.isAlone = true;
    expect((await e.probe(e.step(prepare))).state).toBe('done');
    expect(e.acts()).toEqual([]);
  });

  it('that is refused says what the helper said, and may be tried again', async () => {
    const e = await vsanHost();
    e.vsan.helper = 'refuses';
    const context = e.step(prepare);
    expect(await faultOf(e.act(context))).toMatchObject({
      code: 'command-failed',
      what: 'reboot_helper.py prepare failed (exit code 1): Some hosts of the cluster are not healthy.',
    });
    expect((await e.probe(context)).state).toBe('not-done');
    e.vsan.helper = 'works';
    await e.act(context);
    expect((await e.probe(context)).state).toBe('done');
  });

  it('that is only said to be done is never proven', async () => {
    const e = await vsanHost();
    e.vsan.helper = 'lies';
    const context = e.step(prepare);
    await e.act(context);
    expect((await e.b.prove(context, 60_000)).last).toMatchObject({
      state: 'not-done',
      seen: 'sees 3 members of its vSAN cluster',
    });
    expect(e.acts()).toEqual([`${helper} prepare`]);
  });

  it('that hangs ends with the step', async () => {
    const e = await vsanHost();
    e.vsan.helper = 'hangs';
    const context = e.step(prepare);
    const acting = faultOf(e.act(context));
    await expect.poll(() => e.acts().length).toBe(1);
    context.abort();
    expect((await acting).code).toBe('limit-reached');
  });

  it('on the witness, or on a host that is no member, is refused, and nothing is run', async () => {
    const vsan = new FakeVsan();
    const witness = await esxi({ vsan: vsan.node('WITNESS') });
    const none = await esxi();
    for (const e of [witness, none]) {
      expect((await faultOf(e.act(e.step(prepare)))).code).toBe('refused');
      expect(e.acts()).toEqual([]);
    }
  });

  it('is done by one host at a time', async () => {
    const vsan = new FakeVsan();
    const one = await esxi({ vsan: vsan.node() }, { id: 'one' });
    const two = await esxi({ vsan: vsan.node() }, { id: 'two', b: one.b });
    const first = one.b.actions(one.step(prepare)).act(one.step(prepare));
    await expect.poll(() => one.acts().length).toBe(1);
    expect(await faultOf(two.act(two.step(prepare)))).toMatchObject({
      code: 'refused',
      what: 'one does it for the same vSAN cluster just now',
    });
    await one.b.meanwhile(first);
    expect([two.acts(), vsan.races]).toEqual([[], 0]);
    expect((await two.probe(two.step(prepare))).state).toBe('done');
  });

  it('on a host too old for it fails', async () => {
    const e = await vsanHost({ dialect: 6 });
    expect((await faultOf(e.act(e.step(prepare)))).code).toBe('command-failed');
  });

  it('goes on when the connection is lost, and is not run again', async () => {
    const e = await vsanHost();
    const context = e.step(prepare);
    const acting = e.b.actions(context).act(context);
    await expect.poll(() => e.acts().length).toBe(1);
    e.b.pool.close();
    expect(await e.soon(acting)).toMatchObject({ exitCode: 0 });
    expect((await e.probe(context)).state).toBe('done');
    expect(e.acts()).toHaveLength(1);
  });

  it.each(['fin', 'rst', 'silence'] as const)('on a host that dies meanwhile by %s stays in doubt', async (death) => {
    const e = await vsanHost();
    const context = e.step({ ...prepare, limit: 1 });
    const acting = e.b.actions(context).act(context);
    await expect.poll(() => e.acts().length).toBe(1);
    e.fake.ssh.powerOff(death);
    e.fake.esxi.cutPower();
    const fault = await faultOf(e.soon(acting));
    // Of a silent host nothing is heard until the command's time is over.
    expect(fault.code).toBe(death === 'silence' ? 'dead-peer' : 'state-unknown');
    const probing = e.b.actions(context).probe(context);
    expect(await e.soon(probing)).toMatchObject({ state: 'unknown', fault: { code: 'state-unknown' } });
    expect(e.acts()).toHaveLength(1);
  });
});

describe('preparing a vSAN cluster, after Glidepath was killed in it', () => {
  const killed = async (fate: 'works' | 'refuses') => {
    const e = await vsanHost();
    e.vsan.helper = fate;
    const before = e.step(prepare);
    const probe = await e.probe(before);
    void e.b
      .actions(before)
      .act(before)
      .catch(() => undefined);
    await expect.poll(() => e.acts().length).toBe(1);
    e.b.pool.close();
    before.abort();
    const found = 'data' in probe ? (probe.data ?? {}) : {};
    return { e, resumed: e.step(prepare, left(before, found)) };
  };

  it('is proven when its hosts do not see each other any more', async () => {
    const { e, resumed } = await killed('works');
    const began = e.b.clock.monotonic();
    expect((await e.soon(e.b.actions(resumed).probe(resumed))).state).toBe('done');
    expect(e.b.clock.monotonic() - began).toBeLessThanOrEqual(helperMs + 10_000);
    expect(e.acts()).toHaveLength(1);
  });

  it('is in doubt when they do after two minutes, and is not run a second time', async () => {
    const { e, resumed } = await killed('refuses');
    const began = e.b.clock.monotonic();
    expect(await e.soon(e.b.actions(resumed).probe(resumed))).toMatchObject({
      state: 'unknown',
      fault: { code: 'state-unknown' },
    });
    expect(e.b.clock.monotonic() - began).toBeGreaterThanOrEqual(120_000);
    expect(e.acts()).toHaveLength(1);
  });

  it('and had been accepted, is looked at only', async () => {
    const e = await vsanHost();
    const before = e.step(prepare);
    const data = await e.act(before);
    expect((await e.probe(e.step(prepare, left(before, data)))).state).toBe('done');
  });
});

describe('bringing a vSAN cluster together', () => {
  const data = { members: 3, exitCode: 0 };

  it('that is together already needs nothing', async () => {
    const e = await vsanHost();
    expect((await e.probe(e.step(recover))).state).toBe('done');
  });

  it('is not done while one of its members is missing, or the host is not healthy', async () => {
    const e = await vsanHost();
    const earlier = left(e.step(prepare), { ...data, cluster: e.vsan.uuid });
    const [own, , witness] = e.vsan.nodes;
    if (witness) witness.isAlone = true;
    expect(await e.probe(e.step({ ...recover, id: 'back' }, earlier))).toMatchObject({
      state: 'not-done',
      seen: 'sees 2 members of its vSAN cluster',
    });
    if (witness) witness.isAlone = false;
    if (own) own.isHealthy = false;
    expect(await e.probe(e.step({ ...recover, id: 'back' }, earlier))).toMatchObject({
      state: 'not-done',
      seen: 'sees 3 members of its vSAN cluster, and is not healthy',
    });
  });
});

describe('in a rehearsal', () => {
  it.each([
    [prepare, 'signed in as root; sees 3 members of its vSAN cluster'],
    [recover, 'signed in as root; sees 3 members of its vSAN cluster'],
    [{ kind: 'wait-resync' }, 'signed in as root; nothing is left to resync'],
    [{ kind: 'ignore-member-updates' }, 'signed in as root; cluster member updates are heeded'],
  ])('%j is looked at only', async (step, detail) => {
    const e = await vsanHost();
    const context = e.step(step);
    const checks = await e.b.actions(context).check(context);
    expect(checks.at(-1)).toMatchObject({ what: 'privilege', verdict: 'ready', detail });
    expect(e.acts().filter((text) => text !== 'true' && text !== 'id -u')).toEqual([]);
  });

  it.each([prepare, recover, { kind: 'wait-resync' }])('%j fails on a host that is no member', async (step) => {
    const e = await esxi();
    const context = e.step(step);
    const checks = await e.b.actions(context).check(context);
    expect(checks.at(-1)).toMatchObject({ what: 'privilege', verdict: 'fails', fault: { code: 'refused' } });
  });

  it.each([prepare, recover, { kind: 'wait-resync' }, { kind: 'heed-member-updates' }])(
    '%j fails by a user without the right',
    async (step) => {
      const e = await vsanHost({ roles: { ops: 'ReadOnly' } }, { user: 'ops' });
      const context = e.step(step);
      const checks = await e.b.actions(context).check(context);
      expect(checks.at(-1)).toMatchObject({ what: 'privilege', verdict: 'fails', fault: { code: 'not-allowed' } });
    },
  );
});
