import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules/.cache/glidepath');

/** Builds electron/ups/hid/worker.ts for plain Node, in a folder from which node-hid resolves; returns the file. */
export async function bundleWorker(): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'worker-'));
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      ssr: join(root, 'electron/ups/hid/worker.ts'),
      rolldownOptions: { external: ['node-hid'], output: { format: 'es', entryFileNames: 'hid-worker.mjs' } },
    },
    ssr: { noExternal: ['zod'] },
  });
  return join(outDir, 'hid-worker.mjs');
}
