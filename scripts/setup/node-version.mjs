import { readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { Stop } from './say.mjs';

/** npm only warns about `engines`; what follows would fail later with a worse message. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    throw new Stop(`Node ${wanted} or newer is needed; this is ${process.versions.node}.`);
  }
}
