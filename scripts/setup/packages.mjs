import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { npmCommand, run } from './run.mjs';
import { Stop, say } from './say.mjs';

const stamp = inRoot('node_modules', '.glidepath-installed');

/** What decides node_modules: the lock, npm's settings, and the platform whose native parts it chose. */
function wanted() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of ['package-lock.json', '.npmrc']) hash.update(readFileSync(inRoot(file)));
  return hash.digest('hex');
}

export async function installPackages() {
  const hash = wanted();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('installing npm packages');
  const [npm, first] = npmCommand();
  const code = await run(npm, [...first, 'ci', '--loglevel=error'], {}, { setUp: true });
  if (code !== 0) throw new Stop('npm ci failed.');
  writeFileSync(stamp, hash);
}
