import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, inRoot } from './paths.mjs';
import { Stop, say } from './say.mjs';
import { findCommand } from './system.mjs';
import { isCi } from './test-environment.mjs';
import { capture } from './usb-vm/capture.mjs';
import { download, isKnown, refreshLists, unpack } from './usb-vm/packages.mjs';

const source = inRoot('test', 'fakes', 'vcsim', 'main.go');

/** The simulator as a library, and what it is built on. */
const libraries = ['golang-github-vmware-govmomi-dev', 'golang-github-google-uuid-dev'];

/** How the tests are told which vCenter simulator to run. Without one they are skipped, but under CI that is an error. */
export async function vcsimEnv() {
  try {
    return { GLIDEPATH_VCSIM: await findVcsim() };
  } catch (error) {
    if (!(error instanceof Stop) || isCi()) throw error;
    say(`skipped: the tests with VMware's own simulator, as it cannot be had: ${error.message}`);
    return {};
  }
}

/** Built from Debian's packages, which are unpacked for that and not kept: Go takes half a gigabyte. */
async function findVcsim() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version') || !findCommand('apt-get')) {
    throw new Stop('vcsim is built from packages of Debian, and this is none.');
  }
  const folder = join(cacheFolder(), `vcsim-${wanted()}`);
  const program = join(folder, 'vcsim');
  if (existsSync(folder)) return program;
  say('building vcsim for the tests: its compiler takes a download of 80 MB');
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(join(cacheFolder(), 'vcsim-new-'));
  try {
    const fresh = join(work, 'made');
    mkdirSync(fresh);
    await make(work, join(fresh, 'vcsim'));
    // Renamed when complete. Another run may have been quicker.
    if (!existsSync(folder)) renameSync(fresh, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

function wanted() {
  const hash = createHash('sha256').update(process.arch);
  for (const file of [source, fileURLToPath(import.meta.url)]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

async function make(work, program) {
  if (!isKnown('golang-go')) await refreshLists();
  const version = goVersion();
  const names = [`golang-${version}-go`, `golang-${version}-src`, ...libraries];
  for (const deb of (await download(names, work)).values()) unpack(deb, work);
  const env = {
    ...process.env,
    GOROOT: join(work, 'usr', 'lib', `go-${version}`),
    GOPATH: join(work, 'usr', 'share', 'gocode'),
    GOCACHE: join(work, 'cache'),
    GO111MODULE: 'off',
    // Nothing of C in it: it needs no compiler for that, and runs everywhere.
    CGO_ENABLED: '0',
    GOFLAGS: '',
  };
  capture(join(env.GOROOT, 'bin', 'go'), ['build', '-o', program, source], { env });
}

/** Which Go this Debian has. */
function goVersion() {
  const depends = spawnSync('apt-cache', ['depends', 'golang-go'], { encoding: 'utf8' }).stdout ?? '';
  const version = /golang-(\d+\.\d+)-go$/m.exec(depends)?.[1];
  if (version) return version;
  throw new Stop('this Debian has no Go.');
}
