import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentAddresses, agentKeys } from '../../electron/targets/ssh/agent.ts';
import { connect } from '../../electron/targets/ssh/connect.ts';
import type { Host } from '../../shared/inventory.ts';
import { ended } from '../fakes/server-process.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { faultOf, inventoryHost, keeping } from './targets-kit.ts';

// Real servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const never = new AbortController().signal;
const signIn = async (host: Host): Promise<void> => {
  const client = await connect(host, keeping({ kind: 'agent' }), never);
  await new Promise<void>((resolve) => client.once('close', () => resolve()).end());
};

/** A real ssh-agent. */
class Agent {
  readonly #folder: string;
  readonly socket: string;
  #process: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, 'agent');
  }

  async start(): Promise<void> {
    this.#process = spawn('ssh-agent', ['-D', '-a', this.socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.#process.stdout) await once(this.#process.stdout, 'data');
  }

  /** Gives a new key to the agent; what comes back is its public half. */
  add(type: string, name: string): string {
    const file = join(this.#folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file, '-C', name]);
    this.give(name);
    return readFileSync(`${file}.pub`, 'utf8');
  }

  give(name: string, ...flags: string[]): void {
    this.#tell([...flags, join(this.#folder, name)]);
  }

  clear(): void {
    this.#tell(['-D']);
  }

  stop(): Promise<void> {
    return ended(this.#process, 'SIGTERM');
  }

  #tell(args: string[]): void {
    execFileSync('ssh-add', ['-q', ...args], { env: { ...process.env, SSH_AUTH_SOCK: this.socket } });
  }
}

/** A listener in the place of an agent. */
async function imposter(at: string, greet: (socket: net.Socket) => void): Promise<net.Server> {
  const listener = net.createServer((socket) => greet(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => listener.listen(at, resolve));
  return listener;
}

afterEach(() => void vi.unstubAllEnvs());

describe.skipIf(!hasOpenSsh)('a real agent, and a real OpenSSH server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-agent-'));
  const agent = new Agent(folder);
  let server: OpenSsh;
  let host: Host;
  const known = new Map<string, string>();
  /** How the last sign-in went, in the server's own words. */
  const refused = () => server.said(/Failed publickey|userauth_pubkey: .*(?:failed|not)/).length;

  beforeAll(async () => {
    await agent.start();
    for (const type of ['ed25519', 'ecdsa', 'rsa']) known.set(type, agent.add(type, `known-${type}`));
    server = new OpenSsh({ authorized: [...known.values()].join(''), config: ['LogLevel DEBUG1'] });
    await server.start();
    const hostKeys = [{ type: 'ssh-ed25519', fingerprint: server.fingerprint('ed25519') }];
    const at = { address: '127.0.0.1', port: server.port, fingerprint: null };
    host = inventoryHost(at, { user: server.user, login: 'agent', hostKeys });
  });

  beforeEach(() => {
    agent.clear();
    vi.stubEnv('SSH_AUTH_SOCK', agent.socket);
  });

  afterAll(async () => {
    await server.remove();
    await agent.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['ed25519', 'ecdsa', 'rsa'])('sign in with the %s key that the agent holds', async (type) => {
    agent.give(`known-${type}`);
    const before = server.said(/Accepted publickey/).length;
    await signIn(host);
    await expect.poll(() => server.said(/Accepted publickey/).slice(before)).toHaveLength(1);
    expect(server.said(/Accepted publickey/).at(-1)).toMatch(new RegExp(type, 'i'));
  });

  it('finds the right one among others: the fifth, not the sixth', async () => {
    for (const name of ['a', 'b', 'c', 'd']) agent.add('ed25519', `other-${name}`);
    agent.give('known-ed25519');
    await signIn(host);
    agent.clear();
    for (const name of ['e', 'f', 'g', 'h', 'i']) agent.add(name === 'e' ? 'rsa' : 'ed25519', `other-${name}`);
    agent.give('known-ed25519');
    const before = refused();
    const fault = await faultOf(signIn(host));
    expect(fault).toMatchObject({
      code: 'login-refused',
      what: `it took none of the first 5 of the 6 keys that the SSH agent holds for ${server.user}`,
      remedy: expect.stringContaining('Keep fewer keys'),
    });
    await expect.poll(() => server.said(/Connection (?:closed|reset) by|disconnect/i).length).toBeGreaterThan(0);
    expect(server.said(/maximum authentication attempts exceeded|Too many authentication/)).toEqual([]);
    expect(refused() - before).toBe(5);
  });

  it('says which keys were refused when all were', async () => {
    agent.add('ed25519', 'other-z');
    const fault = await faultOf(signIn(host));
    expect(fault).toMatchObject({
      code: 'login-refused',
      what: `it took none of the 1 keys that the SSH agent holds for ${server.user}`,
      remedy: expect.stringContaining('authorized keys'),
    });
  });

  it('an agent without keys, an address where none is, and no address: told before anything is sent', async () => {
    const before = server.said(/Connection from/).length;
    const empty = await faultOf(signIn(host));
    vi.stubEnv('SSH_AUTH_SOCK', join(folder, 'nobody-listens'));
    const gone = await faultOf(signIn(host));
    vi.stubEnv('SSH_AUTH_SOCK', '');
    const none = await faultOf(signIn(host));
    expect([empty, gone, none].map(({ code }) => code)).toEqual(Array(3).fill('no-credential'));
    expect([empty, gone, none].map(({ what }) => what)).toEqual([
      `the SSH agent at ${agent.socket} holds no key that Glidepath can offer`,
      `the SSH agent at ${join(folder, 'nobody-listens')} does not answer (Failed to connect to agent)`,
      'no SSH agent is known here: SSH_AUTH_SOCK is not set',
    ]);
    expect(server.said(/Connection from/)).toHaveLength(before);
  });

  it('a key that asks for a confirmation which nobody gives is a fault of the agent, not of the host', async () => {
    agent.give('known-ed25519', '-c');
    const fault = await faultOf(signIn(host));
    expect(fault).toMatchObject({ code: 'no-credential', what: expect.stringContaining('did not sign for it') });
  });
});

