import { apcupsdEnv } from '../setup/apcupsd.mjs';
import { build } from '../setup/build.mjs';
import { electronEnv, findElectron } from '../setup/electron.mjs';
import { Stop, say } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';
import { isCi } from '../setup/test-environment.mjs';
import { vcsimEnv } from '../setup/vcsim.mjs';
import { add, none, vitest } from '../setup/vitest.mjs';
import { failedChecks } from './check.mjs';
import { windowTests } from './e2e.mjs';
import { usbPart } from './test-usb.mjs';

/** Everything, the quick parts first; one part's failure does not keep the next from running. */
export default async function () {
  let electron;
  let apcupsd = {};
  let vcsim = {};
  const counts = [
    await part(async () => ({ ...none, failed: (await failedChecks()).length })),
    // What cannot be had here fails on its own: the unit tests tell something all the same.
    await part(() => ensureSystem('test').then(() => none)),
    await part(async () => {
      electron = await findElectron();
      return none;
    }),
    await part(async () => {
      apcupsd = await apcupsdEnv();
      return none;
    }),
    await part(async () => {
      vcsim = await vcsimEnv();
      return none;
    }),
    await part(() => vitest('unit', { env: { ...(electron ? electronEnv(electron) : {}), ...apcupsd, ...vcsim } })),
    await part(async () => {
      await build();
      return electron ? windowTests(electron, { env: apcupsd }) : none;
    }),
    await part(async () => {
      await build();
      return usbPart();
    }),
  ];
  return report(counts.reduce(add));
}

async function part(perform) {
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    return { ...none, failed: 1 };
  }
}

function report({ passed, failed, skipped }) {
  const reasons = [];
  if (passed + failed === 0) reasons.push('no test ran');
  if (isCi() && skipped > 0) reasons.push('nothing may be skipped under CI');
  for (const reason of reasons) say(`counts as a failure: ${reason}`);
  const failures = failed + reasons.length;
  console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failures === 0 ? 0 : 1;
}
