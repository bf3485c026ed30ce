import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, buildDemo } from '../setup/build.mjs';
import { hasDisplay, withVirtualDisplay } from '../setup/display.mjs';
import { electronFlags, findElectron } from '../setup/electron.mjs';
import { inRoot } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';
import { Stop, say } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';

/** Electron shows the demo in the application's own window; Node runs the same without one. */
export default async function () {
  const electron = await electronAndScreen();
  await build();
  await buildDemo();
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-demo-'));
  try {
    return await play(electron, { GLIDEPATH_DATA: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(electron, env) {
  if (!electron) {
    say('going on without a window');
    return run(process.execPath, ['out/demo-app/demo.js'], env);
  }
  const args = [...electronFlags(), inRoot('scripts', 'demo')];
  if (hasDisplay()) return run(electron.executable, args, env, { quietly: true });
  say('no display here: pictures of the window go to out/demo');
  const pictures = inRoot('out', 'demo');
  return withVirtualDisplay((display) =>
    run(electron.executable, args, { ...env, ...display, GLIDEPATH_PICTURES: pictures }, { quietly: true }),
  );
}

async function electronAndScreen() {
  try {
    if (!hasDisplay()) await ensureSystem('display');
    await ensureSystem('electron');
    return await findElectron();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    return undefined;
  }
}
