import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Slices } from '../../shared/view.ts';
import { bundleCli, runCli } from '../contract/cli-kit.ts';
import type { Rack } from '../fakes/rack/rack.ts';
import { onTerminal } from '../fakes/terminal.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { credentials, furnish, mappedInto, Supervisor, shown, treeOf } from './support/daemon.ts';
import { mainsOff, mainsOn, type PlanOptions, planFor, plugUps, powerOrder, rackUp } from './support/lab.ts';

let cli = '';
let rack: Rack;
let ups: FakeUps;
let supervisor: Supervisor | null = null;
let folder = '';

beforeAll(async () => {
  cli = await bundleCli();
});

beforeEach(async () => {
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  folder = mkdtempSync(join(tmpdir(), 'glidepath-daemon-'));
});

afterEach(async () => {
  await supervisor?.stop('SIGKILL');
  await ups?.dispose();
  await rack?.down();
});

/** Nothing of a desktop: neither a display nor a session. */
const bare = () => ({ PATH: process.env.PATH, HOME: folder, ...ups.env() });

async function until<T>(
  what: string,
  look: (slices: Slices) => T | null | undefined | false,
  timeout = 30_000,
): Promise<T> {
  let found: T | undefined;
  await expect
    .poll(
      async () => {
        const slices = await shown(folder);
        found = (slices && look(slices)) || undefined;
        return found !== undefined;
      },
      { timeout, interval: 50, message: what },
    )
    .toBe(true);
  return found as T;
}

/** The daemon under supervision, with a plan that was armed on a terminal while it runs. */
async function watching(options: PlanOptions, own?: string): Promise<Supervisor> {
  const { sequenceFile } = furnish(folder, rack, planFor(options), own);
  const given = credentials(mkdtempSync(join(tmpdir(), 'glidepath-credentials-')), rack);
  supervisor = new Supervisor([process.execPath, cli, 'daemon', '--data', folder], {
    ...bare(),
    CREDENTIALS_DIRECTORY: given,
  });
  await until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await until('the UPS known', ({ supplies }) => supplies.known.length === 1);
  const env = { GLIDEPATH_DATA: folder, CREDENTIALS_DIRECTORY: given };
  const plan = await runCli(cli, ['plan', sequenceFile], { env });
  expect(plan.stderr).toBe('');
  expect(plan.code).toBe(0);
  const rehearsed = await runCli(cli, ['rehearse', sequenceFile], { env });
  expect(rehearsed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/ready, 0 fail, /) });
  expect(rack.hosts.every(({ powerCommands }) => powerCommands.length === 0)).toBe(true);
  const hash = /^Hash +([0-9a-f]{64})$/m.exec(plan.stdout)?.[1] ?? '';
  const words = [process.execPath, cli, 'arm', hash, '--data', folder];
  const no = { code: 1, shown: expect.stringContaining('It was not confirmed') };
  expect(await onTerminal(words, 'y')).toEqual(no);
  expect((await shown(folder))?.plan.armed).toBe(false);
  const yes = { code: 0, shown: expect.stringMatching(/will act on 4 machines[\s\S]*“Rack plan” is armed/) };
  expect(await onTerminal(words, 'yes')).toEqual(yes);
  await until('the armed plan', ({ plan: { armed } }) => armed);
  return supervisor;
}

/** Ms before each kill. */
const waits: number[] = [];

/** Kills the daemon so many times, each time a random while after the last. Returns what ends it. */
function killAgainAndAgain(one: Supervisor, times: number, [least, most]: [number, number]): () => void {
  let timer: NodeJS.Timeout;
  let left = times;
  const next = () => {
    if (left === 0) return;
    left -= 1;
    const wait = Math.round(least + Math.random() * (most - least));
    waits.push(wait);
    timer = setTimeout(() => {
      one.kill();
      next();
    }, wait);
  };
  next();
  return () => clearTimeout(timer);
}

const ofDesktops = /libX|libxcb|libgtk|libgdk|libglib|libwayland|libGL|libnss3|libdbus|electron|chrom/i;

