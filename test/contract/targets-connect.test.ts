import net from 'node:net';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Credential, Credentials } from '../../electron/core/ports.ts';
import { connect } from '../../electron/targets/ssh/connect.ts';
import { connectFault } from '../../electron/targets/ssh/connect-fault.ts';
import { asksForPassword } from '../../electron/targets/ssh/password-prompt.ts';
import { readHostKey } from '../../electron/targets/ssh/read-host-key.ts';
import { FaultError } from '../../shared/fault.ts';
import type { SshHost } from '../fakes/ssh-host.ts';
import { KexInitListener } from '../fakes/ssh-kexinit.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { byKey, byPassword, faultOf, hostOf, inventoryHost, keeping, peer } from './targets-kit.ts';

const never = new AbortController().signal;
const opened: Array<{ close(): void }> = [];
const nothing = async () => ({ stdout: '', stderr: '', code: 0 });

afterEach(() => {
  vi.useRealTimers();
  for (const one of opened.splice(0)) one.close();
});

async function open(...given: Parameters<typeof peer>): Promise<SshHost> {
  const host = await peer(...given);
  opened.push(host);
  return host;
}

async function signsIn(host: SshHost, credential: Credential, more: Record<string, unknown> = {}): Promise<void> {
  const client = await connect(hostOf(host, more), keeping(credential), never);
  await new Promise<void>((resolve) => client.once('close', () => resolve()).end());
}

const tries = (host: SshHost) => host.auths.map(({ method, accepted }) => `${method} ${accepted ? 'yes' : 'no'}`);

/** A TCP server that does `greet` with each connection, and what it received. */
async function raw(greet: (socket: net.Socket) => void) {
  const received: Buffer[] = [];
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined).on('data', (chunk) => received.push(chunk));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  const port = (server.address() as net.AddressInfo).port;
  return { port, received, connections: () => connections };
}

describe('signing in', () => {
  it('works with a key, with a password and with a password prompt', async () => {
    const host = await open(nothing);
    await signsIn(host, byKey);
    await signsIn(host, byPassword('right'));
    const esxi = await open(nothing, { methods: ['keyboard-interactive'] });
    await signsIn(esxi, byPassword('right'), { kind: 'esxi' });
    expect([tries(host), tries(esxi)]).toEqual([['publickey yes', 'password yes'], ['keyboard-interactive yes']]);
  });

  it.each<[string, ReadonlyArray<'password' | 'keyboard-interactive'>, string]>([
    ['password only', ['password'], 'password no'],
    ['prompt only', ['keyboard-interactive'], 'keyboard-interactive no'],
    ['both', ['password', 'keyboard-interactive'], 'password no'],
    ['both, the other way round', ['keyboard-interactive', 'password'], 'password no'],
  ])('tries a wrong password exactly once: %s', async (_name, methods, tried) => {
    const host = await open(nothing, { methods });
    const fault = await faultOf(signsIn(host, byPassword('wr0ng-s3cret'), { login: 'password' }));
    expect(tries(host)).toEqual([tried]);
    expect(fault).toMatchObject({ code: 'login-refused', where: `web (127.0.0.1:${host.port})` });
    expect(JSON.stringify(fault)).not.toContain('s3cret');
  });

  it('tries a key once that nobody knows', async () => {
    const host = await open(nothing);
    const other: Credential = { kind: 'key', privateKey: newSshKey().privateKey, passphrase: '' };
    expect((await faultOf(signsIn(host, other))).code).toBe('login-refused');
    expect(tries(host)).toEqual(['publickey no']);
  });

  it('opens an encrypted key with its passphrase, and says so when it is wrong without quoting it', async () => {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', {
      passphrase: 'op3n-sesame',
      cipher: 'aes256-cbc',
      rounds: 4,
    });
    const host = await open(nothing, { users: [{ name: 'root', publicKeys: [pair.public] }] });
    await signsIn(host, { kind: 'key', privateKey: pair.private, passphrase: 'op3n-sesame' });
    const fault = await faultOf(signsIn(host, { kind: 'key', privateKey: pair.private, passphrase: 'n0t-it' }));
    expect(fault.code).toBe('no-credential');
    expect(JSON.stringify(fault)).not.toMatch(/n0t-it|op3n|PRIVATE/);
    expect(host.auths).toHaveLength(1);
  });

  it('passes on that no credential is kept', async () => {
    const host = await open(nothing);
    const none = new FaultError({ code: 'no-credential', what: 'none is kept', where: 'web', remedy: '' });
    const credentials: Credentials = { for: () => Promise.reject(none) };
    expect((await faultOf(connect(hostOf(host), credentials, never))).code).toBe('no-credential');
    expect(host.auths).toEqual([]);
  });

  it.each([
    ['Password: ', true],
    ['(root@esxi) Password: ', true],
    ['Password for root@esxi:', true],
    ["root's password:", true],
    ['Verification code: ', false],
    ['New password: ', false],
    ['Retype new password: ', false],
    ['(current) UNIX password: ', false],
    ['One-time password: ', false],
    ['OTP: ', false],
    ['Is this your password? Answer yes:', false],
    [`${'-'.repeat(300)} Password: `, false],
  ])('knows whether %j asks for the password', (prompt, yes) => {
    expect(asksForPassword(prompt)).toBe(yes);
  });

  it.each([
    [['Verification code: ']],
    [['Password: ', 'Verification code: ']],
    [['Password: '], ['New password: ']],
    [['Password: '], ['Password: ']],
  ])('answers the password prompt and no other: %j', async (...rounds) => {
    const answers: string[][] = [];
    const server = new ssh2.Server({ hostKeys: [newSshKey().privateKey] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        const ask = (at: number): void => {
          const prompts = (rounds[at] ?? []).map((prompt) => ({ prompt, echo: false }));
          context.prompt(prompts, (given) => {
            answers.push(given);
            if (at + 1 < rounds.length) ask(at + 1);
            else context.accept();
          });
        };
        ask(0);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(server);
    const at = { address: '127.0.0.1', port: (server.address() as net.AddressInfo).port, fingerprint: null };
    const host = { ...inventoryHost(at), hostKeys: [await readHostKey(inventoryHost(at))] };
    const fault = await faultOf(connect(host, keeping(byPassword('right')), never));
    expect(fault.code).toBe('login-refused');
    expect(answers).toEqual(rounds.length === 1 ? [] : [['right']]);
  });
});

