import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, type Esxi, esxi, guests } from './esxi-kit.ts';
import { faultOf } from './targets-kit.ts';

afterEach(closeAll);

const down = { kind: 'shut-down-guests' };
const enter = { kind: 'enter-maintenance' };
const off = { kind: 'power-off', until: 'port-closed' };

/** Real ms for a question that hangs: nobody waits for half a minute in a test. */
const hangsAfterMs = 300;

function impatient(e: Esxi): Esxi {
  const { pool } = e.b;
  const run = pool.run.bind(pool);
  pool.run = (host, command, options) =>
    run(host, command, /^(esxcli|vim-cmd) /.test(command) ? { ...options, limitMs: hangsAfterMs } : options);
  return e;
}

describe.each(['down', 'hangs'] as const)('a host whose management service is sick (%s)', (hostd) => {
  const sick = async (more: Parameters<typeof esxi>[0] = {}) => {
    const e = await esxi({ hostd, ...more });
    return hostd === 'hangs' ? impatient(e) : e;
  };

  it('and on which nothing runs goes down in order', async () => {
    const e = await sick({ vms: guests({ power: 'off' }) });
    expect(await e.probe(e.step(down))).toEqual({ state: 'done', proof: 'no guest is on' });
    const entering = e.step(enter);
    expect((await e.probe(entering)).state).toBe('not-done');
    await e.act(entering);
    expect(await e.probe(entering)).toEqual({ state: 'done', proof: 'in maintenance mode' });
    const context = e.step(off);
    await e.act(context);
    expect((await e.b.prove(context, 60_000)).last.state).toBe('done');
    const inOrder = [
      'localcli system maintenanceMode set -e true -t 60',
      `localcli system shutdown poweroff -d 10 -r 'Glidepath: power failure'`,
    ];
    expect(e.acts().filter((text) => text.startsWith('localcli'))).toEqual(inOrder);
    expect([e.fake.state, e.fake.esxi.crashedVms]).toEqual(['off', 0]);
    expect(e.b.told).toContain('esxi is asked by localcli, without its management service');
  });

  it('and on which nothing runs is powered off without maintenance mode too', async () => {
    const e = await sick({ vms: guests({ power: 'off' }) });
    const context = e.step(off);
    await e.act(context);
    expect(e.acts().at(-1)).toBe('/sbin/poweroff');
    expect((await e.b.prove(context, 60_000)).last.state).toBe('done');
    expect(e.fake.esxi.crashedVms).toBe(0);
  });

  it('and on which a guest runs is left on, and the guest is named', async () => {
    const e = await sick({ vms: guests({}) });
    expect(await faultOf(e.act(e.step(off)))).toMatchObject({ code: 'refused', what: expect.stringContaining('vm1') });
    // Only hostd can ask a guest to stop.
    const code = hostd === 'down' ? 'command-failed' : 'dead-peer';
    expect(await faultOf(e.act(e.step(down)))).toMatchObject({ code });
    expect((await faultOf(e.act(e.step(enter)))).code).toBe('command-failed');
    expect([e.fake.state, e.on(), e.fake.esxi.state.maintenance]).toEqual(['on', ['vm1'], 'off']);
  });

  it('and whose maintenance mode was set past it under a running guest is left on', async () => {
    const e = await sick({ vms: guests({}), maintenance: 'on' });
    expect(await faultOf(e.act(e.step(off)))).toMatchObject({ code: 'refused', what: expect.stringContaining('vm1') });
    expect([e.fake.state, e.on()]).toEqual(['on', ['vm1']]);
  });

  it('is waited for once in a step, not at each question', async () => {
    const e = await sick({ maintenance: 'on' });
    const began = e.b.clock.monotonic();
    const context = e.step(off);
    await e.act(context);
    expect(e.b.clock.monotonic() - began).toBeLessThan(30_000);
    expect(e.b.told.filter((line) => line.includes('localcli'))).toHaveLength(1);
  });
});

it('a management service that is well again is asked again', async () => {
  const e = await esxi({ hostd: 'down', vms: guests({}) });
  const context = e.step(down);
  expect((await e.probe(context)).state).toBe('unknown');
  e.fake.esxi.state.hostd = 'ok';
  expect((await e.probe(context)).state).toBe('not-done');
  expect(await e.act(context)).toEqual({ guests: ['1'], names: ['vm1'] });
  const asked = e.fake.ssh.log.length;
  expect((await e.b.prove(context, 60_000)).last).toEqual({ state: 'done', proof: '1 guest off' });
  expect(e.fake.ssh.log.slice(asked).some(({ text }) => text.startsWith('localcli'))).toBe(false);
});

it('is not gone around on the way back, where guests need it', async () => {
  const e = await esxi({ hostd: 'down', maintenance: 'on' });
  e.b.clock.after(60_000, () => {
    e.fake.esxi.state.hostd = 'ok';
  });
  await e.act(e.step({ kind: 'exit-maintenance' }));
  expect(e.acts().filter((text) => text.includes('set -e'))).toContain(
    'esxcli system maintenanceMode set -e false -t 60',
  );
  expect(e.fake.ssh.log.some(({ text }) => text.startsWith('localcli'))).toBe(false);
});

it('that hangs on the way back is not gone around either', async () => {
  const e = impatient(await esxi({ hostd: 'hangs', maintenance: 'on' }));
  const context = e.step({ kind: 'exit-maintenance' });
  // A look may: it changes nothing.
  expect((await e.probe(context)).state).toBe('not-done');
  expect((await faultOf(e.act(context))).code).toBe('dead-peer');
  expect(e.acts().filter((text) => text.startsWith('localcli'))).toEqual([]);
  expect(e.fake.esxi.state.maintenance).toBe('on');
});

it('in a rehearsal it is told as it is, and nothing goes around it', async () => {
  const e = await esxi({ hostd: 'down' });
  const context = e.step(enter);
  expect((await e.b.actions(context).check(context)).at(-1)).toMatchObject({
    verdict: 'fails',
    fault: { code: 'command-failed', what: expect.stringContaining('Connect to localhost failed') },
  });
  expect(e.fake.ssh.log.some(({ text }) => text.startsWith('localcli'))).toBe(false);
});
