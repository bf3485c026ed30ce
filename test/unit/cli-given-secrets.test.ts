import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GivenSecrets } from '../../electron/cli/given-secrets.ts';
import { channelSchema } from '../../shared/channels.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { esxi, linux } from '../fakes/rack-samples.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
const server: NutServer = { id: 'nut-1', kind: 'nut', address: '10.0.0.9', port: 3493, user: 'u', certificate: null };

async function given(files: Record<string, string>): Promise<GivenSecrets> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return new GivenSecrets(folder);
}

const fault = (what: RegExp) => ({ fault: { code: 'no-credential', what: expect.stringMatching(what) } });

test('a key with its passphrase, a password without its line break', async () => {
  const secrets = await given({
    'host.web': key,
    'host.nas': key,
    'host.nas.passphrase': 'open it\n',
    'host.esx': ' pass word \r\n',
    'server.nut-1': 'nut\n',
  });
  expect(await secrets.for(linux('web'))).toEqual({ kind: 'key', privateKey: key, passphrase: '' });
  expect(await secrets.for(linux('nas'))).toEqual({ kind: 'key', privateKey: key, passphrase: 'open it' });
  expect(await secrets.for(esxi('esx'))).toEqual({ kind: 'password', password: ' pass word ' });
  expect(await secrets.password(server)).toBe('nut');
  expect(await secrets.ids()).toEqual(new Set(['web', 'nas', 'esx']));
  expect(await secrets.serverIds()).toEqual(new Set(['nut-1']));
});

test('what is not given, or given wrongly, is said by its name and never by what it holds', async () => {
  const secrets = await given({ 'host.esx': key, 'host.web': 'a password' });
  await expect(secrets.for(linux('nas'))).rejects.toMatchObject(fault(/No credential host\.nas is given/));
  await expect(secrets.for(esxi('esx'))).rejects.toMatchObject(fault(/host\.esx is a private key/));
  await expect(secrets.for(linux('web'))).rejects.toMatchObject(fault(/host\.web is no private key/));
  const said = await secrets.for(linux('web')).catch((error: unknown) => JSON.stringify(error));
  expect(said).not.toContain('a password');
  expect(await secrets.password(server)).toBeNull();
});

test('without a folder of credentials there are none', async () => {
  for (const secrets of [new GivenSecrets(null), new GivenSecrets('/nowhere')]) {
    expect(await secrets.ids()).toEqual(new Set());
    expect(await secrets.password(server)).toBeNull();
    await expect(secrets.for(linux('web'))).rejects.toMatchObject(fault(/No credential/));
  }
});

test('one that cannot be read is a fault, not a host without a secret', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'host.web'));
  chmodSync(folder, 0o700);
  await expect(new GivenSecrets(folder).for(linux('web'))).rejects.toMatchObject(fault(/cannot be read \(EISDIR\)/));
});

test('none can be kept', async () => {
  const secrets = await given({});
  await expect(secrets.set('web')).rejects.toMatchObject({ fault: { code: 'refused' } });
  await expect(secrets.setPassword(server)).rejects.toMatchObject({ fault: { code: 'refused' } });
  await secrets.remove();
  await secrets.removePassword();
});

test('a channel has its URL with its token, or its password, and only for its own place', async () => {
  const secrets = await given({
    'channel.hook': 'https://hooks.example.com/x\n',
    'channel.hook.token': 'tk\n',
    'channel.mail': 'pw\n',
    'channel.bad': 'https://evil.example/x\n',
  });
  const common = { name: 'Hook', categories: [] };
  const hook = { ...common, id: 'hook', kind: 'webhook', shape: 'json', origin: 'https://hooks.example.com' };
  const mail = { ...common, id: 'mail', kind: 'mail', server: 'a.org', user: 'u', from: 'a@b.org', to: ['a@b.org'] };
  const of = (channel: unknown) => secrets.channelSecret(channelSchema.parse(channel));
  expect(await secrets.channelIds()).toEqual(new Set(['hook', 'mail', 'bad']));
  expect(await of(hook)).toEqual({ kind: 'webhook', url: 'https://hooks.example.com/x', token: 'tk' });
  expect(await of(mail)).toEqual({ kind: 'mail', password: 'pw' });
  expect(await of({ ...hook, id: 'other' })).toBeNull();
  await expect(of({ ...hook, id: 'bad' })).rejects.toMatchObject(fault(/channel\.bad is no URL that begins with/));
});
