import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './paths.mjs';
import { Stop, say } from './say.mjs';
import { findCommand } from './system.mjs';
import { isCi } from './test-environment.mjs';
import { capture } from './usb-vm/capture.mjs';
import { download, isKnown, refreshLists, unpack } from './usb-vm/packages.mjs';

/** The Debian packages, and what is needed of each. What else it is linked to, nut-server brings too. */
const parts = [
  { package: 'apcupsd', file: 'sbin/apcupsd' },
  { package: 'libusb-0.1-4', file: 'libusb-0.1.so.4' },
];

/** How the tests are told which apcupsd to run. Without one they are skipped, but under CI that is an error. */
export async function apcupsdEnv() {
  try {
    return { GLIDEPATH_APCUPSD: await findApcupsd() };
  } catch (error) {
    if (!(error instanceof Stop) || isCi()) throw error;
    say(`skipped: the tests with a real apcupsd, as it cannot be had: ${error.message}`);
    return {};
  }
}

/**
 * This system's, or Debian's, which is unpacked in the cache: it cannot be installed beside NUT's client, as each wants
 * to be the one that watches the UPS.
 */
async function findApcupsd() {
  const installed = findCommand('apcupsd');
  if (installed) return installed;
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version') || !findCommand('apt-get')) {
    throw new Stop('apcupsd is not installed, and this is no Debian.');
  }
  const folder = join(cacheFolder(), `apcupsd-${wanted()}`);
  const program = join(folder, 'apcupsd');
  if (existsSync(folder)) return program;
  say('fetching apcupsd for the tests');
  mkdirSync(cacheFolder(), { recursive: true });
  const fresh = mkdtempSync(join(cacheFolder(), 'apcupsd-new-'));
  try {
    await make(fresh);
    // Renamed when complete. Another run may have been quicker.
    if (!existsSync(folder)) renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return program;
}

function wanted() {
  const hash = createHash('sha256')
    .update(process.arch)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  return hash.digest('hex').slice(0, 16);
}

async function make(folder) {
  if (!isKnown('apcupsd')) await refreshLists();
  const names = parts.map((part) => part.package);
  const debs = await download(names, folder);
  for (const part of parts) {
    unpack(debs.get(part.package), folder, [`*/${part.file}*`]);
    rmSync(debs.get(part.package));
  }
  // Where they lie differs between the releases of Debian.
  const files = readdirSync(folder, { recursive: true });
  const [daemon, library] = parts.map((part) => files.find((path) => path.endsWith(part.file)));
  const start = `LD_LIBRARY_PATH="\${0%/*}/${dirname(library)}" exec "\${0%/*}/${daemon}" "$@"`;
  const program = join(folder, 'apcupsd');
  writeFileSync(program, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
  // It may lack a library all the same.
  capture(program, ['--version']);
}
