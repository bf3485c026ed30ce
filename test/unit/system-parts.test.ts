import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import { Turns } from '../../electron/brain/turns.ts';
import { watchFiles } from '../../electron/brain/watch-files.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

describe('the clock of this computer', () => {
  test('waits longer than a timer of Node can', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const days = 24 * 3600 * 1000;
    const called = vi.fn();
    systemClock.after(60 * days, called);
    const cancel = systemClock.after(60 * days, () => expect.unreachable());
    vi.advanceTimersByTime(30 * days);
    cancel();
    vi.advanceTimersByTime(30 * days - 1);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(called).toHaveBeenCalledOnce();
  });

  test('never goes back', () => {
    const before = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });
});

test('turns come in order, also after a failure', async () => {
  const turns = new Turns();
  const done: number[] = [];
  const first = turns.take(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done.push(1);
    throw new Error('no');
  });
  const second = turns.take(async () => void done.push(2));
  await expect(first).rejects.toThrow('no');
  await second;
  expect(done).toEqual([1, 2]);
});

test('a folder that cannot be watched is logged, and ends nothing', async () => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, 'sequences'), '');
  const log = keptLog();
  onTestFinished(await watchFiles(folder, log, () => undefined));
  expect(log.lines.join()).toContain('sequences cannot be made');
  await fs.rm(folder, { recursive: true });
  onTestFinished(await watchFiles(join(folder, '\0'), log, () => undefined));
});

test('changes of the user’s files are noticed once they have settled, other files are not', async () => {
  const folder = await temporaryFolder();
  const changed = vi.fn();
  onTestFinished(await watchFiles(folder, keptLog(), changed));
  await fs.writeFile(join(folder, 'Preferences'), '{}');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(changed).not.toHaveBeenCalled();
  for (const text of ['{', '{}', '{ }']) await fs.writeFile(join(folder, 'sequences', 'rack.json'), text);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), 2000);
  await fs.writeFile(join(folder, 'inventory.json'), '{}');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2), 2000);
});
