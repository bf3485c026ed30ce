import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desktop } from '../e2e/support/desktop.ts';
import { FakeUps } from '../fakes/ups/fake-ups.ts';
import { type Flip, flipPower } from './support/flips.ts';
import { type Idle, idle } from './support/idle.ts';
import { median, percentile, ratio } from './support/numbers.ts';
import { SpiedApp, type Startable } from './support/spied-app.ts';
import { table } from './support/table.ts';

const root = join(import.meta.dirname, '../..');
const flips = 100;
const starts = 5;

let desktop: Desktop;
let ups: FakeUps;
let ours: Startable;
let empty: Startable;
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-bench-'));
  folders.push(folder);
  return folder;
}

beforeAll(async () => {
  desktop = Desktop.start();
  ups = new FakeUps();
  await ups.plug();
  const folder = newFolder();
  ours = { folder, args: [root, '--hidden'], env: { ...ups.env(), GLIDEPATH_DATA: folder } };
  empty = { folder: newFolder(), args: [join(import.meta.dirname, 'empty-app')], env: {} };
});

afterAll(async () => {
  await ups?.dispose();
  desktop?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** Milliseconds from the spawn to the tray. */
async function startToTray(how: Startable): Promise<number> {
  const app = new SpiedApp(how);
  const at = await app.next('the tray', (seen) => (seen.what === 'tooltip' ? seen.at : null));
  await app.close();
  return at - app.begunAt;
}

async function measureStarts(): Promise<{ ours: number; empty: number }> {
  const times = { ours: [] as number[], empty: [] as number[] };
  // The first ones make the folders and fill the system's cache.
  await startToTray(ours);
  await startToTray(empty);
  for (let round = 0; round < starts; round += 1) {
    times.ours.push(await startToTray(ours));
    times.empty.push(await startToTray(empty));
  }
  return { ours: median(times.ours), empty: median(times.empty) };
}

test('what Glidepath takes: time to react, memory, processor, time to start', async () => {
  const start = await measureStarts();
  const atRest = { ours: await idle(ours), empty: await idle(empty) };
  const seen = await flipPower(ours, ups, flips);
  expect(seen).toHaveLength(flips);
  expect(atRest.ours.pss).toBeGreaterThan(atRest.empty.pss / 2);
  console.log([`\n${machine()}\n`, latency(seen), footprint(start, atRest), warning(atRest)].join('\n'));
});

const machine = () =>
  `Electron ${process.env.GLIDEPATH_ELECTRON_VERSION}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model}`;

function latency(seen: readonly Flip[]): string {
  const row = (name: string, times: readonly number[]) => [
    name,
    ...[median(times), percentile(times, 99), Math.max(...times)].map((ms) => `${ms.toFixed(1)} ms`),
  ];
  return `${table([
    [`From the UPS's interrupt report (${seen.length} flips)`, 'median', 'p99', 'longest'],
    row(
      'to its reading in the main process',
      seen.map(({ reading }) => reading),
    ),
    row(
      'to the tray, confirmed by a poll',
      seen.map(({ tray }) => tray),
    ),
  ])}\n`;
}

function footprint(start: { ours: number; empty: number }, atRest: { ours: Idle; empty: Idle }): string {
  const row = (name: string, one: number, other: number, text: (value: number) => string) => [
    name,
    text(one),
    text(other),
    ratio(one, other),
  ];
  return `${table([
    ['', 'Glidepath', 'empty tray app', 'ratio'],
    row(`start to tray (median of ${starts})`, start.ours, start.empty, (ms) => `${ms.toFixed(0)} ms`),
    row('memory in the tray (PSS)', atRest.ours.pss, atRest.empty.pss, (mib) => `${mib.toFixed(0)} MiB`),
    row('processor in the tray', atRest.ours.cpu, atRest.empty.cpu, (percent) =>
      percent > 0 ? `${percent.toFixed(2)} %` : 'none seen',
    ),
    row('processes', atRest.ours.processes, atRest.empty.processes, String),
  ])}\n`;
}

function warning({ ours: one, empty: other }: { ours: Idle; empty: Idle }): string {
  if (one.strangers + other.strangers === 0) return '';
  return '  Other programs ran on this Electron meanwhile: the memory is more than is shown.\n';
}
