import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inRoot, root } from './paths.mjs';
import { runTool } from './run.mjs';
import { Stop, say } from './say.mjs';

const sources = [
  'electron',
  'renderer',
  'shared',
  'assets',
  'scripts/demo',
  'test/fakes',
  'electron.vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

const stamp = inRoot('out', '.built-from');

function files(path) {
  if (!existsSync(inRoot(path))) return [];
  if (!statSync(inRoot(path)).isDirectory()) return [path];
  return readdirSync(inRoot(path))
    .sort()
    .flatMap((name) => files(`${path}/${name}`));
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(files))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(inRoot(file)));
  return hash.digest('hex');
}

/** Builds main process, preload and window into out/, unless that is what out/ was built from. */
export async function build() {
  const hash = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('building');
  const code = await runTool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn', root]);
  if (code !== 0) throw new Stop('the build failed.');
  writeFileSync(stamp, hash);
}
