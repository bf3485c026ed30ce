import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hasSshBanner } from '../../electron/targets/ssh/read-banner.ts';
import { magicPacket } from '../../electron/targets/wake/magic-packet.ts';
import { broadcastOf } from '../../electron/targets/wake/send-wake.ts';
import { type StepKind, stepSchema } from '../../shared/sequence.ts';
import { LinuxHost } from '../fakes/linux-host.ts';
import { type Result, result } from '../fakes/posix-shell.ts';
import { magicPacket as expectedPacket, WakeListener } from '../fakes/wake-listener.ts';
import { bench, byKey, clientKey, faultOf, hostOf, inventoryHost, peer } from './targets-kit.ts';

const closing: Array<() => void> = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe('wake', () => {
  const mac = '02:00:00:aa:bb:01';

  async function sleeper(more: Record<string, unknown> = {}) {
    const listener = await WakeListener.open();
    const b = bench(byKey, { wakeTo: [{ address: '127.255.255.255', port: listener.port }] });
    const fake = new LinuxHost({
      name: 'web',
      users: [{ name: 'root', publicKeys: [clientKey.publicKey] }],
      after: (ms, call) => b.clock.after(ms, call),
      mac,
      wake: listener,
    });
    await fake.powerOn();
    fake.powerCut();
    closing.push(
      () => fake.close(),
      () => listener.close(),
      () => b.pool.close(),
    );
    const step = b.step({ kind: 'wake', target: 'web' }, hostOf(fake.ssh, { macs: [mac], ...more }));
    return { b, fake, listener, step, actions: b.actions(step) };
  }

  it.each(['02:00:00:aa:bb:01', '02-00-00-AA-BB-01', '020000aabb01', '0200.00aa.bb01'])('packs %s', (written) => {
    expect(magicPacket(written)).toEqual(expectedPacket(mac));
  });

  it.each([
    ['192.168.10.2', '255.255.255.0', '192.168.10.255'],
    ['10.1.2.3', '255.255.252.0', '10.1.3.255'],
    ['223.255.255.1', '255.0.0.0', '223.255.255.255'],
    ['192.168.10.2', '255.255.255.254', null],
    ['192.168.10.2', '255.255.255.255', null],
  ])('the broadcast address of %s/%s is %s', (address, netmask, broadcast) => {
    expect(broadcastOf(address, netmask)).toBe(broadcast);
  });

  it('sends, and is done when the host says so itself', async () => {
    const { b, fake, listener, step, actions } = await sleeper();
    expect(await actions.probe(step)).toMatchObject({ state: 'not-done' });
    expect(listener.count(mac)).toBe(0);
    const { packets } = await b.meanwhile(actions.act(step));
    expect(packets).toBeGreaterThanOrEqual(3);
    await expect.poll(() => listener.count(mac)).toBe(3);
    const { last, tookMs } = await b.prove(step, 60_000);
    expect(last).toEqual({ state: 'done', proof: `answers on port ${fake.port}` });
    expect(tookMs).toBeLessThan(40_000);
    expect(fake.wakeCount).toBe(1);
  });

  it('sends again every 10 s to a host that does not hear', async () => {
    const { b, listener, step, actions } = await sleeper({ macs: ['02:00:00:aa:bb:02'] });
    await b.meanwhile(actions.act(step));
    await b.prove(step, 35_000);
    // At 0, 10, 20 and 30 s, three each.
    await expect.poll(() => listener.count('02:00:00:aa:bb:02')).toBe(12);
  });

  it('goes on sending after a restart of Glidepath', async () => {
    const { b, listener, step } = await sleeper();
    const resumed = b.step({ kind: 'wake', target: 'web' }, step.host, [{ step: step.step, data: { packets: 3 } }]);
    await b.meanwhile(b.actions(resumed).probe(resumed));
    await expect.poll(() => listener.count(mac)).toBe(3);
  });

  it('needs a MAC address', async () => {
    const { actions, step } = await sleeper({ macs: [] });
    expect((await faultOf(actions.act(step))).code).toBe('no-mac');
  });

  it('does not take a port that accepts and says nothing, or says something else, for an SSH server', async () => {
    for (const greeting of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const server = net.createServer((socket) => void socket.on('error', () => undefined).end(greeting));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closing.push(() => server.close());
      expect(await hasSshBanner({ address: '127.0.0.1', port: (server.address() as net.AddressInfo).port })).toBe(
        false,
      );
    }
  });
});

