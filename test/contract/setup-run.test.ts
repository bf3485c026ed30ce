import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { run } from '../../scripts/setup/run.mjs';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const runModule = new URL('../../scripts/setup/run.mjs', import.meta.url).href;

/** A program that starts another one and blocks itself, so that no timer of it ever comes; both write their numbers. */
const blocks = `
  const { spawn } = require('node:child_process');
  const { writeFileSync } = require('node:fs');
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  writeFileSync(process.argv[1], process.pid + ' ' + child.pid);
  for (;;);`;

/** Ended and not waited for yet counts as ended. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test.skipIf(process.platform !== 'linux')(
  'what blocks itself is killed with all that it has started',
  {
    timeout: 30_000,
  },
  async () => {
    const file = join(await temporaryFolder(), 'pids');
    const code = await run(process.execPath, ['-e', blocks, file], {}, { group: true, within: 5 / 60 });
    expect(code).toBe(128 + 9);
    const pids = readFileSync(file, 'utf8').split(' ');
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 5000 }).toEqual([]);
  },
);

test('what cannot be started is told, and nothing is waited for', { timeout: 30_000 }, async () => {
  const words = `run('/no/such/program', [], {}, { within: 60 }).catch(({ code }) => console.log(code))`;
  const program = `import(${JSON.stringify(runModule)}).then(({ run }) => ${words})`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { timeout: 20_000 });
  expect(stdout).toBe('ENOENT\n');
});
