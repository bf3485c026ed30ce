import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../electron/targets/ssh/connect.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import type { Host } from '../../shared/inventory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { byKey, clientKey, faultOf, inventoryHost, keeping } from './targets-kit.ts';

// Real servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const never = new AbortController().signal;
const ending: (() => unknown)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const end of ending.splice(0).reverse()) await end();
});

async function listen(take: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    ending.push(() => socket.destroy());
    take(socket.on('error', () => undefined));
  });
  ending.push(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as net.AddressInfo).port;
}

const at = (port: number, more: Record<string, unknown> = {}): Host =>
  inventoryHost({ address: '127.0.0.1', port, fingerprint: newSshKey().fingerprint }, more);

describe('a peer that never comes to the point', () => {
  /** What comes of it when the 15 s for TCP, handshake and signing in go by in no time. */
  const afterAllItsTime = async (take: (socket: net.Socket) => void) => {
    let taken = 0;
    const port = await listen((socket) => {
      taken += 1;
      take(socket);
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let isOver = false;
    const connecting = faultOf(connect(at(port), keeping(byKey), never)).finally(() => {
      isOver = true;
    });
    while (taken === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(14_999);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    vi.advanceTimersByTime(1);
    return connecting;
  };

  it.each<[string, (socket: net.Socket) => void]>([
    ['says nothing', (socket) => void socket.resume()],
    ['says its version and no more', (socket) => void socket.resume().write('SSH-2.0-mute\r\n')],
    [
      'drips byte by byte',
      (socket) => {
        const drip = setInterval(() => socket.write('x'), 5);
        ending.push(() => clearInterval(drip));
        socket.resume();
      },
    ],
  ])('%s: dead after 15 s', async (_name, take) => {
    expect(await afterAllItsTime(take)).toMatchObject({
      code: 'dead-peer',
      what: 'it took the connection and then failed: Timed out while waiting for handshake',
    });
  });

  it('talks without end before its version: not kept, dead at once or after 15 s', async () => {
    const before = process.memoryUsage().rss;
    let sent = 0;
    const port = await listen((socket) => {
      const line = Buffer.alloc(65_536, 'y');
      const more = (): void => {
        while (!socket.destroyed && socket.write(line)) sent += line.length;
      };
      socket.on('drain', more).resume();
      more();
    });
    const fault = await faultOf(connect(at(port), keeping(byKey), never));
    expect(fault.code).toBe('dead-peer');
    console.info(
      `sent ${Math.round(sent / 1e6)} MB, grew by ${Math.round((process.memoryUsage().rss - before) / 1e6)} MB`,
    );
  });

  it('has a name that means nothing', async () => {
    const fault = await faultOf(connect(at(22, { address: 'no-such-host.invalid' }), keeping(byKey), never));
    expect(fault).toMatchObject({ code: 'unreachable', what: 'its name cannot be resolved' });
  });
});

describe.skipIf(!hasOpenSsh)('how a real OpenSSH session can end', () => {
  let server: OpenSsh;
  let host: Host;
  let pool: SshPool;
  const run = (command: string, limitMs = 10_000) => pool.run(host, command, { limitMs, signal: never });

  beforeAll(async () => {
    server = new OpenSsh({ authorized: clientKey.publicKey });
    await server.start();
    const place = { address: '127.0.0.1', port: server.port, fingerprint: server.fingerprint('ed25519') };
    host = inventoryHost(place, { user: server.user });
  });

  beforeEach(() => {
    pool = new SshPool(keeping(byKey), new ManualClock());
    ending.push(() => pool.close());
  });

  afterAll(() => server.remove());

  /** A TCP proxy before the server, so that its connections can be cut in every way. */
  const proxied = async () => {
    const sockets: net.Socket[] = [];
    const port = await listen((socket) => {
      const there = net.connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
      ending.push(() => there.destroy());
      there.on('error', () => undefined);
      socket.pipe(there);
      there.pipe(socket, { end: false });
      sockets.push(socket);
    });
    return { host: { ...host, port }, sockets };
  };

  /** A command that goes on over there. */
  const begun = async (to: Host) => {
    let sent = (): void => undefined;
    const isSent = new Promise<void>((resolve) => {
      sent = resolve;
    });
    const running = pool.run(to, 'sleep 60', { limitMs: 10_000, signal: never, onSent: () => sent() });
    await isSent;
    return { running };
  };

  it.each<NodeJS.Signals>(['SIGKILL', 'SIGTERM'])(
    'its server process by %s, in the midst of a command',
    async (signal) => {
      const { running } = await begun(host);
      for (const pid of server.sessions()) process.kill(pid, signal);
      expect(await running).toMatchObject({ code: null, dropped: true });
      await expect.poll(() => pool.stands(host)).toBe(false);
      expect(pool.endedByHost(host).count).toBe(1);
    },
  );

  it('half: its stream ends, and it goes on listening', async () => {
    const { host: there, sockets } = await proxied();
    const { running } = await begun(there);
    sockets[0]?.end();
    expect(await running).toMatchObject({ code: null, dropped: true });
    expect(pool.endedByHost(there).count).toBe(1);
  });

  it('by a reset', async () => {
    const { host: there, sockets } = await proxied();
    const { running } = await begun(there);
    sockets[0]?.resetAndDestroy();
    expect(await running).toMatchObject({ code: null, dropped: true });
  });

  it('never, dripping: the command has its own time', async () => {
    const began = performance.now();
    const fault = await faultOf(run('while :; do printf x; sleep 0.1; done', 1500));
    expect(fault).toMatchObject({ code: 'dead-peer', what: 'the command has not ended within 1.5 s' });
    expect(performance.now() - began).toBeLessThan(3000);
    expect(pool.stands(host)).toBe(false);
    await expect.poll(() => server.sessions(), { timeout: 5000 }).toEqual([]);
  });

  it('never, pouring: of an output without end 1 MiB is kept, and no memory is eaten', {
    timeout: 20_000,
  }, async () => {
    // What is read first fills the caches.
    expect((await run('head -c 20000000 /dev/zero')).truncated).toBe(true);
    global.gc?.();
    const before = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => {
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external - before.heapUsed - before.external);
    }, 20);
    const fault = await faultOf(run('yes "$(head -c 1000 /dev/zero | tr "\\0" y)"', 4000));
    clearInterval(watch);
    expect(fault.code).toBe('dead-peer');
    console.info(
      `endless output: at most ${Math.round(most / 1e6)} MB more, rss ${Math.round((process.memoryUsage().rss - before.rss) / 1e6)} MB`,
    );
    expect(most).toBeLessThan(80e6);
    expect((await run('echo after')).stdout).toBe('after\n');
  });

  it.each([
    ['stdout', 'head -c 3000000 /dev/zero'],
    ['stderr', 'head -c 3000000 /dev/zero >&2'],
  ] as const)('with too much on %s: the first MiB, and its exit code', async (name, command) => {
    const answer = await run(`${command}; exit 7`);
    expect([answer[name].length, answer.truncated, answer.code]).toEqual([1024 * 1024, true, 7]);
  });
});
