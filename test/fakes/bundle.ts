import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/glidepath');

interface Options {
  /** Of the files that are made. */
  extension?: 'js' | 'mjs';
  /** Every package goes in, for a place where there are none; else all but node-hid. */
  withPackages?: boolean;
}

/**
 * Builds programs for plain Node in a folder of their own, from which node-hid resolves; returns the folder.
 * @param input the file of each, by the name that it gets
 */
export async function bundle(
  name: string,
  input: Readonly<Record<string, string>>,
  { extension = 'js', withPackages = false }: Options = {},
): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, `${name}-`));
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
        input: Object.fromEntries(Object.entries(input).map(([each, file]) => [each, join(root, file)])),
        ...(withPackages ? {} : { external: ['node-hid'] }),
        output: {
          format: 'es',
          entryFileNames: `[name].${extension}`,
          chunkFileNames: `[name]-[hash].${extension}`,
        },
      },
    },
    ssr: { noExternal: withPackages ? true : ['zod'] },
  });
  // Under node_modules the package's own `type` does not reach.
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}\n');
  return outDir;
}
