import { execFileSync } from 'node:child_process';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Credential } from '../../electron/core/ports.ts';
import { fileLog } from '../../electron/storage/log.ts';
import { Secrets } from '../../electron/storage/secrets.ts';
import { resolveName } from '../../electron/targets/resolve-name.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import type { Host } from '../../shared/inventory.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { result } from '../fakes/posix-shell.ts';
import type { AuthMethod } from '../fakes/ssh-host.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { bench, hostOf, inventoryHost, peer } from './targets-kit.ts';

/** Marks that stand nowhere else: whoever finds one has found a secret. */
const right = 'R1GHT-zq7wK';
const wrong = 'WR0NG-xk2vP';
const passphrase = 'PHR4SE-jm9tL';

const ending: (() => unknown)[] = [];

/** All that ssh2 tells when it is asked to: the product never asks. */
let debug: string[];
let realConnect: typeof ssh2.Client.prototype.connect;

beforeEach(() => {
  debug = [];
  realConnect = ssh2.Client.prototype.connect;
  ssh2.Client.prototype.connect = function (this: ssh2.Client, config: ssh2.ConnectConfig) {
    expect(config.debug).toBeUndefined();
    return realConnect.call(this, { ...config, debug: (line) => void debug.push(line) });
  } as typeof realConnect;
});

afterEach(async () => {
  ssh2.Client.prototype.connect = realConnect;
  for (const end of ending.splice(0).reverse()) await end();
});

/** Keeps ciphertexts only, as a keychain does. */
function keychain() {
  const key = randomBytes(32);
  return {
    isStrong: () => true,
    encrypt: async (text: string) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    decrypt: async (data: Buffer) => {
      const cipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12)).setAuthTag(data.subarray(12, 28));
      return Buffer.concat([cipher.update(data.subarray(28)), cipher.final()]).toString('utf8');
    },
  };
}

/** What every process of this test shows to others: its command line and its environment. */
function shownByProcesses(): string {
  const text: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    for (const file of ['cmdline', 'environ'])
      try {
        text.push(readFileSync(`/proc/${pid}/${file}`, 'latin1'));
      } catch {
        // It has ended meanwhile.
      }
  return text.join('\n');
}

const filesIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

