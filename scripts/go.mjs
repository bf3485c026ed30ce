#!/usr/bin/env node
// The one door to every task: `node scripts/go.mjs <verb>`, which package.json's scripts call.
// Nothing here, nor in what it imports at the top, needs node_modules: it runs on a fresh checkout.

import { checkNode } from './setup/node-version.mjs';
import { installPackages } from './setup/packages.mjs';
import { Stop, say } from './setup/say.mjs';

const verbs = {
  start: () => import('./verbs/start.mjs'),
  demo: () => import('./verbs/demo.mjs'),
  test: () => import('./verbs/test.mjs'),
  e2e: () => import('./verbs/e2e.mjs'),
  'test:usb': () => import('./verbs/test-usb.mjs'),
  bench: () => import('./verbs/bench.mjs'),
  build: () => import('./verbs/build.mjs'),
  check: () => import('./verbs/check.mjs'),
  dist: () => import('./verbs/dist.mjs'),
  glidepath: () => import('./verbs/glidepath.mjs'),
};

const [verb, ...rest] = process.argv.slice(2);

try {
  const load = Object.hasOwn(verbs, verb ?? '') ? verbs[verb] : undefined;
  if (!load) throw new Stop(`usage: node scripts/go.mjs ${Object.keys(verbs).join('|')}`);
  checkNode();
  await installPackages();
  const { default: perform } = await load();
  process.exitCode = await perform(rest);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = 1;
}
