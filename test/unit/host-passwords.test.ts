import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GivenSecrets } from '../../electron/cli/given-secrets.ts';
import { type Encryption, Secrets } from '../../electron/storage/secrets.ts';
import type { Bmc, Host } from '../../shared/inventory.ts';
import { requestSchemas } from '../../shared/ipc.ts';
import { secretKey } from '../../shared/secret-slot.ts';
import { secureOnBytes } from '../../shared/secure-on.ts';
import { sampleNas } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const bmc: Bmc = { protocol: 'redfish', address: '10.0.0.9', user: 'ups', certificate: null };
const nas: Host = { ...sampleNas, bmc, secureOn: true };

/** Nobody reads what it gives, but for one that has the same key. */
function keychain(): Encryption {
  const key = randomBytes(4096);
  const mixed = (data: Buffer): Buffer => Buffer.from(data.map((byte, at) => byte ^ (key[at % key.length] ?? 0)));
  return {
    encrypt: async (text) => mixed(Buffer.from(text)),
    decrypt: async (data) => mixed(data).toString(),
    isStrong: () => true,
  };
}

test('what wakes a host is kept beside what signs in to it, and each goes by itself', async () => {
  const folder = await temporaryFolder();
  const secrets = new Secrets(folder, keychain());
  await secrets.set(nas.id, { kind: 'password', password: 'login' });
  await secrets.setHostPassword(nas, 'bmc', 'of the controller');
  await secrets.setHostPassword(nas, 'secure-on', '00-11-22-33-44-55');
  expect(await secrets.bmc(nas)).toBe('of the controller');
  expect(await secrets.secureOn(nas)).toBe('00-11-22-33-44-55');
  expect([...(await secrets.ids())].sort()).toEqual([`bmc:${nas.id}`, nas.id, `secure-on:${nas.id}`].sort());
  expect(await fs.readFile(join(folder, 'secrets.json'), 'utf8')).not.toMatch(/controller|00-11/);
  await secrets.remove(secretKey('bmc', nas.id));
  await expect(secrets.bmc(nas)).rejects.toMatchObject({ fault: { code: 'no-credential' } });
  expect(await secrets.for({ ...nas, login: 'password' })).toEqual({ kind: 'password', password: 'login' });
});

test.each<[string, Partial<Bmc>]>([
  ['address', { address: '10.6.6.6' }],
  ['user', { user: 'root' }],
  ['port', { port: 8443 }],
  ['protocol', { protocol: 'ipmi' }],
])('the password of a management controller goes to no other one: another %s', async (_what, other) => {
  const secrets = new Secrets(await temporaryFolder(), keychain());
  await secrets.setHostPassword(nas, 'bmc', 'of the controller');
  await expect(secrets.bmc({ ...nas, bmc: { ...bmc, ...other } })).rejects.toMatchObject({
    fault: { code: 'no-credential', what: expect.stringContaining('was not sent') },
  });
});

test('what is no SecureOn password, and what nobody asks for, is not kept', async () => {
  const secrets = new Secrets(await temporaryFolder(), keychain());
  await expect(secrets.setHostPassword(nas, 'secure-on', 'hunter2')).rejects.toMatchObject({
    fault: { code: 'refused' },
  });
  await expect(secrets.setHostPassword(sampleNas, 'bmc', 'x')).rejects.toMatchObject({ fault: { code: 'refused' } });
  expect((await secrets.ids()).size).toBe(0);
});

test.each([
  ['00:11:22:33:44:ff', [0, 0x11, 0x22, 0x33, 0x44, 0xff]],
  ['192.0.2.255', [192, 0, 2, 255]],
  ['192.0.2.256', null],
  ['00:11:22:33:44', null],
  ['', null],
])('the SecureOn password “%s”', (text, bytes) => expect(secureOnBytes(text)).toEqual(bytes));

test('are given to a daemon as credentials of its unit', async () => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, `host.${nas.id}.bmc`), 'given\n');
  await fs.writeFile(join(folder, `host.${nas.id}`), 'login');
  const secrets = new GivenSecrets(folder);
  expect(await secrets.bmc(nas)).toBe('given');
  await expect(secrets.secureOn(nas)).rejects.toMatchObject({
    fault: { code: 'no-credential', what: expect.stringContaining(`host.${nas.id}.secure-on`) },
  });
  expect([...(await secrets.ids())].sort()).toEqual([`bmc:${nas.id}`, nas.id].sort());
});

test('a request names the slot; without one it is what signs in', () => {
  const schema = requestSchemas['hosts.setSecret'];
  expect(schema.parse({ id: 'nas', secret: 'x', passphrase: '' }).slot).toBe('login');
  expect(schema.safeParse({ id: 'nas', slot: 'root', secret: 'x', passphrase: '' }).success).toBe(false);
});
