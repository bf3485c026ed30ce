import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentHash } from '../../electron/storage/content-hash.ts';
import { inventoryFile } from '../../electron/storage/inventory-file.ts';
import { formOf, hostOf } from '../../renderer/setup/host-form.ts';
import { hostSchema } from '../../shared/inventory.ts';
import { requestSchemas } from '../../shared/ipc.ts';
import { hostKinds } from '../../shared/platforms.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { everyKind } from '../fakes/window/platforms.ts';

const https = ['esxi-api', 'vcenter'];
const withoutPort = everyKind.map(({ port: _, ...host }) => host);

/** A data folder whose inventory was written by hand. */
async function folderWith(hosts: readonly object[]): Promise<string> {
  const folder = await temporaryFolder();
  const file = { format: 'glidepath-inventory', version: 4, hosts };
  await fs.writeFile(join(folder, 'inventory.json'), JSON.stringify(file));
  return folder;
}
const portsIn = async (folder: string) => {
  const { hosts } = (await inventoryFile(folder).read()) ?? expect.unreachable();
  return Object.fromEntries(hosts.map(({ kind, port }) => [kind, port]));
};

test('a host of a file that names no port has the usual one of its platform, for every platform', async () => {
  const usual = Object.fromEntries(hostKinds.map((kind) => [kind, https.includes(kind) ? 443 : 22]));
  expect(await portsIn(await folderWith(withoutPort))).toEqual(usual);
});

test('a port that is named stays, also where another would be usual', async () => {
  const named = withoutPort.map((host) => ({ ...host, port: https.includes(host.kind) ? 22 : 443 }));
  const ports = await portsIn(await folderWith(named));
  expect(Object.entries(ports).filter(([kind, port]) => https.includes(kind) !== (port === 22))).toEqual([]);
  for (const port of [0, 65_536, 22.5, '22', null]) {
    expect(hostSchema.safeParse({ ...withoutPort[0], port }).success, String(port)).toBe(false);
  }
});

test('what is saved says its port, and a file without it is the same content', async () => {
  const folder = await folderWith(withoutPort);
  const file = inventoryFile(folder);
  const before = (await file.read()) ?? expect.unreachable();
  await file.update((now) => now ?? expect.unreachable());
  const text = JSON.parse(await fs.readFile(file.path, 'utf8')) as { hosts: { port: number }[] };
  expect(text.hosts.map(({ port }) => port)).toEqual(before.hosts.map(({ port }) => port));
  expect(await file.read()).toEqual(before);
  expect(before.hosts).toEqual(everyKind);
  expect(contentHash(before.hosts)).toBe(contentHash(everyKind));
});

test('the window and its request agree with the file', () => {
  for (const kind of hostKinds) {
    const { port: _, ...host } = hostOf({ ...formOf(null), kind, name: kind, address: '10.0.0.1' }, null, new Set());
    const command = kind === 'other' ? { powerOffCommand: 'halt' } : {};
    const saved = requestSchemas['hosts.save'].parse({ host: { ...host, ...command } });
    expect(saved.host.port, kind).toBe(https.includes(kind) ? 443 : 22);
  }
});
