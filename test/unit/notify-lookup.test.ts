import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { NameLookup } from '../../electron/notify/lookup.ts';

const address: LookupAddress = { address: '192.0.2.1', family: 4 };

/** A resolver that answers when it is told to. */
function heldLookup() {
  const asked: string[] = [];
  const answers: { give: () => void; fail: () => void }[] = [];
  const names = new NameLookup((name) => {
    asked.push(name);
    return new Promise((resolve, reject) => {
      const fail = () => reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }));
      answers.push({ give: () => resolve([address]), fail });
    });
  });
  const find = (name: string, all = true) =>
    new Promise<unknown>((resolve) => {
      names.function(name, { all }, (error, ...found) => resolve(error ? error.code : found));
    });
  return { asked, answers, find };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('names that hang take one thread between them, and each is asked for once', async () => {
  const { asked, answers, find } = heldLookup();
  const found = [find('a.example'), find('b.example'), find('a.example'), find('b.example', false)];
  await turn();
  expect(asked).toEqual(['a.example']);
  answers[0]?.fail();
  await turn();
  expect(asked).toEqual(['a.example', 'b.example']);
  answers[1]?.give();
  expect(await Promise.all(found)).toEqual(['ENOTFOUND', [[address]], 'ENOTFOUND', ['192.0.2.1', 4]]);
  const again = find('a.example');
  await turn();
  expect(asked).toHaveLength(3);
  answers[2]?.give();
  expect(await again).toEqual([[address]]);
});

test('the system knows its own name', async () => {
  const found = await new Promise((resolve) => {
    new NameLookup().function('localhost', { all: true }, (_error, addresses) => resolve(addresses));
  });
  expect(found).toContainEqual({ address: '127.0.0.1', family: 4 });
});
