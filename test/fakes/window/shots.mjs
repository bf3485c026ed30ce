// node test/fakes/window/shots.mjs [scenario]: photographs of every view in out/window-shots. Needs a display (xvfb-run).
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const { module } = await runnerImport(resolve(import.meta.dirname, 'shots.ts'), {
  configFile: false,
  logLevel: 'warn',
});
await module.takeShots(process.argv[2]);