it.skipIf(!hasOpenSsh)(
  'no secret stands in a log, a fault, a command line, an environment, a file or what ssh2 tells',
  { timeout: 60_000 },
  async () => {
    const folder = await temporaryFolder();
    const keys = await temporaryFolder();
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'open')]);
    // The mark on ssh-keygen's own command line is gone with it.
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(keys, 'locked')]);
    const read = (name: string) => readFileSync(join(keys, name), 'utf8');
    const secrets = new Secrets(folder, keychain());
    const log = fileLog(folder);

    const sshd = new OpenSsh({
      authorized: read('open.pub') + read('locked.pub'),
      config: ['PasswordAuthentication yes', 'LogLevel DEBUG3'],
    });
    await sshd.start();
    ending.push(() => sshd.remove());
    const users = [{ name: 'root', password: right }];
    const fakes = new Map<AuthMethod, Awaited<ReturnType<typeof peer>>>();
    for (const method of ['password', 'keyboard-interactive'] as const) {
      const fake = await peer(async () => result('', 1, 'no'), { users, methods: [method] });
      ending.push(() => fake.close());
      fakes.set(method, fake);
    }
    const real = (more: object): Host =>
      inventoryHost(
        { address: '127.0.0.1', port: sshd.port, fingerprint: sshd.fingerprint('ed25519') },
        { user: sshd.user, ...more },
      );
    const fake = (method: AuthMethod, more: object): Host =>
      hostOf(fakes.get(method) as Awaited<ReturnType<typeof peer>>, { login: 'password', ...more });
    const byPassword = (password: string): Credential => ({ kind: 'password', password });
    const byKey = (privateKey: string, word: string): Credential => ({ kind: 'key', privateKey, passphrase: word });
    const ways: [string, (more: object) => Host, Credential, isLetIn: boolean][] = [
      ['password', (more) => fake('password', more), byPassword(right), true],
      ['password-wrong', (more) => fake('password', more), byPassword(wrong), false],
      ['prompt', (more) => fake('keyboard-interactive', more), byPassword(right), true],
      ['prompt-wrong', (more) => fake('keyboard-interactive', more), byPassword(wrong), false],
      ['real-wrong', (more) => real({ login: 'password', ...more }), byPassword(wrong), false],
      ['key', real, byKey(read('open'), ''), true],
      ['key-locked', real, byKey(read('locked'), passphrase), true],
      ['key-wrong-phrase', real, byKey(read('locked'), wrong), false],
      ['key-broken', real, byKey(`${read('open').slice(0, 200)}${wrong}`, passphrase), false],
      ['key-unknown', (more) => fake('password', { login: 'key', ...more }), byKey(read('open'), ''), false],
      ['behind', (more) => fake('password', { jump: 'key-locked', ...more }), byPassword(right), true],
      ['behind-wrong', (more) => fake('password', { jump: 'real-wrong', ...more }), byPassword(right), false],
      [
        'stranger',
        (more) => real({ hostKeys: [{ type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` }], ...more }),
        byKey(read('open'), ''),
        false,
      ],
    ];
    const hosts = new Map<string, Host>();
    for (const [id, make, credential] of ways) {
      hosts.set(id, make({ id, name: id }));
      if (credential.kind !== 'agent') await secrets.set(id, credential);
    }
    const clock = new ManualClock();
    const pool = new SshPool(secrets, clock, { hosts: (id) => hosts.get(id) ?? null, addresses: { of: resolveName } });
    ending.push(() => pool.close());
    const b = bench({ kind: 'agent' }, { shell: pool, look: pool.look, clock, hosts: (id) => hosts.get(id) ?? null });

    const written: unknown[] = [];
    const letIn: [string, boolean][] = [];
    const note = (error: unknown): void => {
      written.push(error instanceof Error ? { ...error, message: error.message, stack: error.stack } : error);
      log.info(error instanceof Error ? (error.stack ?? error.message) : String(error));
    };
    for (const [id] of ways) {
      const host = hosts.get(id) as Host;
      const context = b.step({ kind: 'command', target: id, command: 'true' }, host);
      await pool.run(host, 'true', { limitMs: 5000, signal: context.signal }).then(
        (answer) => {
          written.push(answer);
          letIn.push([id, true]);
        },
        (error) => {
          note(error);
          letIn.push([id, false]);
        },
      );
      written.push(await b.actions(context).check(context));
      written.push(await b.actions(context).act(context).catch(note));
      written.push(b.actions(context).would(context.step, host));
    }
    expect(letIn).toEqual(ways.map(([id, , , isLetIn]) => [id, isLetIn]));

    const seen: Record<string, string> = {
      faults: JSON.stringify(written) + JSON.stringify(b.told) + JSON.stringify(b.notices),
      files: filesIn(folder),
      processes: shownByProcesses(),
      commands: [...fakes.values()].flatMap(({ log: commands }) => commands.map(({ text }) => text)).join('\n'),
      ssh2: debug.join('\n'),
      server: sshd.said(/./).join('\n'),
    };
    const bodies = [read('open'), read('locked')].flatMap((key) => key.split('\n').slice(1, -2));
    const encoded = (text: string) => [
      text,
      Buffer.from(text).toString('base64').replace(/=+$/, ''),
      Buffer.from(text).toString('hex'),
    ];
    // The lines that all keys of this format have in common are not secret.
    const common = bodies.filter((line) => line.startsWith('b3BlbnNzaC1rZXktdjE'));
    const marks = [right, wrong, passphrase, ...bodies.filter((line) => !common.includes(line))].flatMap(encoded);
    const found = Object.entries(seen).flatMap(([where, text]) =>
      marks.filter((mark) => text.includes(mark)).map(() => where),
    );
    expect(found).toEqual([]);
    // What was looked through is not empty: each place tells of what went on.
    expect(seen.faults).toContain('login-refused');
    expect(seen.files).toMatch(
      /FaultError: real-wrong[\s\S]*glidepath-secrets|glidepath-secrets[\s\S]*FaultError: real-wrong/,
    );
    expect(seen.processes).toContain('sshd');
    expect(seen.ssh2).toContain('Client: password auth failed');
    expect(seen.server).toContain('Failed password');
  },
);