describe('what listens in the place of an agent', () => {
  const host = inventoryHost({ address: '192.0.2.1', port: 22, fingerprint: null });

  it.each<[string, (socket: net.Socket) => void, string]>([
    ['hangs up', (socket) => void socket.destroy(), 'Failed to'],
    ['says no', (socket) => void socket.write(Buffer.from([0, 0, 0, 1, 5])), 'Agent responded with failure'],
    ['talks nonsense', (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), ''],
    [
      'counts keys that do not come',
      (socket) => void socket.write(Buffer.from([0, 0, 0, 5, 12, 255, 255, 255, 255])),
      '',
    ],
  ])('%s: a fault, and the next one is asked', async (_name, greet, said) => {
    const folder = await temporaryFolder();
    const bad = await imposter(join(folder, 'bad'), greet);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = faultOf(agentKeys(host, [join(folder, 'bad'), join(folder, 'none')]));
    const passing = setInterval(() => vi.advanceTimersByTime(1000), 20);
    const fault = await asked;
    clearInterval(passing);
    vi.useRealTimers();
    expect(fault.code).toBe('no-credential');
    expect(fault.what).toMatch(/bad (?:does not answer|holds no key).*; the SSH agent at .*none does not answer/);
    expect(fault.what).toContain(said);
    bad.close();
  });

  it('says nothing: given up after 5 s, and its socket is let go', async () => {
    const folder = await temporaryFolder();
    let closed = 0;
    let opened = 0;
    const mute = await imposter(join(folder, 'mute'), (socket) => {
      opened += 1;
      socket.resume().on('close', () => (closed += 1));
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = faultOf(agentKeys(host, [join(folder, 'mute')]));
    vi.advanceTimersByTime(4999);
    while (opened === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(0);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    expect((await asked).what).toContain('no answer within 5 s');
    await expect.poll(() => closed).toBe(1);
    mute.close();
  });
});

it('knows where agents listen', () => {
  const own = String.raw`\\.\pipe\openssh-ssh-agent`;
  const other = String.raw`\\.\pipe\other`;
  expect(agentAddresses({ SSH_AUTH_SOCK: '/run/agent' }, 'linux')).toEqual(['/run/agent']);
  expect(agentAddresses({}, 'darwin')).toEqual([]);
  expect(agentAddresses({}, 'win32')).toEqual([own, 'pageant']);
  expect(agentAddresses({ SSH_AUTH_SOCK: '/tmp/ssh-x/agent.1' }, 'win32')).toEqual([own, 'pageant']);
  expect(agentAddresses({ SSH_AUTH_SOCK: other }, 'win32')).toEqual([other, own, 'pageant']);
  expect(agentAddresses({ SSH_AUTH_SOCK: own }, 'win32')).toEqual([own, 'pageant']);
});
