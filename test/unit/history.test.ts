import fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryFolder } from '../../electron/storage/history.ts';
import { HistoryBuckets } from '../../electron/storage/history-buckets.ts';
import type { HistoryPoint } from '../../shared/history.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const id = 'hid:051d:0002@1-2/../../etc';
const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
const day = 86_400_000;
const point = (at: number, patch: Partial<HistoryPoint> = {}): HistoryPoint => ({
  at,
  onBattery: false,
  charge: 98,
  runtime: 2400,
  load: 20,
  inputVoltage: 230,
  ...patch,
});

async function historyIn(folder?: string) {
  const dataFolder = folder ?? (await temporaryFolder());
  const log = keptLog();
  const history = new HistoryFolder(dataFolder, log);
  const files = async () => {
    const names = await fs.readdir(join(dataFolder, 'history'), { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith('.jsonl')).map((name) => name.split(/[\\/]/).at(-1));
  };
  return { dataFolder, log, history, files };
}

describe('what is kept', () => {
  test('comes back over a restart, for its own UPS and from its own time only', async () => {
    const { dataFolder, history } = await historyIn();
    const points = [point(noon), point(noon + minute, { charge: null, onBattery: true }), point(noon + 2 * minute)];
    for (const each of points) history.add(id, each);
    history.add('another', point(noon, { charge: 1 }));
    await history.settle();
    const again = (await historyIn(dataFolder)).history;
    // 800 ms: stretches of 1 ms, so a point begins its own.
    expect(await again.read(id, noon, noon + 800)).toEqual([points[0]]);
    const all = await again.read(id, noon - minute, noon + 3 * minute);
    expect(all.map(({ charge, onBattery }) => [charge, onBattery])).toEqual([
      [98, false],
      [null, true],
      [98, false],
    ]);
    expect(await again.read(id, noon + minute, noon + minute)).toEqual([]);
    expect(await again.read(id, noon + minute, noon)).toEqual([]);
    expect(await again.read('nobody', noon, noon + day)).toEqual([]);
  });

  test('lies in its folder whatever the id, a file a day, readable by its owner only', async () => {
    const { dataFolder, history, files } = await historyIn();
    for (let n = 0; n < 3; n += 1) history.add(id, point(noon + (n * day) / 2));
    await history.settle();
    expect(await fs.readdir(dataFolder)).toEqual(['history']);
    expect(await files()).toEqual(['2026-11-21.jsonl', '2026-11-22.jsonl']);
    const [folder = ''] = await fs.readdir(join(dataFolder, 'history'));
    expect(folder).toMatch(/^[0-9a-f]{32}$/);
    const { mode } = await fs.stat(join(dataFolder, 'history', folder, '2026-11-21.jsonl'));
    expect(mode & 0o077).toBe(0);
  });

  test('is read around damaged lines, which are counted', async () => {
    const { dataFolder, history } = await historyIn();
    history.add(id, point(noon));
    await history.settle();
    const [folder = ''] = await fs.readdir(join(dataFolder, 'history'));
    const file = join(dataFolder, 'history', folder, '2026-11-21.jsonl');
    await fs.appendFile(file, `\0\0\n{"at":1}\n${JSON.stringify(point(noon + minute))}\n{"at":17`);
    const again = await historyIn(dataFolder);
    // The torn end must not swallow the next point.
    again.history.add(id, point(noon + 2 * minute));
    expect(await again.history.read(id, noon, noon + 10 * minute)).toHaveLength(3);
    expect(again.log.lines).toEqual([expect.stringContaining('3 damaged lines')]);
  });

  test('is read from a clock that was set back and forth, in the order of the clock', async () => {
    const { history } = await historyIn();
    for (const at of [noon, noon - 2 * day, noon + minute, noon - day]) history.add(id, point(at));
    const times = (await history.read(id, noon - 3 * day, noon + day)).map(({ at }) => at);
    expect(times).toHaveLength(4 - 1);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a disk that does not take it', () => {
  test('is told once, harms nobody, and is tried again', async () => {
    const { dataFolder, history, log } = await historyIn();
    await fs.writeFile(join(dataFolder, 'history'), 'in the way');
    for (let n = 0; n < 5; n += 1) history.add(id, point(noon + n));
    await history.settle();
    await history.tidy(noon);
    expect(await history.read(id, noon, noon + day)).toEqual([]);
    expect(log.lines).toEqual([expect.stringContaining('the history is not written')]);
    await fs.rm(join(dataFolder, 'history'));
    history.add(id, point(noon + minute));
    expect(await history.read(id, noon, noon + day)).toHaveLength(1);
    expect(log.lines).toEqual([expect.anything(), 'the history is written again']);
  });
});

test.runIf(process.platform === 'linux')('a full disk is told once', async () => {
  const { dataFolder, history, log } = await historyIn();
  history.add(id, point(noon));
  await history.settle();
  const [folder = ''] = await fs.readdir(join(dataFolder, 'history'));
  await fs.symlink('/dev/full', join(dataFolder, 'history', folder, '2026-11-22.jsonl'));
  for (let n = 0; n < 3; n += 1) history.add(id, point(noon + day + n));
  expect(await history.read(id, noon, noon + 2 * day)).toHaveLength(1);
  expect(log.lines).toEqual([expect.stringContaining('ENOSPC')]);
});

describe('what is old', () => {
  test('is thinned after 30 days and gone after 400', async () => {
    const { history, files } = await historyIn();
    for (const days of [0, 29, 32, 399, 402]) {
      // Two hours, a point every 5 min, one of them on battery.
      for (let n = 0; n < 24; n += 1)
        history.add(id, point(noon - days * day + n * 5 * minute, { onBattery: n === 13 }));
    }
    await history.settle();
    const whole = await history.read(id, noon - 32 * day, noon - 32 * day + 120 * minute);
    expect(whole).toHaveLength(24);
    await history.tidy(noon);
    await history.tidy(noon);
    expect((await files()).sort()).toEqual([
      '2025-10-18.thin.jsonl',
      '2026-10-20.thin.jsonl',
      '2026-10-23.jsonl',
      '2026-11-21.jsonl',
    ]);
    const thin = await history.read(id, noon - 32 * day, noon - 32 * day + 120 * minute);
    expect(thin).toHaveLength(8);
    expect(thin.map(({ onBattery }) => onBattery)).toEqual([false, false, false, false, true, false, false, false]);
    expect(await history.read(id, noon - 29 * day, noon - 29 * day + 120 * minute)).toHaveLength(24);
  });

  test('takes points that come late into what is thinned already', async () => {
    const { history, files } = await historyIn();
    const old = noon - 40 * day;
    history.add(id, point(old));
    await history.settle();
    await history.tidy(noon);
    history.add(id, point(old + 30 * minute));
    await history.settle();
    await history.tidy(noon);
    expect(await files()).toEqual(['2026-10-12.thin.jsonl']);
    expect(await history.read(id, old, old + day)).toHaveLength(2);
  });

  test('of a UPS that is gone for good leaves no folder', async () => {
    const { dataFolder, history } = await historyIn();
    history.add(id, point(noon - 500 * day));
    await history.settle();
    await history.tidy(noon);
    expect(await fs.readdir(join(dataFolder, 'history'))).toEqual([]);
  });
});

describe('stretches', () => {
  test('have the last amounts, and were on battery if any moment was', () => {
    const buckets = new HistoryBuckets(1000, 100);
    buckets.add(point(1250, { charge: 2, onBattery: true }));
    buckets.add(point(1299, { charge: 3 }));
    buckets.add(point(1200, { charge: 1 }));
    buckets.add(point(1500));
    expect(buckets.points).toEqual([point(1200, { charge: 3, onBattery: true }), point(1500)]);
  });

  test('are 800 at most, rise, and leave gaps as gaps', async () => {
    const { history } = await historyIn();
    // Every 100 ms for 20 s, nothing for 10 s, and for 20 s again.
    const times = Array.from({ length: 500 }, (_, n) => n * 100).filter((ms) => ms < 20_000 || ms >= 30_000);
    for (const ms of times) {
      history.add(id, point(noon + ms));
      await history.settle();
    }
    const range = fc.tuple(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: 1, max: 80_000 }));
    await fc.assert(
      fc.asyncProperty(range, async ([from, ms]) => {
        const width = Math.ceil(ms / 800);
        const inRange = times.filter((time) => time >= from && time < from + ms);
        const filled = new Set(inRange.map((time) => from + Math.floor((time - from) / width) * width));
        const points = await history.read(id, noon + from, noon + from + ms);
        expect(points.map(({ at }) => at - noon)).toEqual([...filled]);
        expect(points.length).toBeLessThanOrEqual(800);
      }),
      { numRuns: 50 },
    );
  });

  test('are 800 of what is far more', async () => {
    const { dataFolder, history } = await historyIn();
    history.add(id, point(noon));
    await history.settle();
    const [folder = ''] = await fs.readdir(join(dataFolder, 'history'));
    const lines = Array.from({ length: 8000 }, (_, n) => `${JSON.stringify(point(noon + n * 5000))}\n`);
    await fs.writeFile(join(dataFolder, 'history', folder, '2026-11-21.jsonl'), lines.join(''));
    expect(await history.read(id, noon, noon + 8000 * 5000)).toHaveLength(800);
  });
});