test('a whole outage by a daemon that is killed again and again, without a display', async () => {
  const one = await watching({ until: 'port-closed' });
  const libraries = new Set<string>();
  const processes = new Set<number>();
  const lookAtMaps = () => {
    for (const pid of treeOf(one.pid)) {
      processes.add(pid);
      for (const file of mappedInto(pid)) libraries.add(file);
    }
  };
  lookAtMaps();
  mainsOff(ups);
  await until('the outage', ({ status }) => status.powers[0]?.state === 'battery');
  // What it must see for some seconds on end, as an outage or a host that is off, it sees in the longer of its lives.
  one.kill();
  await until('the run', ({ run }) => run?.phase === 'down');
  const stopKilling = killAgainAndAgain(one, 12, [200, 4500]);
  const isDown = () => rack.hosts.every(({ state }) => state === 'off');
  try {
    await expect.poll(isDown, { timeout: 90_000, interval: 100 }).toBe(true);
  } catch (error) {
    console.log(one.output.join('').slice(-3000), JSON.stringify((await shown(folder))?.run?.log.slice(-30)));
    throw error;
  } finally {
    stopKilling();
  }
  const down = await until('the end of the way down', ({ run }) => run?.phase === 'waiting-for-return' && run, 60_000);
  lookAtMaps();
  expect(down.downResult).toBe('done');
  expect(rack.host('esx').crashedVms).toBe(0);
  expect(powerOrder(rack).at(-1)).toBe('nas');
  mainsOn(ups);
  const stopKillingAgain = killAgainAndAgain(one, 4, [500, 6000]);
  try {
    const isBack = () => rack.hosts.every(({ state }) => state === 'on');
    await expect.poll(isBack, { timeout: 90_000, interval: 100 }).toBe(true);
  } finally {
    stopKillingAgain();
  }
  const ended = await until('the return', ({ run }) => run?.phase === 'ended' && run, 60_000);
  expect(ended.result).toBe('done');
  expect(rack.host('esx').esxi?.state.vms.map(({ power }) => power)).toEqual(['on', 'on', 'off']);
  lookAtMaps();

  const files = [...libraries].sort();
  expect(files.length).toBeGreaterThan(5);
  expect(files.some((file) => file.includes('HID'))).toBe(true);
  expect(files.filter((file) => ofDesktops.test(file))).toEqual([]);
  console.log(`daemon: killed after ${waits.join(', ')} ms`);
  const commands = rack.hosts.map(({ name, powerCommands }) => `${name} ${powerCommands.length}`).join(', ');
  console.log(
    `daemon: ${one.kills} kills, ${one.starts} starts, ${ended.resumes} resumes; power commands: ${commands}`,
  );
  console.log(`daemon: ${processes.size} processes looked into, which mapped only:\n  ${files.join('\n  ')}`);
  expect(await one.stop()).toBe(0);
}, 300_000);

test('told to end before the line it ends at once, and the next start goes on', async () => {
  const one = await watching({ until: 'silent', pause: 600 });
  mainsOff(ups);
  await until('the run', ({ run }) => run?.phase === 'down' && run.noReturnAt === null);
  expect(await one.stop()).toBe(0);
  expect(one.output.join('')).toContain('SIGTERM: the run rests where it is, and goes on at the next start');
  expect(rack.hosts.every(({ powerCommands }) => powerCommands.length === 0)).toBe(true);
  one.restart();
  await until('the same run', ({ run }) => run?.phase === 'down' && run.resumes === 1);
}, 120_000);

test('past its line it stays until everything is down, whatever it is told', async () => {
  const one = await watching({ until: 'silent' });
  mainsOff(ups);
  await until('the line', ({ run }) => run?.noReturnAt, 60_000);
  expect(await one.stop()).toBe(0);
  expect(one.output.join('')).toContain('SIGTERM: the shutdown passed its point of no return, so it is finished first');
  expect(rack.hosts.map(({ state }) => state)).toEqual(rack.hosts.map(() => 'off'));
}, 180_000);

test('on a computer of its own plan it ends with the power-off that it has sent itself, which the next start proves', async () => {
  const one = await watching({ until: 'silent' }, 'nas');
  mainsOff(ups);
  const own = rack.host('nas');
  await expect.poll(() => own.powerCommands.length, { timeout: 120_000, interval: 20 }).toBe(1);
  // As systemd does when it goes down.
  const began = performance.now();
  expect(await one.stop()).toBe(0);
  const took = performance.now() - began;
  console.log(`daemon: ended ${Math.round(took)} ms after its own power-off`);
  // Silence would take 20 s to prove.
  expect(took).toBeLessThan(8000);
  expect(one.output.join('')).toMatch(/nothing is left of the shutdown but this computer|so it is finished first/);
  one.restart();
  const down = await until('the next start', ({ run }) => run?.phase === 'waiting-for-return' && run, 60_000);
  expect(down).toMatchObject({ downResult: 'done', resumes: 1 });
  expect(down.steps['off-nas']).toMatchObject({ state: 'done', proof: expect.stringContaining('this computer') });
  expect(own.powerCommands).toHaveLength(1);
}, 240_000);
