import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './checkout.ts';

const cache = join(root, 'node_modules/.cache/glidepath');

/** Builds the programs that run in the virtual machine, agent.mjs and reader.mjs; returns their folder. */
export async function bundleGuest(): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'usb-guest-'));
  const at = (name: string) => join(import.meta.dirname, 'guest', name);
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      ssr: true,
      rolldownOptions: {
        input: { agent: at('agent.ts'), reader: at('reader.ts') },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
    ssr: { noExternal: true },
  });
  return outDir;
}
