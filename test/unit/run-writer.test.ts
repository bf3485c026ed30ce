import { expect, test } from 'vitest';
import { RunWriter } from '../../electron/core/run-writer.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { sampleRecords } from '../fakes/sample-rack.ts';

test('a disk that sleeps is not waited for, and has the whole run when it wakes', async () => {
  const clock = new ManualClock();
  const asked: RunRecord[] = [];
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const journal = {
    append: (record: RunRecord) => {
      asked.push(record);
      return asleep;
    },
    close: async () => undefined,
  };
  const [begun, ...rest] = sampleRecords('run-20261122-190200-aaaa');
  const writer = new RunWriter(begun ? [begun] : [], journal, clock, () => undefined);
  const written = Promise.all(rest.map((record) => writer.write(record)));
  await clock.advance(6000);
  await written;
  expect(writer.view.phase).toBe('ended');
  await writer.write({ type: 'note', at: 0, sentence: 'after it was given up' });
  wake();
  expect(asked.map(({ type }) => type)).toEqual([...rest.map(({ type }) => type), 'note']);
});