describe('command', () => {
  async function commanded(run: (command: string) => Promise<Result>, more: Record<string, unknown> = {}) {
    const fake = await peer(run);
    const b = bench();
    closing.push(
      () => b.pool.close(),
      () => fake.close(),
    );
    const step = b.step({ kind: 'command', target: 'web', command: 'zpool export tank', ...more }, hostOf(fake));
    return { b, fake, step, actions: b.actions(step) };
  }

  it('is proven by exit code 0', async () => {
    const { actions, step, fake } = await commanded(async () => result('ok'));
    expect(await actions.act(step)).toEqual({ exitCode: 0 });
    expect(await actions.probe(step)).toEqual({ state: 'done', proof: 'exit code 0' });
    expect(fake.log.map(({ text }) => text)).toEqual(['zpool export tank']);
  });

  it('that fails tells its code and what it said, and can be tried again', async () => {
    const codes = [4, 0];
    const { actions, step } = await commanded(async () => result('', codes.shift(), 'tank is busy\n'));
    expect(await faultOf(actions.act(step))).toMatchObject({
      code: 'command-failed',
      what: 'the command failed with exit code 4: tank is busy',
    });
    expect((await actions.probe(step)).state).toBe('not-done');
    await actions.act(step);
    expect((await actions.probe(step)).state).toBe('done');
  });

  it('that was not sent can be tried again', async () => {
    const { actions, step, fake } = await commanded(async () => result());
    fake.powerOff();
    expect((await faultOf(actions.act(step))).code).toBe('unreachable');
    expect((await actions.probe(step)).state).toBe('not-done');
  });

  it.each(['fin', 'rst', 'silence'] as const)(
    'that was running when the host died by %s stays in doubt',
    async (death) => {
      const { actions, step, fake, b } = await commanded(() => new Promise(() => undefined), { limit: 1 });
      const acting = faultOf(actions.act(step));
      await expect.poll(() => fake.log.length).toBe(1);
      fake.powerOff(death);
      expect((await acting).code).toBe('dead-peer');
      expect(await actions.probe(step)).toMatchObject({ state: 'unknown', fault: { code: 'state-unknown' } });
      expect(b.told).toEqual([]);
    },
  );

  it('of which only the journal knows: done when it was accepted, in doubt when not', async () => {
    const { b, step, actions } = await commanded(async () => result());
    expect(await actions.probe(step)).toMatchObject({ state: 'unknown', fault: { code: 'state-unknown' } });
    const resumed = b.step({ kind: 'command', target: 'web', command: 'x' }, step.host, [
      { step: step.step, data: { exitCode: 0 } },
    ]);
    expect((await actions.probe(resumed)).state).toBe('done');
  });
});

describe('wait', () => {
  it('is over when its time is, not before', async () => {
    const b = bench();
    const step = b.step({ kind: 'wait', seconds: 90 }, null);
    expect(await b.actions(step).probe(step)).toEqual({ state: 'not-done', seen: '1 min 30 s to wait' });
    await b.actions(step).act(step);
    b.clock.jump(3_600_000);
    expect(await b.prove(step, 200_000)).toEqual({
      last: { state: 'done', proof: 'waited 1 min 30 s' },
      tookMs: 90_000,
    });
  });

  it('goes on where it was after a restart of Glidepath, and never longer than it is', async () => {
    const b = bench();
    const first = b.step({ kind: 'wait', seconds: 60 }, null);
    const data = await b.actions(first).act(first);
    await b.clock.advance(40_000);
    const resume = () => b.prove(b.step({ kind: 'wait', seconds: 60 }, null, [{ step: first.step, data }]), 200_000);
    expect((await resume()).tookMs).toBe(20_000);
    b.clock.jump(-3_600_000);
    expect((await resume()).tookMs).toBe(60_000);
  });
});

it('notify shows its message once', async () => {
  const b = bench();
  const step = b.step({ kind: 'notify', message: 'Going down' }, null);
  expect((await b.actions(step).probe(step)).state).toBe('not-done');
  await b.actions(step).act(step);
  expect((await b.actions(step).probe(step)).state).toBe('done');
  expect(b.notices).toEqual([
    { category: 'run', urgency: 'normal', title: 'Glidepath', body: 'Going down', channels: 'all' },
  ]);
});

it('nothing of a run is left for the next one', async () => {
  const b = bench();
  const run = () => b.step({ kind: 'notify', message: 'Going down' }, null);
  await b.actions(run()).act(run());
  expect((await b.actions(run()).probe(run())).state).toBe('not-done');
});

it('refuses a target of the wrong kind', async () => {
  const b = bench();
  const linux = inventoryHost({ address: '127.0.0.1', port: 1, fingerprint: null });
  for (const host of [linux, null]) {
    const step = b.step({ kind: 'enter-maintenance', target: 'web' }, host);
    expect((await faultOf(b.actions(step).act(step))).code).toBe('reference-missing');
  }
});

it('knows every kind of step', () => {
  const kinds = stepSchema.options.map((option): StepKind => option.shape.kind.value);
  expect(Object.keys(bench().table).sort()).toEqual(kinds.sort());
});
