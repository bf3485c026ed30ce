import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { Stop, say } from './say.mjs';
import { systemPackages } from './system-packages.mjs';

/** Makes sure of one group of system-packages.mjs: nothing is done, or said, where nothing is missing. */
export async function ensureSystem(group) {
  if (process.platform !== 'linux') return;
  const missing = systemPackages[group].filter((row) => !isThere(row));
  if (missing.length === 0) return;
  if (!existsSync('/etc/debian_version') || !findCommand('apt-get')) {
    const names = missing.map((row) => row.command ?? row.library ?? row.file);
    throw new Stop(`missing on this system: ${names.join(', ')} (on Debian: ${namesOf(missing)}).`);
  }
  if (process.getuid() !== 0) {
    throw new Stop(`missing on this system; install with:\n  sudo apt-get install ${debianNames(missing).join(' ')}`);
  }
  await install(missing);
}

async function install(missing) {
  const names = debianNames(missing);
  say(`installing Debian packages: ${names.join(' ')}`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'install', ...names];
  if ((await run('apt-get', args, quiet)) === 0) return;
  // Most often the lists are missing or older than what the mirror holds.
  await run('apt-get', ['-qq', 'update'], quiet);
  if ((await run('apt-get', ['-qq', ...args.slice(1)], quiet)) !== 0) {
    throw new Stop(`apt-get could not install: ${names.join(' ')}`);
  }
}

const namesOf = (rows) => rows.map((row) => row.package).join(' ');

/** Since Debian 13 and Ubuntu 24.04 some libraries end in t64. */
function debianNames(rows) {
  const renamed = rows.filter((row) => row.library).map((row) => `${row.package}t64`);
  const known = new Set(renamed.length === 0 ? [] : aptKnows(renamed));
  return rows.map((row) => (known.has(`${row.package}t64`) ? `${row.package}t64` : row.package));
}

function aptKnows(names) {
  try {
    const shown = execFileSync('apt-cache', ['show', '--no-all-versions', ...names], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...shown.toString().matchAll(/^Package: (.+)$/gm)].map((match) => match[1]);
  } catch {
    return [];
  }
}

function isThere(row) {
  if (row.command) return findCommand(row.command) !== undefined;
  if (row.file) return existsSync(row.file);
  return libraries().has(row.library);
}

/** sshd and ip live in folders that a user's PATH may lack. */
export function findCommand(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function libraries() {
  const ldconfig = findCommand('ldconfig');
  const listed = ldconfig ? execFileSync(ldconfig, ['-p']).toString() : '';
  return new Set([...listed.matchAll(/^\s+(\S+) \(/gm)].map((match) => match[1]));
}
