import fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JournalFolder } from '../../electron/storage/journal.ts';
import { readJournalText } from '../../electron/storage/journal-text.ts';
import { mintRunId } from '../../electron/storage/run-id.ts';
import { idSchema } from '../../shared/id.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { sampleRecords } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const runId = 'run-20261121-190200-5f3a';
const bytesOf = (records: readonly RunRecord[]) =>
  Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));

async function folderWith(bytes: Buffer) {
  const data = await temporaryFolder();
  const path = join(data, 'runs', `${runId}.jsonl`);
  await fs.mkdir(join(data, 'runs'));
  await fs.writeFile(path, bytes);
  const log = keptLog();
  return { path, log, store: new JournalFolder(data, log) };
}

describe('writing', () => {
  test('what is appended is read back, in order, however many appends are under way', async () => {
    const store = new JournalFolder(await temporaryFolder(), keptLog());
    const records = sampleRecords(runId).slice(0, -1);
    const journal = await store.create(runId);
    await Promise.all(records.map((record) => journal.append(record)));
    await journal.close();
    expect(await store.unfinished()).toMatchObject({ runId, records });
  });

  test('the same run cannot be begun twice', async () => {
    const store = new JournalFolder(await temporaryFolder(), keptLog());
    await store.create(runId);
    await expect(store.create(runId)).rejects.toMatchObject({ fault: { code: 'file-unwritable' } });
  });

  test('an append after the end of the journal fails as a fault', async () => {
    const journal = await new JournalFolder(await temporaryFolder(), keptLog()).create(runId);
    await journal.close();
    await expect(journal.append({ type: 'no-return', at: 1 })).rejects.toMatchObject({
      fault: { code: 'file-unwritable' },
    });
  });
});

describe('a journal cut off at any byte', () => {
  const records = sampleRecords(runId);
  const whole = bytesOf(records);
  const ends = records.map((_, index) => bytesOf(records.slice(0, index + 1)).length);

  test('gives every record before the cut', () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const text = readJournalText('x', whole.subarray(0, cut));
      const count = ends.filter((end) => end <= cut).length;
      expect(text.records).toEqual(records.slice(0, count));
      expect(text.wholeBytes).toBe(ends[count - 1] ?? 0);
    }
  });

  test('is continued behind its last whole record, and the torn tail is kept', async () => {
    const cuts = ends.slice(0, -1).flatMap((end, index) => [end, end + 1, (ends[index + 1] ?? 0) - 1]);
    for (const cut of cuts) {
      const { path, store } = await folderWith(whole.subarray(0, cut));
      const found = await store.unfinished();
      const count = ends.filter((end) => end <= cut).length;
      expect(found?.records).toEqual(records.slice(0, count));
      const tail = await fs.readFile(`${path}.broken-tail`).catch(() => Buffer.alloc(0));
      expect(tail).toEqual(whole.subarray(ends[count - 1], cut));
      await found?.journal.append({ type: 'resumed', at: 2, why: 'started again' });
      await found?.journal.close();
      const again = await store.unfinished();
      expect(again?.records).toEqual([...records.slice(0, count), { type: 'resumed', at: 2, why: 'started again' }]);
      await again?.journal.close();
    }
  });

  test('tells nothing before its first record is whole, and is left as it is', async () => {
    const { path, log, store } = await folderWith(whole.subarray(0, 50));
    expect(await store.unfinished()).toBeNull();
    expect(await store.list()).toEqual([]);
    expect(await store.latestEnded()).toBeNull();
    expect(log.lines.join()).toContain('no whole beginning');
    expect((await fs.readFile(path)).length).toBe(50);
  });
});

