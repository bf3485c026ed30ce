import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Encryption, Secrets } from '../../electron/storage/secrets.ts';
import { FaultError } from '../../shared/fault.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { sampleEsx, sampleNas } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const nas = sampleNas;
const esx = sampleEsx;
const certificate = `SHA256:${'a'.repeat(64)}`;
const server: NutServer = { id: nas.id, kind: 'nut', address: '10.0.0.5', port: 3493, user: 'mon', certificate };

/** A keychain whose key lives in memory only. */
function memoryKeychain(): Encryption {
  const key = randomBytes(32);
  return {
    async encrypt(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    async decrypt(data) {
      const cipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12)).setAuthTag(data.subarray(12, 28));
      return Buffer.concat([cipher.update(data.subarray(28)), cipher.final()]).toString('utf8');
    },
    isStrong: () => true,
  };
}

test('a secret comes back for its host, and stands in no file', async () => {
  const folder = await temporaryFolder();
  const secrets = new Secrets(folder, memoryKeychain());
  await secrets.set(nas.id, { kind: 'password', password: 'correct horse' });
  await secrets.set(esx.id, { kind: 'key', privateKey: 'PRIVATE KEY', passphrase: 'staple' });
  expect(await secrets.for(nas)).toEqual({ kind: 'password', password: 'correct horse' });
  expect(await secrets.for(esx)).toEqual({ kind: 'key', privateKey: 'PRIVATE KEY', passphrase: 'staple' });
  expect([...(await secrets.ids())]).toEqual([nas.id, esx.id]);
  const text = await fs.readFile(join(folder, 'secrets.json'), 'utf8');
  expect(text).not.toMatch(/horse|PRIVATE|staple|password/);
});

test('a forgotten secret is gone', async () => {
  const secrets = new Secrets(await temporaryFolder(), memoryKeychain());
  await secrets.remove(nas.id);
  await secrets.set(nas.id, { kind: 'password', password: 'x' });
  await secrets.remove(nas.id);
  await expect(secrets.for(nas)).rejects.toMatchObject({ fault: { code: 'no-credential' } });
});

test('without a keychain nothing is kept', async () => {
  const folder = await temporaryFolder();
  const refuse = async () => {
    throw new FaultError({ code: 'refused', what: 'There is no keychain.', where: 'keychain', remedy: 'Unlock it.' });
  };
  const secrets = new Secrets(folder, { encrypt: refuse, decrypt: refuse, isStrong: () => false });
  await expect(secrets.set(nas.id, { kind: 'password', password: 'x' })).rejects.toMatchObject({
    fault: { code: 'refused' },
  });
  expect(await fs.readdir(folder)).toEqual([]);
  expect(secrets.isStrong).toBe(false);
});

test('what another user or computer encrypted is no credential here', async () => {
  const folder = await temporaryFolder();
  await new Secrets(folder, memoryKeychain()).set(nas.id, { kind: 'password', password: 'x' });
  await expect(new Secrets(folder, memoryKeychain()).for(nas)).rejects.toMatchObject({
    fault: { code: 'no-credential', where: 'NAS', what: expect.stringContaining('cannot be decrypted') },
  });
});

test('a secret of another kind than the host signs in with is not used', async () => {
  const secrets = new Secrets(await temporaryFolder(), memoryKeychain());
  await secrets.set(esx.id, { kind: 'password', password: 'x' });
  await expect(secrets.for(esx)).rejects.toMatchObject({ fault: { code: 'no-credential' } });
});

test('a host that is called like something every object has, has no secret', async () => {
  const secrets = new Secrets(await temporaryFolder(), memoryKeychain());
  await secrets.set(nas.id, { kind: 'password', password: 'x' });
  await expect(secrets.for({ ...nas, id: 'constructor' })).rejects.toMatchObject({
    fault: { what: 'No password or key is kept for it.' },
  });
});

test('a password of a UPS server is kept beside those of hosts, and never taken for one', async () => {
  const folder = await temporaryFolder();
  const keychain = memoryKeychain();
  const secrets = new Secrets(folder, keychain);
  await secrets.set(nas.id, { kind: 'password', password: 'host' });
  await secrets.setPassword(server, 'correct horse');
  expect(await new Secrets(folder, keychain).password(server)).toBe('correct horse');
  expect(await secrets.for(nas)).toEqual({ kind: 'password', password: 'host' });
  expect([...(await secrets.ids())]).toEqual([nas.id]);
  expect([...(await secrets.serverIds())]).toEqual([nas.id]);
  expect(await fs.readFile(join(folder, 'secrets.json'), 'utf8')).not.toMatch(/horse/);
  await secrets.removePassword(nas.id);
  expect(await secrets.password(server)).toBe(null);
  expect((await secrets.ids()).size).toBe(1);
  expect((await secrets.serverIds()).size).toBe(0);
});

test('a password that somebody else encrypted is a fault, not a login without a password', async () => {
  const folder = await temporaryFolder();
  await new Secrets(folder, memoryKeychain()).setPassword(server, 'x');
  await expect(new Secrets(folder, memoryKeychain()).password(server)).rejects.toMatchObject({
    fault: { code: 'no-credential', where: '10.0.0.5:3493', remedy: expect.stringContaining('Power') },
  });
});

test.each<[string, Partial<NutServer>]>([
  ['at another address', { address: '203.0.113.9' }],
  ['at another port', { port: 3494 }],
  ['under another user', { user: 'admin' }],
  ['in the clear', { certificate: null }],
])('a password that was entered for a server goes to none %s, whatever the files say', async (_where, patch) => {
  const secrets = new Secrets(await temporaryFolder(), memoryKeychain());
  await secrets.setPassword(server, 'x');
  await expect(secrets.password({ ...server, ...patch })).rejects.toMatchObject({
    fault: { code: 'no-credential', what: expect.stringContaining('entered for another server') },
  });
  // A certificate that was renewed, or is there only since, sends it nowhere else.
  expect(await secrets.password({ ...server, certificate: `SHA256:${'b'.repeat(64)}` })).toBe('x');
  await secrets.setPassword({ ...server, certificate: null }, 'y');
  expect(await secrets.password(server)).toBe('y');
});
