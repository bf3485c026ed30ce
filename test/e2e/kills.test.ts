import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJournalText } from '../../electron/storage/journal-text.ts';
import type { RunView } from '../../shared/run.ts';
import { replayRun } from '../../shared/run.ts';
import type { Rack } from '../fakes/rack/rack.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { Random } from '../fuzz/random.ts';
import { App, newDataFolder } from './support/app.ts';
import { enterHosts, mainsOff, mainsOn, planFor, plugUps, rackUp, saveAndArm } from './support/lab.ts';

const kills = Number(process.env.GLIDEPATH_KILLS ?? 10);
const seed = Number(process.env.GLIDEPATH_SEED ?? 20261122);
/** Ms from the start of the app to its death, at most: it needs about one second until it decides. */
const longestLife = 6000;

let rack: Rack;
let ups: FakeUps;
let data: string;
let app: ChildProcess | null = null;

beforeAll(async () => {
  data = newDataFolder();
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  const shown = await App.start(data, ups.env());
  await shown.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await enterHosts(shown, rack);
  const plan = planFor({ until: 'port-closed' });
  // A life of some seconds must be long enough for a run to begin.
  await saveAndArm(shown, { ...plan, triggers: { ...plan.triggers, settle: 0 } });
  await shown.close();
}, 120_000);

afterAll(async () => {
  await end();
  await ups?.dispose();
  await rack?.down();
});

/** The app as it starts at login: with its tray and without a window. */
function start(): void {
  const executable = process.env.GLIDEPATH_ELECTRON;
  if (!executable) throw new Error('GLIDEPATH_ELECTRON names no Electron');
  app = spawn(executable, ['--no-sandbox', '.', '--hidden'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, GLIDEPATH_DATA: data, ...ups.env() },
    stdio: 'ignore',
  });
}

async function end(): Promise<void> {
  const child = app;
  app = null;
  if (!child || child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await gone;
}

/** The newest run as its journal on disk tells it; null: none yet. */
function newestRun(): RunView | null {
  const folder = join(data, 'runs');
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name.endsWith('.jsonl'));
  const newest = names
    .map(({ name }) => name)
    .sort()
    .at(-1);
  if (newest === undefined) return null;
  const { records } = readJournalText(newest, readFileSync(join(folder, newest)));
  return records[0]?.type === 'begun' ? replayRun(records) : null;
}

async function until(what: string, isSo: () => boolean, ms = 120_000): Promise<void> {
  for (const last = Date.now() + ms; !isSo(); await later(50)) {
    if (Date.now() < last) continue;
    throw new Error(`waited ${ms} ms in vain for ${what}: ${JSON.stringify(newestRun()?.log.slice(-12), null, 1)}`);
  }
}

interface Tally {
  outages: number;
  killed: number;
  /** Kills after which the run was taken up again by its journal. */
  resumes: number;
  /** Power commands that went to a host which had been told already, with a look at it in between; and without. */
  repeated: number;
  blind: number;
  leftOn: number;
  cutHard: number;
  notBack: number;
}

/** Starts the app again and again, and lets each live for a random time. */
async function killAgain(times: number, chance: () => number, tally: Tally): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    start();
    await later(chance() * longestLife);
    await end();
    tally.killed += 1;
  }
}

const takesAway = /power\.(shutdown|off) |maintenanceMode set|poweroff/;

/** An ESXi host is asked by command, too: between two that take the same away there must be one that asks. */
function countEsxiRepeats(since: number, tally: Tally): void {
  const asked = rack.host('esx').commands.filter(({ at }) => at >= since);
  const last = new Map<string, number>();
  asked.forEach(({ text }, at) => {
    if (!takesAway.test(text)) return;
    const before = last.get(text);
    last.set(text, at);
    if (before === undefined) return;
    if (asked.slice(before + 1, at).some((other) => !takesAway.test(other.text))) tally.repeated += 1;
    else tally.blind += 1;
  });
}

function countRepeats(since: number, tally: Tally): void {
  countEsxiRepeats(since, tally);
  for (const host of rack.hosts) {
    const sent = host.powerCommands.filter(({ at }) => at >= since);
    sent.slice(1).forEach((again, index) => {
      const before = sent[index]?.at ?? 0;
      // A look and a login are connections of their own: the second power command came over a third one at the earliest.
      const looked = host.connections.filter((at) => at > before && at <= again.at).length >= 2;
      if (looked) tally.repeated += 1;
      else tally.blind += 1;
    });
  }
}

test(
  `the app is killed ${kills} times at random moments of real runs: every host goes down in order and comes back`,
  async () => {
    const numbers = new Random(seed);
    const chance = (): number => numbers.below(1_000_000) / 1_000_000;
    const tally: Tally = {
      outages: 0,
      killed: 0,
      resumes: 0,
      repeated: 0,
      blind: 0,
      leftOn: 0,
      cutHard: 0,
      notBack: 0,
    };
    while (tally.killed < kills) {
      const since = Date.now();
      const before = newestRun()?.runId;
      mainsOff(ups);
      await killAgain(Math.min(kills - tally.killed, 1 + Math.floor(chance() * 5)), chance, tally);
      start();
      await until('the way down', () => {
        const run = newestRun();
        return run !== null && run.runId !== before && run.phase === 'waiting-for-return';
      });
      tally.leftOn += rack.hosts.filter(({ state }) => state !== 'off').length;
      countRepeats(since, tally);
      mainsOn(ups);
      if (tally.killed < kills && chance() < 0.5) {
        await end();
        await killAgain(Math.min(kills - tally.killed, 1 + Math.floor(chance() * 3)), chance, tally);
        start();
      }
      await until('the return', () => newestRun()?.phase === 'ended');
      tally.notBack += rack.hosts.filter(({ state }) => state !== 'on').length;
      tally.cutHard = rack.host('esx').crashedVms;
      tally.resumes += newestRun()?.resumes ?? 0;
      tally.outages += 1;
      await end();
    }
    console.log(`SIGKILL, seed ${seed}: ${JSON.stringify(tally)}`);
    expect(tally).toMatchObject({ blind: 0, leftOn: 0, cutHard: 0, notBack: 0 });
    expect(tally.resumes).toBeGreaterThan(0);
  },
  kills * 60_000,
);
