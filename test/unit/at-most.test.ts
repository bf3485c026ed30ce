import { expect, it } from 'vitest';
import { atMost } from '../../electron/targets/at-most.ts';

it('does as many at a time as it may, and gives the results in order', async () => {
  let [now, most] = [0, 0];
  const results = await atMost(3, [5, 1, 4, 2, 3], async (item) => {
    now += 1;
    most = Math.max(most, now);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    now -= 1;
    return item * 10;
  });
  expect([results, most]).toEqual([[50, 10, 40, 20, 30], 3]);
});

it('begins nothing more when one has failed, and fails when what was begun has ended', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const ending = atMost(2, [1, 2, 3, 4], async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('no');
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    ended.push(item);
  });
  await expect(ending).rejects.toThrow('no');
  expect([begun, ended]).toEqual([[1, 2], [2]]);
});
