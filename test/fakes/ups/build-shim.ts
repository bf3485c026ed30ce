import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'hidraw_shim.c');
const cache = join(import.meta.dirname, '../../../node_modules/.cache/glidepath');

/**
 * Compiles hidraw_shim.c, once for each state of its text, and returns the library's path. Needs gcc and libc6-dev.
 * Several test files may do so at once: each writes its own file and renames it.
 */
export function buildShim(): string {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const library = join(cache, `hidraw_shim-${hash}.so`);
  if (!existsSync(library)) {
    mkdirSync(cache, { recursive: true });
    const fresh = join(cache, `${process.pid}-${Date.now()}.so`);
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-o', fresh, source, '-ldl'], {
      stdio: 'inherit',
    });
    renameSync(fresh, library);
  }
  return library;
}
