import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Credential } from '../../electron/core/ports.ts';
import { connect } from '../../electron/targets/ssh/connect.ts';
import type { Host } from '../../shared/inventory.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { faultOf, inventoryHost, keeping } from './targets-kit.ts';

// Real servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const never = new AbortController().signal;
const passphrase = 'correct h0rse';

/** As ssh-keygen writes them: its own format, and the older one of OpenSSL (PEM), which knows no ed25519. */
const kinds = [
  ['ed25519', []],
  ['ecdsa', []],
  ['rsa', []],
  ['ecdsa', ['-m', 'PEM']],
  ['rsa', ['-m', 'PEM']],
] as const;

describe.skipIf(!hasOpenSsh)('private keys as ssh-keygen writes them, at a real OpenSSH server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-keys-'));
  let server: OpenSsh;
  let host: Host;
  const made = new Map<string, string>();
  const nameOf = (type: string, format: readonly string[], word: string) =>
    [type, ...format, word && 'locked'].join('');

  beforeAll(async () => {
    const publicKeys: string[] = [];
    for (const [type, format] of kinds)
      for (const word of ['', passphrase]) {
        const file = join(folder, nameOf(type, format, word));
        execFileSync('ssh-keygen', ['-q', '-t', type, ...format, '-N', word, '-f', file]);
        publicKeys.push(readFileSync(`${file}.pub`, 'utf8'));
        made.set(nameOf(type, format, word), readFileSync(file, 'utf8'));
      }
    server = new OpenSsh({ authorized: publicKeys.join('') });
    await server.start();
    const at = { address: '127.0.0.1', port: server.port, fingerprint: server.fingerprint('ed25519') };
    host = inventoryHost(at, { user: server.user });
  });

  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const signIn = async (privateKey: string, word: string): Promise<void> => {
    const credential: Credential = { kind: 'key', privateKey, passphrase: word };
    const client = await connect(host, keeping(credential), never);
    await new Promise<void>((resolve) => client.once('close', () => resolve()).end());
  };

  it.each(kinds)('%s %j: open, with its passphrase, with a passphrase that it does not need', async (type, format) => {
    const open = made.get(nameOf(type, format, '')) ?? '';
    await signIn(open, '');
    await signIn(open, 'not needed');
    await signIn(made.get(nameOf(type, format, passphrase)) ?? '', passphrase);
    // Pasted in Windows, or without its last line's end.
    await signIn(open.replaceAll('\n', '\r\n'), '');
    await signIn(open.trimEnd(), '');
  });

  it.each(kinds)('%s %j: says whether the passphrase is missing or wrong, and quotes nothing', async (type, format) => {
    const locked = made.get(nameOf(type, format, passphrase)) ?? '';
    const [none, wrong] = [await faultOf(signIn(locked, '')), await faultOf(signIn(locked, 'wr0ng phrase'))];
    expect(none).toMatchObject({
      code: 'no-credential',
      what: 'the private key that is kept for it needs a passphrase',
    });
    expect(wrong).toMatchObject({
      code: 'no-credential',
      what: 'the private key that is kept for it does not open with the passphrase that is kept',
    });
    const body = locked.split('\n')[5] ?? '';
    expect(body.length).toBeGreaterThan(30);
    for (const secret of [passphrase, 'wr0ng phrase', body])
      expect(JSON.stringify([none, wrong])).not.toContain(secret);
  });

  it.each<[string, () => string]>([
    ['nothing', () => ''],
    ['a public key', () => readFileSync(join(folder, 'ed25519.pub'), 'utf8')],
    ['a password', () => 's3cret-w0rd'],
    ['half a key', () => (made.get('rsa') ?? '').slice(0, 600)],
    ['a key with a letter too few', () => (made.get('ed25519') ?? '').replace(/\n(.)(.)/, '\n$2')],
    ['PKCS #8', () => pkcs8(folder, '')],
    ['PKCS #8, encrypted', () => pkcs8(folder, passphrase)],
  ])('in the place of a key, %s: a fault before anything is sent', async (_name, text) => {
    const fault = await faultOf(signIn(text(), ''));
    expect(fault.code).toBe('no-credential');
    expect(fault.what).toMatch(/^the private key that is kept for it (?:cannot be read|needs a passphrase)/);
    const [, body = 's3cret-w0rd'] = text().split('\n');
    expect(JSON.stringify(fault)).not.toContain(body.slice(0, 20) || 's3cret');
  });
});

function pkcs8(folder: string, word: string): string {
  const file = join(folder, `pkcs8${word && 'locked'}`);
  rmSync(file, { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-m', 'PKCS8', '-N', word, '-f', file]);
  return readFileSync(file, 'utf8');
}
