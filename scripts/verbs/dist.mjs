import { build } from '../setup/build.mjs';
import { findElectron } from '../setup/electron.mjs';
import { runTool } from '../setup/run.mjs';
import { say } from '../setup/say.mjs';

/** The packed application in a folder, for this platform, around the Electron that is here already. */
export default async function (rest) {
  const electron = await findElectron();
  if (electron.isFallback) say(`for trying only: what is packed here runs on Electron ${electron.version}, a stopgap`);
  await build();
  const own = [`-c.electronDist=${electron.dist}`, `-c.electronVersion=${electron.version}`];
  return runTool('electron-builder/cli.js', ['--dir', '--publish', 'never', ...own, ...rest]);
}
