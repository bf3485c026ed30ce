import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forbiddenImports } from './architecture/imports.ts';
import { impureUses } from './architecture/purity.ts';
import { layers, longestFile } from './architecture/rules.ts';

const root = join(import.meta.dirname, '..', '..');

const sources = ['electron', 'renderer', 'shared', 'scripts', 'test']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|cjs|js|css|c)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(root, path).split(sep).join('/'), source: readFileSync(path, 'utf8') }));

const code = sources.filter(({ path }) => /\.tsx?$/.test(path));

describe('architecture', () => {
  it('reads the sources', () => {
    expect(code.map(({ path }) => path)).toContain('test/unit/architecture.test.ts');
  });

  it('imports only along the layers', () => {
    expect(code.flatMap(({ path, source }) => forbiddenImports(path, source, layers))).toEqual([]);
  });

  it('keeps the clock, chance and the machine out of the core', () => {
    expect(code.flatMap(({ path, source }) => impureUses(path, source, layers))).toEqual([]);
  });

  it(`has no file of more than ${longestFile} lines`, () => {
    const long = sources.filter(({ source }) => source.trimEnd().split('\n').length > longestFile);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

describe('the checker itself', () => {
  it.each([
    ['electron/core/a.ts', "import { app } from 'electron';"],
    ['electron/core/a.ts', "import { readFileSync } from 'node:fs';"],
    ['electron/core/a.ts', "export { x } from '../ups/x.ts';"],
    ['electron/core/a.ts', "const x = await import('../ups/x.ts');"],
    ['electron/core/a.ts', "import type { X } from '../app/x.ts';"],
    ['electron/targets/a.ts', "import { plan } from '../core/planner.ts';"],
    ['electron/storage/a.ts', "import '../../electron/app/window.ts';"],
    ['electron/notify/a.ts', "import { JsonFile } from '../storage/json-file.ts';"],
    ['electron/preload.ts', "import { schema } from '../shared/ipc.ts';"],
    ['shared/a.ts', "import { join } from 'node:path';"],
    ['renderer/a.tsx', "import { ipcRenderer } from 'electron';"],
    ['renderer/a.tsx', "import { x } from 'react-domino';"],
  ])('refuses in %s: %s', (path, source) => {
    expect(forbiddenImports(path, source, layers)).toHaveLength(1);
  });

  it.each([
    ['electron/core/a.ts', "import { x } from '../../shared/id.ts';"],
    ['electron/ups/hid/a.ts', "import type { Clock } from '../../core/ports.ts';"],
    ['electron/preload.ts', "import type { Request } from '../shared/ipc.ts';"],
    ['renderer/a.tsx', "import { createRoot } from 'react-dom/client';"],
    ['electron/app/a.ts', "// import x from 'ssh2'\nimport { plan } from '../core/planner.ts';"],
  ])('allows in %s: %s', (path, source) => {
    expect(forbiddenImports(path, source, layers)).toEqual([]);
  });

  it.each([
    'setTimeout(f, 1);',
    'const t = Date.now();',
    'const t = new Date();',
    'const t = Date();',
    'const t = performance.now();',
    'const t = Math.random();',
    'const o = { fetch };',
  ])('finds what is not pure: %s', (source) => {
    expect(impureUses('electron/core/a.ts', source, layers)).toHaveLength(1);
    expect(impureUses('electron/targets/a.ts', source, layers)).toEqual([]);
  });

  it.each(['const d = new Date(0);', 'clock.setTimeout(f, 1);', 'const o = { process: 1 };', '// Date.now()'])(
    'does not mistake: %s',
    (source) => {
      expect(impureUses('electron/core/a.ts', source, layers)).toEqual([]);
    },
  );
});
