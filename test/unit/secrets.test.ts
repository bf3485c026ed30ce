import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Encryption, Secrets } from '../../electron/storage/secrets.ts';
import { FaultError } from '../../shared/fault.ts';
import { sampleEsx, sampleNas } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const nas = sampleNas;
const esx = sampleEsx;

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
  await secrets.setPassword(nas.id, 'correct horse');
  expect(await new Secrets(folder, keychain).password(nas.id)).toBe('correct horse');
  expect(await secrets.for(nas)).toEqual({ kind: 'password', password: 'host' });
  expect([...(await secrets.ids())]).toEqual([nas.id]);
  expect([...(await secrets.serverIds())]).toEqual([nas.id]);
  expect(await fs.readFile(join(folder, 'secrets.json'), 'utf8')).not.toMatch(/horse/);
  await secrets.removePassword(nas.id);
  expect(await secrets.password(nas.id)).toBe(null);
  expect((await secrets.ids()).size).toBe(1);
  expect((await secrets.serverIds()).size).toBe(0);
});

test('a password that somebody else encrypted is a fault, not a login without a password', async () => {
  const folder = await temporaryFolder();
  await new Secrets(folder, memoryKeychain()).setPassword('nut-1', 'x');
  await expect(new Secrets(folder, memoryKeychain()).password('nut-1')).rejects.toMatchObject({
    fault: { code: 'no-credential', where: 'nut-1', remedy: expect.stringContaining('Power') },
  });
});
