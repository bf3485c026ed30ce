import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { FuseState } from '@electron/fuses/dist/constants.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { newDataFolder } from './support/app.ts';
import { Desktop } from './support/desktop.ts';
import { mainsOff, mainsOn, plugUps } from './support/lab.ts';

// The packed application has its inspector and NODE_OPTIONS fused off: it is judged from outside, as its user does.

const root = join(import.meta.dirname, '../..');
const dist = mkdtempSync(join(tmpdir(), 'glidepath-dist-'));
const packed = join(dist, 'linux-unpacked');
const data = newDataFolder();

let desktop: Desktop;
let ups: FakeUps;
let app: ChildProcess;
let output = '';

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/go.mjs', 'dist', `-c.directories.output=${dist}`], {
    cwd: root,
    timeout: 110_000,
  });
});

afterEach(async () => {
  if (app && app.exitCode === null && app.signalCode === null) {
    app.kill('SIGKILL');
    await once(app, 'exit');
  }
  await ups?.dispose();
  desktop?.stop();
});

afterAll(() => {
  for (const folder of [dist, data]) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

function start(): ChildProcess {
  const child = spawn(join(packed, 'glidepath'), process.getuid?.() === 0 ? ['--no-sandbox'] : [], {
    env: { ...process.env, ...ups.env(), GLIDEPATH_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  return child;
}

const log = () => {
  const file = join(data, 'logs', 'glidepath.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** What a release must not allow: each would let another program act in its name. */
const forbidden = [
  FuseV1Options.RunAsNode,
  FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  FuseV1Options.EnableNodeCliInspectArguments,
  FuseV1Options.GrantFileProtocolExtraPrivileges,
];

/** The X window, once the page has given it its title: its script came over app:// and runs. */
function windowId(): string {
  try {
    return execFileSync('xdotool', ['search', '--onlyvisible', '--name', '– Glidepath$'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    })
      .toString()
      .trim();
  } catch {
    return ''; // there is none
  }
}

/** A page that did not load is a window of one colour. */
const coloursInWindow = () =>
  Number(execFileSync('import', ['-window', windowId(), '-format', '%k', 'info:'], { timeout: 20_000 }));

/** Report 0x16, in which the UPS tells whether the mains are there. */
const statusPolls = () => ups.log.filter(({ op, id }) => op === 'get' && id === 0x16).length;

test('nothing is packed but what runs', () => {
  const files = listPackage(join(packed, 'resources', 'app.asar'), { isPack: false });
  expect(files.filter((file) => /demo|prepare|story|-window|screenshots|\.svg$|\.map$/.test(file))).toEqual([]);
  expect(files.filter((file) => file.startsWith('/assets/') && !file.startsWith('/assets/tray'))).toEqual([
    '/assets/70-glidepath-ups.rules',
    '/assets/icon.png',
  ]);
  expect(files).toContain('/out/main/main.js');
});

test('the packed application reads the UPS, tells of an outage and shows its window', async () => {
  const fuses = await getCurrentFuseWire(join(packed, 'glidepath'));
  for (const fuse of forbidden) expect(fuses[fuse]).toBe(FuseState.DISABLE);
  desktop = Desktop.start();
  ups = await plugUps();
  app = start();

  await expect.poll(windowId, { timeout: 30_000 }).not.toBe('');
  await expect.poll(statusPolls, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(desktop.notices).toEqual([]);

  mainsOff(ups);
  await expect.poll(() => desktop.notices, { timeout: 10_000 }).toContain('Power lost');
  await expect.poll(coloursInWindow, { timeout: 15_000 }).toBeGreaterThan(100);
  desktop.picture('package');
  mainsOn(ups);
  // Not critical, so it is kept from who has the window in front of him.
  await expect.poll(log, { timeout: 10_000 }).toContain('Power is back');

  app.kill('SIGTERM');
  await once(app, 'exit');
  expect(log()).toMatch(/notice \(power, critical\): Power lost/);
  expect(log()).not.toMatch(/\[(error|warn)\]/);
  expect(output).not.toMatch(/Uncaught|net::ERR_/);
});
