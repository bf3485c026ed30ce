import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inRoot, root } from './paths.mjs';
import { runTool } from './run.mjs';
import { Stop, say } from './say.mjs';

const common = ['electron', 'shared', 'tsconfig.json', 'package.json', 'package-lock.json'];
const appSources = [...common, 'renderer', 'assets', 'electron.vite.config.ts'];
const demoSources = [...common, 'scripts/demo', 'test/fakes'];

function files(path) {
  if (!existsSync(inRoot(path))) return [];
  if (!statSync(inRoot(path)).isDirectory()) return [path];
  return readdirSync(inRoot(path))
    .sort()
    .flatMap((name) => files(`${path}/${name}`));
}

function hashOf(sources) {
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
  const tool = ['electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn', root]];
  await make('building', appSources, inRoot('out', '.built-from'), tool);
}

/** The demo apart, into out/demo-app: nothing of it gets near what is packed. */
export async function buildDemo() {
  const config = inRoot('scripts', 'demo', 'vite.config.ts');
  const tool = ['vite/bin/vite.js', ['build', '--logLevel', 'warn', '--config', config]];
  await make('building the demo', demoSources, inRoot('out', 'demo-app', '.built-from'), tool);
}

async function make(what, sources, stamp, tool) {
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say(what);
  if ((await runTool(...tool, {}, { setUp: true })) !== 0) throw new Stop('the build failed.');
  writeFileSync(stamp, hash);
}
