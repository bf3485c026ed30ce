import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostsHash } from '../../electron/brain/host-edits.ts';
import { inventoryFile } from '../../electron/storage/inventory-file.ts';
import { sequenceHash } from '../../electron/storage/sequence-hash.ts';
import { SequenceStore } from '../../electron/storage/sequences.ts';
import { suppliesFile } from '../../electron/storage/supplies-file.ts';
import { rackSequence } from '../fakes/rack-samples.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const fixture = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'files', name);

/** A data folder with this old file in it. */
async function folderWith(name: string, from: string): Promise<string> {
  const folder = await temporaryFolder();
  await fs.copyFile(fixture(from), join(folder, name));
  return folder;
}

test('an inventory of version 1 keeps all that it says, with hosts that hang on any UPS', async () => {
  const folder = await folderWith('inventory.json', 'inventory-1.json');
  const file = inventoryFile(folder);
  const old = JSON.parse(await fs.readFile(fixture('inventory-1.json'), 'utf8'));
  const fedBy = { upses: [], need: 'any' };
  expect(await file.read()).toEqual({
    ...old,
    version: 4,
    hosts: old.hosts.map((host: { kind: string }) => ({
      ...host,
      ...{ fedBy, tags: [], uses: [], isThisComputer: false, secureOn: false, bmc: null },
      // Until then every ESXi host was offered them.
      ...{ oldAlgorithms: host.kind === 'esxi', sudo: 'sudo' in host && host.sudo },
    })),
  });
  // What is written from then on is of version 4, and read as such.
  await file.update((now) => now ?? expect.unreachable());
  expect(JSON.parse(await fs.readFile(join(folder, 'inventory.json'), 'utf8')).version).toBe(4);
  expect((await file.read())?.hosts).toHaveLength(2);
});

test('hosts of version 3 have the hash by which they were armed then, also where a file leaves out what it may', async () => {
  const { hosts } = (await inventoryFile(await folderWith('inventory.json', 'inventory-3.json')).read()) ?? {
    hosts: [],
  };
  const hash = (target: string) => {
    const steps = [{ id: 'off', kind: 'power-off', target }];
    return hostsHash(rackSequence({ stages: [{ id: 'hosts', name: 'Hosts', steps }], returnStages: [] }), hosts);
  };
  // As the last Glidepath of version 3 printed them for this very file.
  expect(hash('web-1')).toBe('99caa3aabb54980d0c58b3d0d8d2cf1b005009167915533e904d34a0cc6abe9f');
  expect(hash('nas-1')).toBe('0e9ad7a6183f22c7eeec71cf1701cc092e32392d75cb1ba5a20a093231c3f606');
  expect(hash('esx-1')).toBe('4462804eed361af7d7a6c1002b33c2ffcd7a8225cb8bff0cf930ae2994c50ed2');
});

test('a sequence of version 1 does what it did, under the hash by which it was armed then', async () => {
  const folder = await temporaryFolder();
  await fs.mkdir(join(folder, 'sequences'));
  await fs.copyFile(fixture('sequence-1.json'), join(folder, 'sequences', 'rack.json'));
  const { sequences, refused } = await new SequenceStore(folder).list();
  expect(refused).toEqual([]);
  // As the last Glidepath of version 1 printed it for this very file.
  expect(sequences[0]?.hash).toBe('9299c1f149fca549cb188a78cfb3b4d42c6e73bcabf5257096a746fc311b1841');
  const { sequence } = sequences[0] ?? expect.unreachable();
  expect(sequence).toMatchObject({ version: 3, scope: 'all', faultTolerance: null, returnWhen: { charge: 40 } });
  expect(sequence.triggers).toMatchObject({ settle: 5, lowBattery: { enabled: true, lasts: 5 } });
  const changed = { ...sequence, scope: 'critical' as const };
  expect(sequenceHash(changed)).not.toBe(sequenceHash(sequence));
  const [first, ...rest] = sequence.stages;
  const held = { ...sequence, stages: [{ ...(first ?? expect.unreachable()), parallel: 2 }, ...rest] };
  expect(sequenceHash(held)).not.toBe(sequenceHash(sequence));
});

test('supplies of version 1 are read as they stand', async () => {
  const folder = await folderWith('supplies.json', 'supplies-1.json');
  const text = await fs.readFile(fixture('supplies-1.json'), 'utf8');
  expect(await suppliesFile(folder).read()).toEqual(JSON.parse(text));
});

test.each([
  ['inventory.json', inventoryFile, 'inventory-1.json'],
  ['supplies.json', suppliesFile, 'supplies-1.json'],
] as const)('%s of a newer Glidepath is refused and kept', async (name, file, from) => {
  const folder = await folderWith(name, from);
  const newer = (await fs.readFile(join(folder, name), 'utf8')).replace('"version": 1', '"version": 99');
  await fs.writeFile(join(folder, name), newer);
  await expect(file(folder).read()).rejects.toMatchObject({ fault: { code: 'file-newer' } });
  expect(await fs.readFile(join(folder, name), 'utf8')).toBe(newer);
});

test.each([
  ['nut-1', 'apc-1', 'servers[1].id'],
  ['"supplies": [', '"supplies": [{"id":"hid:051d:0002:A1","name":"Twin","commandsAllowed":false},', 'supplies[1].id'],
])('an id that stands twice is refused (%s)', async (what, by, place) => {
  const folder = await folderWith('supplies.json', 'supplies-1.json');
  const text = await fs.readFile(join(folder, 'supplies.json'), 'utf8');
  const twice = what.startsWith('"') ? text.replace(what, by) : text.replace(by, what);
  await fs.writeFile(join(folder, 'supplies.json'), twice);
  await expect(suppliesFile(folder).read()).rejects.toMatchObject({
    fault: { code: 'file-broken', where: expect.stringContaining(place) },
  });
});
