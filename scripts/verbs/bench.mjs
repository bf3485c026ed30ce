import { build } from '../setup/build.mjs';
import { electronEnv, findElectron } from '../setup/electron.mjs';
import { Stop } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';
import { inWindowEnvironment } from '../setup/test-environment.mjs';
import { vitest } from '../setup/vitest.mjs';
import { usbVmEnv, whyNoUsbTests } from './test-usb.mjs';

/** Measurements, in the same surroundings as the window tests: they start the real application too. */
export default async function (rest) {
  if (process.platform !== 'linux') throw new Stop('the benchmarks run on Linux only.');
  await ensureSystem('bench');
  const electron = await findElectron();
  await build();
  // Before the surroundings without a network: its parts are packages.
  const vm = whyNoUsbTests() === undefined ? await usbVmEnv() : {};
  const { failed } = await inWindowEnvironment(({ prefix, env }) =>
    vitest('bench', { prefix, rest, env: { ...env, ...vm, ...electronEnv(electron) } }),
  );
  return failed === 0 ? 0 : 1;
}
