import { expect, test } from 'vitest';
import { DurationsKeeper } from '../../electron/core/durations-keeper.ts';
import type { DurationSample, DurationsFile } from '../../shared/durations.ts';
import { MemoryDurations } from '../fakes/memory-durations.ts';

const sample = (hostId: string, seconds = 20): DurationSample => ({
  kind: 'power-off',
  hostId,
  guests: null,
  seconds,
  at: 1,
});

test('what is learned before the file was read is added to it, and never written over it', async () => {
  const store = new MemoryDurations();
  store.file = { ...store.file, samples: [sample('nas')] };
  const kept = store.file;
  let read: (file: DurationsFile) => void = () => undefined;
  store.load = () => new Promise((resolve) => (read = resolve));
  const keeper = new DurationsKeeper({
    store,
    changed: () => undefined,
    report: (error) => expect.fail(String(error)),
  });
  keeper.load();
  keeper.add(sample('web'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(store.file).toBe(kept);
  read(kept);
  await expect.poll(() => store.file.samples.map(({ hostId }) => hostId)).toEqual(['nas', 'web']);
  expect(store.saves).toBe(1);
});

test('a step during which this computer slept for days costs nothing that was learned', () => {
  const store = new MemoryDurations();
  const keeper = new DurationsKeeper({ store, changed: () => undefined, report: () => undefined });
  keeper.add(sample('nas'));
  keeper.add(sample('nas', 200_000));
  expect(keeper.file().samples).toEqual([sample('nas')]);
});
