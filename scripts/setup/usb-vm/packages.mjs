import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { Stop } from '../say.mjs';
import { capture } from './capture.mjs';

export const isKnown = (name) => spawnSync('apt-cache', ['show', name]).status === 0;

export async function refreshLists() {
  if ((await run('apt-get', ['-qq', 'update'])) !== 0) throw new Stop('apt-get update failed.');
}

/** Fetches Debian packages into a folder, without installing them. Returns their files by name. */
export async function download(names, folder) {
  const fetch = () =>
    run('sh', ['-c', 'cd "$0" && apt-get -qq download "$@"', folder, ...names], {}, { quietly: true });
  if ((await fetch()) !== 0) {
    // The lists are older than what the mirror holds.
    await refreshLists();
    if ((await fetch()) !== 0) throw new Stop(`apt-get could not download: ${names.join(' ')}`);
  }
  const files = readdirSync(folder);
  return new Map(names.map((name) => [name, join(folder, files.find((file) => file.startsWith(`${name}_`)) ?? name)]));
}

/** Unpacks what of a package fits one of the patterns of `tar`. */
export function unpack(deb, folder, patterns = ['*']) {
  const wildcards = patterns.map((pattern) => `'${pattern}'`).join(' ');
  capture('sh', ['-c', `dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --wildcards ${wildcards}`, deb, folder]);
}
