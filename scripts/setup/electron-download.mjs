import { readFileSync } from 'node:fs';
import { fallbackIsReady } from './electron-fallback.mjs';
import { inRoot } from './paths.mjs';
import { runTool } from './run.mjs';
import { say } from './say.mjs';

/** The electron package downloads its binary from here unless a mirror is set. */
const releases = 'https://github.com/electron/electron/releases/download/';

/** Downloads Electron the way its package does, if the host answers at all; false means that it did not work. */
export async function downloadElectron() {
  // Who has the fallback could not reach the releases before: nobody is asked again unless another place is named.
  if (fallbackIsReady() && !mirror()) return false;
  if (!(await reachable())) {
    say('the host of Electron’s releases cannot be reached');
    return false;
  }
  say('downloading Electron');
  return (await runTool('electron/install.js', [])) === 0;
}

const mirror = () => process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror;

/** Without this a firewall that drops packets costs minutes. */
async function reachable() {
  const { version } = JSON.parse(readFileSync(inRoot('node_modules', 'electron', 'package.json'), 'utf8'));
  const url = new URL(`v${version}/SHASUMS256.txt`, mirror() || releases);
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(4000) });
    return true;
  } catch {
    return false;
  }
}
