import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sequenceHash } from '../../electron/storage/sequence-hash.ts';
import { SequenceStore } from '../../electron/storage/sequences.ts';
import { sampleSequence } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

test('there are none before the first is saved', async () => {
  expect(await new SequenceStore(await temporaryFolder()).list()).toEqual({ sequences: [], refused: [] });
});

test('a folder that cannot be read is refused, not thrown', async () => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, 'sequences'), '');
  const { sequences, refused } = await new SequenceStore(folder).list();
  expect(sequences).toEqual([]);
  expect(refused).toMatchObject([{ file: join(folder, 'sequences'), fault: { code: 'file-broken' } }]);
});

test('a saved sequence is listed with its hash', async () => {
  const store = new SequenceStore(await temporaryFolder());
  const sequence = sampleSequence();
  expect(await store.save(sequence, '')).toBe(sequenceHash(sequence));
  expect(await store.list()).toEqual({ sequences: [{ sequence, hash: sequenceHash(sequence) }], refused: [] });
});

test('good ones are taken beside refused ones, which are kept', async () => {
  const folder = await temporaryFolder();
  const store = new SequenceStore(folder);
  await store.save(sampleSequence(), '');
  const at = (name: string) => join(folder, 'sequences', name);
  await fs.writeFile(at('broken.json'), '{');
  await fs.writeFile(at('newer.json'), JSON.stringify({ ...sampleSequence({ id: 'newer' }), version: 4 }));
  await fs.copyFile(at('rack-plan.json'), at('copy.json'));
  await fs.writeFile(at('Not An Id.json'), JSON.stringify(sampleSequence()));
  await fs.writeFile(at('.rack-plan.json.123.tmp'), 'left by a crash');

  const { sequences, refused } = await store.list();
  expect(sequences.map(({ sequence }) => sequence.id)).toEqual(['rack-plan']);
  expect(refused.map(({ file, fault }) => [file, fault.code])).toEqual([
    [at('Not An Id.json'), 'file-broken'],
    [at('broken.json'), 'file-broken'],
    [at('copy.json'), 'file-broken'],
    [at('newer.json'), 'file-newer'],
  ]);
  await expect(store.save(sampleSequence({ id: 'newer' }), '')).rejects.toMatchObject({
    fault: { code: 'file-newer' },
  });
});

test('reformatting a file by hand does not change its hash', async () => {
  const folder = await temporaryFolder();
  const store = new SequenceStore(folder);
  const hash = await store.save(sampleSequence(), '');
  const { name, ...rest } = sampleSequence();
  await fs.writeFile(join(folder, 'sequences', 'rack-plan.json'), JSON.stringify({ ...rest, name }));
  expect((await store.list()).sequences[0]?.hash).toBe(hash);
});