describe('a damaged journal', () => {
  const records = sampleRecords(runId);

  test('keeps every record that damage to one line did not touch', () => {
    const lines = records.map((record) => bytesOf([record]));
    const damaged = fc.record({
      line: fc.nat(records.length - 1),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
    });
    fc.assert(
      fc.property(damaged, ({ line, at, bytes }) => {
        const torn = Buffer.from(lines[line] ?? Buffer.alloc(0));
        // 0xff stands in no UTF-8 text, so the line is surely no record any more; its line end stays.
        torn.set([...bytes, 0xff].slice(-(torn.length - 1)), at % Math.max(1, torn.length - 1 - bytes.length - 1));
        const text = readJournalText('x', Buffer.concat(lines.with(line, torn)));
        expect(text.records).toEqual(records.filter((_, index) => index !== line));
      }),
    );
  });

  test('of an ended run never looks unfinished', async () => {
    const lines = records.map((record) => bytesOf([record]));
    const { store } = await folderWith(Buffer.concat(lines.with(4, Buffer.from('\0\0\0\n'))));
    expect(await store.unfinished()).toBeNull();
    expect(await store.list()).toMatchObject([{ runId, result: 'done' }]);
  });
});

test('a run of a newer Glidepath is neither read nor touched', async () => {
  const bytes = Buffer.from(`${JSON.stringify({ type: 'begun', version: 4, strange: true })}\ntorn`);
  const { path, log, store } = await folderWith(bytes);
  expect(await store.unfinished()).toBeNull();
  await expect(store.read(runId)).rejects.toMatchObject({ fault: { code: 'file-newer' } });
  expect(log.lines.join()).toContain('newer Glidepath');
  expect(await fs.readFile(path)).toEqual(bytes);
});

test('the newest unfinished run is found, and runs are listed newest first', async () => {
  const store = new JournalFolder(await temporaryFolder(), keptLog());
  const add = async (id: string, ended: boolean) => {
    const journal = await store.create(id);
    for (const record of sampleRecords(id).slice(0, ended ? undefined : -1)) await journal.append(record);
    await journal.close();
  };
  await add('run-20261121-190200-aaaa', false);
  await add('run-20261122-190200-bbbb', true);
  expect(await store.unfinished(), 'one older than a run that has ended is over').toBeNull();
  await add('run-20261123-190200-cccc', false);
  const found = await store.unfinished();
  expect(found?.runId).toBe('run-20261123-190200-cccc');
  expect(await store.latestEnded()).toEqual(sampleRecords('run-20261122-190200-bbbb'));
  expect(await store.list()).toMatchObject([
    { runId: 'run-20261123-190200-cccc', result: null, endedAt: null },
    {
      runId: 'run-20261122-190200-bbbb',
      result: 'done',
      hostsOff: 2,
      sequenceName: 'Rack plan',
      cause: 'runtime',
      begunAt: 1000,
      endedAt: 1009,
    },
    { runId: 'run-20261121-190200-aaaa' },
  ]);
  await found?.journal.append({ type: 'ended', at: 9, result: 'cancelled', byHand: false, why: 'mains is back' });
  await found?.journal.close();
  expect((await store.list())[0]).toMatchObject({ result: 'cancelled', endedAt: 9 });
  expect(await store.read('run-20261123-190200-cccc')).toMatchObject({ phase: 'ended', result: 'cancelled' });
});

test('a journal that cannot be written any more is resumed all the same, and one that cannot be read is passed over', async () => {
  const bytes = bytesOf(sampleRecords(runId).slice(0, -1));
  const { path, store, log } = await folderWith(Buffer.concat([bytes, Buffer.from('torn')]));
  await fs.mkdir(join(path, '..', 'run-20991231-000000-ffff.jsonl'));
  await fs.mkdir(`${path}.broken-tail`);
  const found = await store.unfinished();
  expect(found?.records.length).toBe(sampleRecords(runId).length - 1);
  await expect(found?.journal.append({ type: 'no-return', at: 1 })).rejects.toMatchObject({
    fault: { code: 'file-unwritable' },
  });
  expect(log.lines.join()).toContain('run-20991231-000000-ffff');
});

test('a run that does not exist is a fault, and an id cannot leave the folder', async () => {
  const store = new JournalFolder(await temporaryFolder(), keptLog());
  await expect(store.read(runId)).rejects.toMatchObject({ fault: { code: 'reference-missing' } });
  await expect(store.read('../settings')).rejects.toThrow();
});

test('run ids begin with their time and are ids', () => {
  const id = mintRunId(Date.UTC(2026, 10, 21, 19, 2, 0));
  expect(id).toMatch(/^run-20261121-190200-[0-9a-f]{4}$/);
  expect(idSchema.parse(id)).toBe(id);
});
