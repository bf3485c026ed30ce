import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RehearsalFolder } from '../../electron/storage/rehearsals.ts';
import type { Rehearsal } from '../../shared/rehearsal.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { hostNamed, inputFor, seen } from './rehearsal-kit.ts';

async function several(count: number): Promise<Rehearsal[]> {
  const { held, clock } = inputFor([hostNamed('web')], async () => [seen('ready')]);
  const all: Rehearsal[] = [];
  for (let at = 0; at < count; at += 1) {
    all.push(await held());
    await clock.advance(1);
  }
  return all;
}

it('keeps the newest 50, each in a file of its own that only its owner reads', async () => {
  const data = await temporaryFolder();
  const store = new RehearsalFolder(data, keptLog());
  expect(await store.list()).toEqual([]);
  const all = await several(53);
  for (const one of all) await store.save(one);
  expect(await new RehearsalFolder(data, keptLog()).list()).toEqual(all.slice(3).reverse());
  const files = readdirSync(join(data, 'rehearsals'));
  expect(files.length).toBe(50);
  expect(statSync(join(data, 'rehearsals', files[0] ?? '')).mode & 0o777).toBe(0o600);
});

it('leaves out what cannot be read, and leaves alone what is not its own', async () => {
  const data = await temporaryFolder();
  const log = keptLog();
  const store = new RehearsalFolder(data, log);
  const [one, two] = (await several(2)) as [Rehearsal, Rehearsal];
  await store.save(one);
  await store.save(two);
  writeFileSync(join(data, 'rehearsals', `${two.id}.json`), '{');
  writeFileSync(join(data, 'rehearsals', 'notes.json'), 'mine');
  expect(await store.list()).toEqual([one]);
  expect(log.lines).toEqual([expect.stringContaining(`${two.id}.json`)]);
  expect(readdirSync(join(data, 'rehearsals')).length).toBe(3);
});
