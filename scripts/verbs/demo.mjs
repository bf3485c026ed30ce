import { build } from '../setup/build.mjs';
import { hasDisplay, withVirtualDisplay } from '../setup/display.mjs';
import { electronEnv, findElectron } from '../setup/electron.mjs';
import { run } from '../setup/run.mjs';
import { Stop, say } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';

/** The demo is a Node program; it opens the window itself when it is told of an Electron. */
export default async function (rest) {
  const electron = await electronAndScreen();
  await build();
  const demo = (env) => run(process.execPath, ['out/main/demo.js', ...rest], env);
  if (!electron) {
    say('going on without a window');
    return demo({});
  }
  if (hasDisplay()) return demo(electronEnv(electron));
  return withVirtualDisplay((display) => demo({ ...display, ...electronEnv(electron) }));
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
