import fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson, contentHash } from '../../electron/storage/content-hash.ts';
import { findJsonError } from '../../electron/storage/json-error.ts';
import { JsonFile } from '../../electron/storage/json-file.ts';
import { type Disk, writeFileAtomic } from '../../electron/storage/write-atomic.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const schema = z.strictObject({ version: z.literal(2), items: z.array(z.strictObject({ name: z.string() })) });
const format = { schema, migrations: [(old: Record<string, unknown>) => ({ ...old, version: 2, items: [] })] };
const value = (...names: string[]) => ({ version: 2 as const, items: names.map((name) => ({ name })) });

async function fileWith(text: string) {
  const path = join(await temporaryFolder(), 'thing.json');
  await fs.writeFile(path, text);
  return { path, file: new JsonFile(path, format) };
}

describe('a file that cannot be taken', () => {
  const cases = [
    {
      text: '{\n  "version": 2,\n  "items": [,]\n}',
      where: ', line 3, column 13',
      what: 'It is not JSON: expected a value here.',
    },
    { text: '{"version": 2, "items": [', where: ', line 1, column 26', what: 'It is not JSON: expected a value here.' },
    { text: '', where: ', line 1, column 1', what: 'It is not JSON: expected a value here.' },
    { text: '{"version":2,"items":[{"name":"a"},{"name":7}]}', where: ', items[1].name', what: 'expected string' },
    { text: '{"version":2,"items":[],"extra":1}', where: ', the whole file', what: 'extra' },
    { text: '7', where: ', the whole file', what: 'expected object' },
  ];

  test.each(cases)('names the place and the reason: $where', async ({ text, where, what }) => {
    const { path, file } = await fileWith(text);
    await expect(file.read()).rejects.toMatchObject({
      fault: { code: 'file-broken', where: path + where, what: expect.stringContaining(what) },
    });
  });

  test('is never written over', async () => {
    const { path, file } = await fileWith('{ my precious');
    await expect(file.update(() => value('new'))).rejects.toMatchObject({ fault: { code: 'file-broken' } });
    expect(await fs.readFile(path, 'utf8')).toBe('{ my precious');
  });

  test('of a newer version is refused and kept', async () => {
    const text = '{"version":3,"anything":true}';
    const { path, file } = await fileWith(text);
    await expect(file.read()).rejects.toMatchObject({ fault: { code: 'file-newer', where: path } });
    await expect(file.update(() => value())).rejects.toMatchObject({ fault: { code: 'file-newer' } });
    expect(await fs.readFile(path, 'utf8')).toBe(text);
  });
});

test('an older version is migrated', async () => {
  const { file } = await fileWith('{"version":1}');
  expect(await file.read()).toEqual(value());
});

test('no file is null, and is made with its folder, for its owner only', async () => {
  const path = join(await temporaryFolder(), 'new', 'thing.json');
  const file = new JsonFile(path, format);
  expect(await file.read()).toBeNull();
  await file.replace(value('a'), '');
  expect(await file.read()).toEqual(value('a'));
  expect((await fs.stat(path)).mode & 0o777).toBe(0o600);
});

test('a replacement of something that has changed since is refused', async () => {
  const { file } = await fileWith(JSON.stringify(value('theirs')));
  await expect(file.replace(value('mine'), contentHash(value('old')))).rejects.toMatchObject({
    fault: { code: 'refused' },
  });
  await expect(file.replace(value('mine'), '')).rejects.toMatchObject({ fault: { code: 'refused' } });
  expect(await file.read()).toEqual(value('theirs'));
  await file.replace(value('mine'), contentHash(value('theirs')));
  expect(await file.read()).toEqual(value('mine'));
});

test('changes take turns, so that none gets lost', async () => {
  const { file } = await fileWith(JSON.stringify(value()));
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await Promise.all(names.map((name) => file.update((old) => value(...(old?.items.map((i) => i.name) ?? []), name))));
  expect((await file.read())?.items.map((item) => item.name)).toEqual(names);
});

/** A disk on which the power fails after so many calls: that call and all later ones do nothing but throw. */
function diskThatFailsAfter(calls: number): Disk {
  let left = calls;
  const spend = () => {
    if (left-- <= 0) throw new Error('power cut');
  };
  return {
    mkdir: async () => spend() as undefined,
    rename: async (from, to) => {
      spend();
      await fs.rename(from, to);
    },
    unlink: async (path) => {
      spend();
      await fs.unlink(path);
    },
    open: async (path, flags, mode) => {
      spend();
      const handle = await fs.open(path, flags, mode);
      return new Proxy(handle, {
        get(target, name) {
          if (name === 'close') return () => target.close();
          if (name === 'writeFile') {
            return async (text: string) => {
              await target.writeFile(text.slice(0, text.length / 2));
              spend();
              await target.writeFile(text.slice(text.length / 2));
            };
          }
          if (name !== 'sync') return undefined;
          return async () => {
            spend();
            await target.sync();
          };
        },
      });
    },
  };
}

test('a crash after any step of a write leaves the old file or the new one, whole', async () => {
  const path = join(await temporaryFolder(), 'thing.json');
  const seen: string[] = [];
  for (let calls = 0; calls < 12; calls += 1) {
    await fs.writeFile(path, 'old text');
    await writeFileAtomic(path, 'new text', diskThatFailsAfter(calls)).catch(() => undefined);
    seen.push(await fs.readFile(path, 'utf8'));
  }
  expect(new Set(seen)).toEqual(new Set(['old text', 'new text']));
  expect(seen.slice(0, 5)).toEqual(Array(5).fill('old text'));
});

test('a failed write leaves no temporary file', async () => {
  const folder = await temporaryFolder();
  await fs.mkdir(join(folder, 'thing.json'));
  await expect(writeFileAtomic(join(folder, 'thing.json'), 'x')).rejects.toMatchObject({
    fault: { code: 'file-unwritable' },
  });
  expect(await fs.readdir(folder)).toEqual(['thing.json']);
});

test('the place of an error is found exactly when JSON.parse fails', () => {
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const snippet = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'a',
    '1',
    '-',
    '.',
    'e',
    'null',
    ' ',
    '\n',
    '\u0001',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.array(snippet, { maxLength: 12 }).map((parts) => parts.join('')),
      ),
      (text) => {
        expect(findJsonError(text) === null).toBe(parses(text));
      },
    ),
    { numRuns: 2000 },
  );
});

test('the hash does not depend on the order of keys, but on all else', () => {
  expect(canonicalJson({ b: [{ z: 1, a: undefined }], a: null })).toBe('{"a":null,"b":[{"z":1}]}');
  expect(contentHash({ a: 1, b: 2 })).toBe(contentHash({ b: 2, a: 1 }));
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
});
