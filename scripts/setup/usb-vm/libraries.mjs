import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Stop } from '../say.mjs';
import { capture } from './capture.mjs';

/** Copies what programs are linked to into a root file system: from the unpacked packages first, then from this system. */
export function copyLibraries(root, unpacked, programs) {
  const folders = ['lib', 'usr/lib'].map((lib) => join(unpacked, lib, 'x86_64-linux-gnu'));
  // systemd has a folder of its own for the one that its programs share.
  const env = { ...process.env, LD_LIBRARY_PATH: [...folders, join(folders[1], 'systemd')].join(':') };
  for (const program of programs) {
    const listed = capture('ldd', [program], { env });
    const missing = /^\s*(\S+) => not found/m.exec(listed)?.[1];
    if (missing) throw new Stop(`${basename(program)} needs ${missing}, which is nowhere.`);
    for (const [, file] of listed.matchAll(/=> (\/\S+)/g)) {
      copyFileSync(file, join(root, 'lib', 'x86_64-linux-gnu', basename(file)));
    }
  }
  copyFileSync('/lib64/ld-linux-x86-64.so.2', join(root, 'lib64', 'ld-linux-x86-64.so.2'));
}
