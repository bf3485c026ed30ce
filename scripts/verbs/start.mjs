import { build } from '../setup/build.mjs';
import { hasDisplay } from '../setup/display.mjs';
import { electronFlags, findElectron } from '../setup/electron.mjs';
import { root } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';
import { Stop, say } from '../setup/say.mjs';
import { ensureSystem } from '../setup/system.mjs';

export default async function (rest) {
  if (!hasDisplay()) throw new Stop('there is no display here; `npm run demo` brings its own.');
  await ensureSystem('electron');
  const electron = await findElectron();
  await build();
  say('starting Glidepath');
  return run(electron.executable, [...electronFlags(), root, ...rest]);
}
