import { readdirSync } from 'node:fs';
import { build } from '../setup/build.mjs';
import { electronEnv, findElectron } from '../setup/electron.mjs';
import { inRoot } from '../setup/paths.mjs';
import { say } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';
import { inWindowEnvironment } from '../setup/test-environment.mjs';
import { none, vitest } from '../setup/vitest.mjs';

/** The tests that drive the real application, once it is built. */
export async function windowTests(electron, rest = []) {
  if (process.platform !== 'linux') {
    say('skipped, counted by the file: the window tests, which run on Linux only');
    return { ...none, skipped: windowTestFiles() };
  }
  return inWindowEnvironment(({ prefix, env }) =>
    vitest('e2e', { prefix, rest, env: { ...env, ...electronEnv(electron) } }),
  );
}

const windowTestFiles = () =>
  readdirSync(inRoot('test', 'e2e'), { recursive: true }).filter((name) => name.endsWith('.test.ts')).length;

export default async function (rest) {
  await ensureSystem('test');
  const electron = await findElectron();
  await build();
  return (await windowTests(electron, rest)).failed === 0 ? 0 : 1;
}
