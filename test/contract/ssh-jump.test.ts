import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Credential, Credentials } from '../../electron/core/ports.ts';
import { resolveName } from '../../electron/targets/resolve-name.ts';
import { connect } from '../../electron/targets/ssh/connect.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { openTunnel } from '../../electron/targets/ssh/tunnel.ts';
import type { Host } from '../../shared/inventory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { type Result, result } from '../fakes/posix-shell.ts';
import type { Death, SshHost } from '../fakes/ssh-host.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { bench, byKey, byPassword, faultOf, hostOf, inventoryHost, keeping, peer } from './targets-kit.ts';

// Real servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const never = new AbortController().signal;
const gatewayKey = newSshKey('gateway');

/** What ends with each test, last first. */
const ending: (() => unknown)[] = [];

let clock: ManualClock;
let pool: SshPool;
let hosts: Map<string, Host>;
let asked: string[];
let held: Record<string, Credential>;

beforeEach(() => {
  clock = new ManualClock();
  hosts = new Map();
  asked = [];
  held = { web: byPassword('right') };
  const gateway: Credential = { kind: 'key', privateKey: gatewayKey.privateKey, passphrase: '' };
  const credentials: Credentials = {
    for: async ({ id }) => {
      asked.push(id);
      return held[id] ?? gateway;
    },
  };
  pool = new SshPool(credentials, clock, { hosts: (id) => hosts.get(id) ?? null, addresses: { of: resolveName } });
});

afterEach(async () => {
  vi.useRealTimers();
  pool.close();
  for (const end of ending.splice(0).reverse()) await end();
});

/** A real OpenSSH server through which connections go, as the host of this id. */
async function gateway(id: string, config: readonly string[] = [], more: Record<string, unknown> = {}) {
  const server = new OpenSsh({ authorized: gatewayKey.publicKey, config: ['LogLevel DEBUG1', ...config] });
  await server.start();
  ending.push(() => server.remove());
  const at = { address: '127.0.0.1', port: server.port, fingerprint: server.fingerprint('ed25519') };
  const host = inventoryHost(at, { id, name: id, user: server.user, ...more });
  hosts.set(id, host);
  return { server, host };
}

/** The host at the other end: only the password lets in there. */
async function target(jump: string, more: Record<string, unknown> = {}): Promise<{ fake: SshHost; host: Host }> {
  const fake = await peer(async (command) => result(`${command}!`), { users: [{ name: 'root', password: 'right' }] });
  ending.push(() => fake.close());
  const host = hostOf(fake, { login: 'password', jump, ...more });
  hosts.set(host.id, host);
  return { fake, host };
}

const run = (host: Host, command = 'x', limitMs = 10_000) => pool.run(host, command, { limitMs, signal: never });