describe('host keys', () => {
  it('sends nothing at all to a host whose key was never confirmed', async () => {
    const server = await raw(() => undefined);
    let asked = 0;
    const credentials: Credentials = {
      for: async () => {
        asked += 1;
        return byPassword('right');
      },
    };
    const host = inventoryHost({ address: '127.0.0.1', port: server.port, fingerprint: null });
    expect((await faultOf(connect(host, credentials, never))).code).toBe('host-key-unknown');
    expect([server.connections(), asked]).toEqual([0, 0]);
  });

  it('turns back at a changed key, before a credential is sent, and names both', async () => {
    const host = await open(nothing);
    const pinned = newSshKey().fingerprint;
    const fault = await faultOf(
      connect(
        inventoryHost({ address: host.address, port: host.port, fingerprint: pinned }),
        keeping(byPassword('right')),
        never,
      ),
    );
    expect(fault.code).toBe('host-key-changed');
    expect(fault.what).toContain(pinned);
    expect(fault.what).toContain(host.hostKey.fingerprint);
    expect(host.auths).toEqual([]);
  });

  it('takes a host that has lost the pinned type for changed', async () => {
    const host = await open(nothing);
    const hostKeys = [{ type: 'ssh-rsa', fingerprint: host.hostKey.fingerprint }];
    expect((await faultOf(connect(hostOf(host, { hostKeys }), keeping(byKey), never))).code).toBe('host-key-changed');
    expect(host.auths).toEqual([]);
  });

  it('reads a key for the set-up, ed25519 first, and signs in nowhere', async () => {
    const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    const ed = newSshKey();
    let credentials = 0;
    const server = new ssh2.Server({ hostKeys: [rsa, ed.privateKey] }, (client) => {
      client
        .on('error', () => undefined)
        .on('authentication', () => {
          credentials += 1;
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(server);
    const host = inventoryHost({
      address: '127.0.0.1',
      port: (server.address() as net.AddressInfo).port,
      fingerprint: null,
    });
    expect(await readHostKey(host)).toEqual({ type: 'ssh-ed25519', fingerprint: ed.fingerprint });
    expect(credentials).toBe(0);
  });
});

describe('a host as old as ESXi 5.5', () => {
  const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
  const hostKey = { privateKey: rsa.private, publicKey: rsa.public, fingerprint: '' };
  const old = {
    kex: ['diffie-hellman-group14-sha1' as const],
    serverHostKey: ['ssh-rsa' as const],
    cipher: ['aes128-cbc' as const],
    hmac: ['hmac-sha1' as const],
  };

  it('is reached where old algorithms are allowed, and only there: its kind says nothing', async () => {
    const host = await open(nothing, { hostKey, algorithms: old, methods: ['keyboard-interactive'] });
    const allowed = { kind: 'esxi', oldAlgorithms: true };
    const hostKeys = [await readHostKey(hostOf(host, { ...allowed, hostKeys: [] }))];
    expect(hostKeys[0]?.type).toBe('ssh-rsa');
    await signsIn(host, byPassword('right'), { ...allowed, hostKeys });
    await signsIn(host, byPassword('right'), { kind: 'other', powerOffCommand: 'x', oldAlgorithms: true, hostKeys });
    expect(host.auths).toHaveLength(2);
    const refusal = {
      code: 'refused',
      what: expect.stringContaining('no matching key exchange algorithm'),
      remedy: expect.stringContaining('allow old algorithms for this host'),
    };
    expect(await faultOf(signsIn(host, byPassword('right'), { kind: 'esxi', hostKeys }))).toMatchObject(refusal);
    expect(await faultOf(readHostKey(hostOf(host, { kind: 'esxi', hostKeys: [] })))).toMatchObject(refusal);
    expect(host.auths).toHaveLength(2);
  });

  it('is told of its old cipher, too', async () => {
    const host = await open(nothing, { hostKey, algorithms: { ...old, kex: ['curve25519-sha256'] } });
    const hostKeys = [{ type: 'ssh-rsa', fingerprint: `SHA256:${'A'.repeat(43)}` }];
    const fault = await faultOf(signsIn(host, byPassword('right'), { hostKeys }));
    expect(fault).toMatchObject({ code: 'refused', what: expect.stringContaining('no matching C->S cipher') });
  });

  it('that speaks group1 alone is told to be too old, whatever is allowed', async () => {
    const host = await open(nothing, { hostKey, algorithms: { ...old, kex: ['diffie-hellman-group1-sha1'] } });
    const hostKeys = [{ type: 'ssh-rsa', fingerprint: `SHA256:${'A'.repeat(43)}` }];
    const fault = await faultOf(signsIn(host, byPassword('right'), { hostKeys, oldAlgorithms: true }));
    expect(fault).toMatchObject({ code: 'refused', remedy: expect.stringContaining('too old to be spoken to safely') });
    expect(host.auths).toEqual([]);
  });

  it('is offered the old ones behind those of today, and no host is offered group1', async () => {
    const listener = new KexInitListener();
    opened.push(listener);
    const at = { address: '127.0.0.1', port: await listener.listen(), fingerprint: newSshKey().fingerprint };
    for (const more of [{ kind: 'esxi' }, { oldAlgorithms: true }])
      await faultOf(connect(inventoryHost(at, more), keeping(byKey), never));
    const [today, allowed] = listener.offers;
    const isOld = (name: string) => /(group14|exchange|group1)-sha1$|-cbc$/.test(name);
    expect([...(today?.kex ?? ['x-cbc']), ...(today?.ciphers ?? [])].filter(isOld)).toEqual([]);
    expect(allowed?.kex.filter(isOld)).toEqual(['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1']);
    expect(allowed?.ciphers.filter(isOld)).toEqual(['aes256-cbc', 'aes192-cbc', 'aes128-cbc']);
    expect(listener.offers.map(({ kex }) => kex.filter((name) => name.includes('group1-')))).toEqual([[], []]);
    expect(allowed?.kex.findIndex(isOld)).toBe(
      today?.kex.filter((name) => !name.includes('ext-info') && !name.includes('strict')).length,
    );
    expect(listener.offers.map(({ hostKeys }) => hostKeys)).toEqual([['ssh-ed25519'], ['ssh-ed25519']]);
  });
});

describe('what goes wrong on the way', () => {
  const elsewhere = (port: number) =>
    connect(inventoryHost({ address: '127.0.0.1', port, fingerprint: newSshKey().fingerprint }), keeping(byKey), never);

  it('calls a closed port unreachable', async () => {
    const server = await raw(() => undefined);
    for (const one of opened.splice(0)) one.close();
    const fault = await faultOf(elsewhere(server.port));
    expect(fault).toMatchObject({ code: 'unreachable', what: 'nothing listens there (connection refused)' });
  });

  it.each<[string, (socket: net.Socket) => void]>([
    ['closes at once', (socket) => socket.destroy()],
    ['resets at once', (socket) => socket.resetAndDestroy()],
    ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['stops after its banner', (socket) => socket.end('SSH-2.0-x\r\n')],
  ])('calls a peer that %s dead', async (_name, greet) => {
    expect((await faultOf(elsewhere((await raw(greet)).port))).code).toBe('dead-peer');
  });

  it('tells a host that does not answer from one that takes the connection and says nothing', () => {
    const host = inventoryHost({ address: '192.0.2.1', port: 22, fingerprint: null });
    const timeout = Object.assign(new Error('Timed out while waiting for handshake'), { level: 'client-timeout' });
    const code = (connected: boolean) => connectFault(host, timeout, { connected, handshaken: false }).fault.code;
    expect([code(false), code(true)]).toEqual(['unreachable', 'dead-peer']);
  });

  it('gives up when told so, without an unheard error', async () => {
    const server = await raw(() => undefined);
    const abort = new AbortController();
    const host = inventoryHost({ address: '127.0.0.1', port: server.port, fingerprint: newSshKey().fingerprint });
    const connecting = faultOf(connect(host, keeping(byKey), abort.signal));
    await expect.poll(() => server.connections()).toBe(1);
    abort.abort();
    expect((await connecting).code).toBe('unreachable');
  });

  it('notices a peer that went silent by its keepalive, 5 s x 3', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const host = await open(nothing);
    const client = await connect(hostOf(host), keeping(byKey), never);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    host.powerOff('silence');
    vi.advanceTimersByTime(15_000);
    let isClosed = false;
    void closed.then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    vi.advanceTimersByTime(5000);
    await closed;
  });
});
