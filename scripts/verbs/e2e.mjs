import { readdirSync } from 'node:fs';
import { apcupsdEnv } from '../setup/apcupsd.mjs';
import { build } from '../setup/build.mjs';
import { electronEnv, findElectron } from '../setup/electron.mjs';
import { inRoot } from '../setup/paths.mjs';
import { say } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';
import { inWindowEnvironment } from '../setup/test-environment.mjs';
import { none, vitest } from '../setup/vitest.mjs';

/** The tests that drive the real application, once it is built. `env`: what they need besides it. */
export async function windowTests(electron, { rest = [], env: besides = {} } = {}) {
  if (process.platform !== 'linux') {
    say('skipped, counted by the file: the window tests, which run on Linux only');
    return { ...none, skipped: windowTestFiles() };
  }
  return inWindowEnvironment(({ prefix, env }) =>
    vitest('e2e', { prefix, rest, env: { ...besides, ...env, ...electronEnv(electron) } }),
  );
}

const windowTestFiles = () =>
  readdirSync(inRoot('test', 'e2e'), { recursive: true }).filter((name) => name.endsWith('.test.ts')).length;

export default async function (rest) {
  await ensureSystem('test');
  const electron = await findElectron();
  await build();
  const env = await apcupsdEnv();
  return (await windowTests(electron, { rest, env })).failed === 0 ? 0 : 1;
}