describe.skipIf(!hasOpenSsh)('a host behind a jump host', () => {
  it('is reached with a key and a credential of its own at each hop, over one connection to the jump host', async () => {
    const { server, host: jump } = await gateway('gate');
    const { fake, host } = await target('gate');
    const other = await target('gate', { id: 'db', name: 'db', login: 'key', user: 'root' });
    expect((await run(host, 'hello')).stdout).toBe('hello!');
    expect(fake.auths).toMatchObject([{ method: 'password', accepted: true }]);
    // The gateway's key lets nobody in there.
    expect((await faultOf(run(other.host))).code).toBe('login-refused');
    expect((await run(jump, 'echo $SSH_CONNECTION')).stdout).toMatch(/^127\.0\.0\.1 /);
    await expect.poll(() => server.said(/Accepted publickey/)).toHaveLength(1);
    expect(asked.sort()).toEqual(['db', 'gate', 'web']);
  });

  it('may be three jump hosts away, not four', async () => {
    await gateway('one');
    const two = await gateway('two', [], { jump: 'one' });
    const three = await gateway('three', [], { jump: 'two' });
    const { host } = await target('three');
    expect((await run(host, 'far')).stdout).toBe('far!');
    expect([two, three].map(({ server }) => server.said(/Accepted publickey/).length)).toEqual([1, 1]);
    hosts.set('one', { ...(hosts.get('one') as Host), jump: 'zero' });
    hosts.set('zero', { ...two.host, id: 'zero', name: 'zero', jump: undefined });
    expect(await faultOf(run({ ...host, name: 'edited' }))).toMatchObject({
      code: 'reference-missing',
      what: 'it is more than 3 jump hosts away',
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nobody', {}, 'the jump host of web, "gate", is not there'],
    ['itself', { gate: { jump: 'gate' } }, 'its jump hosts go round in a circle: web, gate, gate'],
    ['one behind it', { gate: { jump: 'web' } }, 'its jump hosts go round in a circle: web, gate, web'],
    [
      'no SSH host',
      { gate: { kind: 'esxi-api', login: 'password' } },
      'gate is not spoken to over SSH, so nothing can go through it',
    ],
  ])('with %s for a jump host is a fault, and nothing is sent', async (_name, others, what) => {
    const { fake, host } = await target('gate');
    for (const [id, more] of Object.entries(others))
      hosts.set(
        id,
        inventoryHost(
          { address: '127.0.0.1', port: fake.port, fingerprint: null },
          { id, name: id, ...(more as object) },
        ),
      );
    expect(await faultOf(run(host))).toMatchObject({ code: 'reference-missing', what });
    expect([fake.auths, await pool.look(host)]).toEqual([[], 'blind']);
  });

  it('is not reached through a jump host that shows another key, and the host is not told of it', async () => {
    const { server } = await gateway('gate');
    const { host, fake } = await target('gate');
    hosts.set('gate', {
      ...(hosts.get('gate') as Host),
      hostKeys: [{ type: 'ssh-ed25519', fingerprint: newSshKey().fingerprint }],
    });
    const fault = await faultOf(run(host));
    expect([fault.code, fault.where]).toEqual(['host-key-changed', `gate (127.0.0.1:${server.port})`]);
    expect([server.said(/Accepted/), fake.auths]).toEqual([[], []]);
  });

  it('is checked by its own key behind the jump host', async () => {
    await gateway('gate');
    const { host, fake } = await target('gate', {
      hostKeys: [{ type: 'ssh-ed25519', fingerprint: newSshKey().fingerprint }],
    });
    expect(await faultOf(run(host))).toMatchObject({ code: 'host-key-changed', where: `web (127.0.0.1:${fake.port})` });
    expect(fake.auths).toEqual([]);
    expect(await pool.readHostKey(host)).toEqual({ type: 'ssh-ed25519', fingerprint: fake.hostKey.fingerprint });
    // No stream is left behind: the jump host is only idle.
    await expect.poll(() => clock.pending).toBe(1);
  });

  it('is out of reach when the jump host is, or may not forward, or reaches nothing', async () => {
    const gate = await gateway('gate');
    const strict = await gateway('strict', ['AllowTcpForwarding no']);
    const { host, fake } = await target('gate');
    fake.powerOff();
    expect(await faultOf(run(host))).toMatchObject({
      code: 'unreachable',
      what: 'its jump host gate cannot connect to it: Connection refused',
    });
    await fake.powerOn();
    expect(await faultOf(run({ ...host, jump: 'strict' }))).toMatchObject({
      code: 'not-allowed',
      where: `strict (127.0.0.1:${strict.server.port})`,
    });
    pool.close();
    await gate.server.stop();
    expect(await faultOf(run(host))).toMatchObject({
      code: 'unreachable',
      where: `web (127.0.0.1:${fake.port})`,
      what: expect.stringContaining('its jump host gate cannot be used: nothing listens there'),
    });
    expect(fake.auths).toEqual([]);
  });

  it('is not barred by what the jump host refused', async () => {
    await gateway('gate');
    const { host, fake } = await target('gate');
    held.gate = { kind: 'key', privateKey: newSshKey().privateKey, passphrase: '' };
    expect(await faultOf(run(host))).toMatchObject({ code: 'login-refused', where: expect.stringMatching(/^gate /) });
    delete held.gate;
    expect((await run(host, 'now')).stdout).toBe('now!');
    expect(fake.auths).toHaveLength(1);
  });

  it('goes over a new connection when that to the jump host has died unnoticed', async () => {
    const { server, host: jump } = await gateway('gate');
    const { host } = await target('gate');
    await run(jump, 'true');
    for (const pid of server.sessions()) process.kill(pid, 'SIGKILL');
    expect((await run(host, 'again')).stdout).toBe('again!');
  });

  it('gives up when told so, and leaves no stream behind', async () => {
    const { host: jump } = await gateway('gate');
    const { host } = await target('gate');
    const abort = new AbortController();
    const warming = faultOf(pool.warm(host, abort.signal));
    abort.abort();
    expect((await warming).code).toBe('unreachable');
    expect((await run(jump, 'echo here')).stdout).toBe('here\n');
    // The stream to the host came, and was closed again: nothing but the idle time is left.
    await expect.poll(() => clock.pending).toBe(1);
    await clock.advance(60_000);
    await expect.poll(() => pool.stands(jump)).toBe(false);
    expect(clock.pending).toBe(0);
  });
});

describe.skipIf(!hasOpenSsh)('the connection to a jump host', () => {
  it('stays while one goes through it, and is closed a minute after the last', async () => {
    const { host: jump } = await gateway('gate');
    const { host } = await target('gate');
    await pool.warm(host, never);
    await clock.advance(3_600_000);
    expect((await run(host, 'warm')).stdout).toBe('warm!');
    expect(pool.stands(jump)).toBe(true);
    pool.release();
    await clock.advance(60_000);
    await expect.poll(() => pool.stands(host)).toBe(false);
    expect(pool.stands(jump)).toBe(true);
    // The jump host tells that the stream is closed in its own time.
    await expect.poll(() => clock.pending).toBe(1);
    await clock.advance(60_000);
    await expect.poll(() => pool.stands(jump)).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('that was told to go down is not cut while one goes through it', async () => {
    const { host: jump } = await gateway('gate');
    const { host, fake } = await target('gate');
    await pool.warm(host, never);
    pool.leave(jump);
    await clock.advance(16 * 60_000);
    expect((await run(host, 'still')).stdout).toBe('still!');
    expect(fake.auths).toHaveLength(1);
  });

  it('that is forgotten is made anew, and what goes through the old one goes on', async () => {
    const { host: jump, server } = await gateway('gate');
    const { host, fake } = await target('gate');
    await run(host);
    pool.forget(jump);
    await run(jump, 'true');
    expect((await run(host, 'on')).stdout).toBe('on!');
    expect([server.said(/Accepted publickey/).length, fake.auths.length]).toEqual([2, 1]);
  });
});

describe.skipIf(!hasOpenSsh)('a look through a jump host', () => {
  it('that comes too late cuts nothing that goes on through the jump host', async () => {
    const { server } = await gateway('gate');
    let finish = (): void => undefined;
    const slow = () =>
      new Promise<Result>((resolve) => {
        finish = () => resolve(result('whole'));
      });
    const fake = await peer(slow, { users: [{ name: 'root', password: 'right' }] });
    ending.push(() => fake.close());
    const host = hostOf(fake, { login: 'password', jump: 'gate' });
    const going = run(host, 'slow', 25_000);
    await expect.poll(() => fake.log.length).toBe(1);
    // It has much to do, and says nothing for some seconds.
    const sessions = server.sessions();
    for (const pid of sessions) process.kill(pid, 'SIGSTOP');
    expect(await pool.look({ ...host, id: 'other' })).toBe('open');
    for (const pid of sessions) process.kill(pid, 'SIGCONT');
    finish();
    expect(await going).toMatchObject({ stdout: 'whole', dropped: false });
  });

  it('sees open, and closed', async () => {
    await gateway('gate');
    const { host, fake } = await target('gate');
    expect(await pool.look(host)).toBe('open');
    fake.powerOff();
    expect(await pool.look(host)).toBe('closed');
    expect(fake.auths).toEqual([]);
  });

  it('sees silence', async () => {
    await gateway('gate');
    const { host } = await target('gate');
    expect(await pool.look({ ...host, port: await deafPort() })).toBe('silent');
  });

  it('takes silence for the silence of the host only if the jump host answers', async () => {
    const { server, host: jump } = await gateway('gate');
    const key: Credential = { kind: 'key', privateKey: gatewayKey.privateKey, passphrase: '' };
    const client = await connect(jump, keeping(key), never);
    const deaf = { address: '127.0.0.1', port: await deafPort() };
    expect(await openTunnel(client, deaf, 300)).toMatchObject({ is: 'silent' });
    const sessions = server.sessions();
    for (const pid of sessions) process.kill(pid, 'SIGSTOP');
    expect(await openTunnel(client, deaf, 300)).toEqual({ is: 'lost', said: 'it does not answer any more' });
    for (const pid of sessions) process.kill(pid, 'SIGCONT');
    client.destroy();
  });

  it('is blind when the jump host is gone, may not forward, or knows no such name', async () => {
    const { server } = await gateway('gate');
    await gateway('strict', ['AllowTcpForwarding no']);
    const { host } = await target('gate');
    expect(await pool.look({ ...host, address: 'no-such-host.invalid' })).toBe('blind');
    expect(await pool.look({ ...host, jump: 'strict' })).toBe('blind');
    pool.close();
    await server.stop();
    expect(await pool.look(host)).toBe('blind');
  });
});

describe.skipIf(!hasOpenSsh)('how a connection through a jump host ends', () => {
  const standing = async () => {
    const { server } = await gateway('gate');
    const { host, fake } = await target('gate');
    await run(host);
    return { server, host, fake };
  };

  it.each<Death>(['fin', 'rst'])('%s: by the host', async (death) => {
    const { host, fake } = await standing();
    fake.powerOff(death);
    await expect.poll(() => pool.stands(host)).toBe(false);
    expect(pool.endedByHost(host).count).toBe(1);
  });

  it.each<NodeJS.Signals>(['SIGKILL', 'SIGTERM'])('with the jump host (%s): not by the host', async (signal) => {
    const { server, host } = await standing();
    for (const pid of server.sessions()) process.kill(pid, signal);
    await expect.poll(() => pool.stands(host)).toBe(false);
    expect(pool.endedByHost(host).count).toBe(0);
  });

  it('a command without an end, for which we leave: not by the host, and the next one signs in anew', async () => {
    const { host, fake } = await standing();
    fake.powerOff('silence');
    expect((await faultOf(run(host, 'x', 100))).code).toBe('dead-peer');
    await fake.powerOn();
    expect((await run(host, 'back')).stdout).toBe('back!');
    expect(pool.endedByHost(host).count).toBe(0);
  });

  it('our keepalive that the host does not answer: not by the host', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { host, fake } = await standing();
    fake.powerOff('silence');
    // The jump host answers its own.
    for (let second = 0; second < 25 && pool.stands(host); second += 5) {
      vi.advanceTimersByTime(5000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await expect.poll(() => pool.stands(host)).toBe(false);
    expect([pool.endedByHost(host).count, pool.stands(hosts.get('gate') as Host)]).toEqual([0, true]);
  });
});

it.skipIf(!hasOpenSsh)('powers a host off through a jump host and proves it by looks from there', async () => {
  await gateway('gate');
  const { host, fake } = await target('gate');
  const b = bench(byKey, { shell: pool, look: pool.look, clock });
  const step = b.step({ kind: 'power-off', target: 'web', until: 'port-closed' }, host);
  expect(await b.actions(step).probe(step)).toMatchObject({ state: 'not-done' });
  await b.actions(step).act(step);
  expect(fake.log.map(({ text }) => text)).toEqual(['systemctl poweroff']);
  fake.powerOff('fin');
  await expect.poll(() => pool.endedByHost(host).count).toBe(1);
  const probing = b.actions(step).probe(step);
  let proof: unknown = null;
  void probing.then((probe) => (proof = probe));
  for (let turn = 0; turn < 100 && proof === null; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await clock.advance(100);
  }
  expect(proof).toEqual({ state: 'done', proof: 'port closed after it ended our session, 2 looks' });
});

/** A port that accepts nothing and refuses nothing: the queue of a server that never accepts is full. */
async function deafPort(): Promise<number> {
  const code = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    require('node:fs').writeSync(1, this.address().port + '\\n');
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  ending.push(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line));
  for (let count = 0; count < 2; count += 1) {
    const filler = net.connect(port, '127.0.0.1').on('error', () => undefined);
    ending.push(() => filler.destroy());
    await once(filler, 'connect');
  }
  return port;
}
