import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { build } from 'vite';
import type { ScenarioName } from './scenarios.ts';

const root = resolve(import.meta.dirname, '../../..');
const out = resolve(root, 'out/window-harness');

/** Builds the window as the app does, and next to it the fake main process that shows it. */
export async function buildHarness(): Promise<void> {
  // Vitest says "test", under which react-aria leaves out what the CSP must allow: build what the users get.
  process.env.NODE_ENV = 'production';
  const shared = { configFile: false as const, logLevel: 'error' as const };
  await build({
    ...shared,
    root: resolve(root, 'renderer'),
    plugins: [react()],
    build: { outDir: resolve(out, 'renderer'), emptyOutDir: true },
  });
  const entry = (name: 'main' | 'preload', format: 'es' | 'cjs') =>
    build({
      ...shared,
      root,
      build: {
        outDir: out,
        emptyOutDir: false,
        ssr: resolve(import.meta.dirname, `${name}.ts`),
        target: 'node20',
        rolldownOptions: {
          external: ['electron'],
          output: { format, entryFileNames: `${name}.${format === 'es' ? 'js' : 'cjs'}` },
        },
      },
      ssr: { noExternal: true },
    });
  await entry('main', 'es');
  await entry('preload', 'cjs');
  await writeFile(
    resolve(out, 'package.json'),
    JSON.stringify({ name: 'window-harness', version: '0.0.0', type: 'module', main: 'main.js' }),
  );
}

/** Which Electron: the one that the caller names, else the fallback of machines that cannot download one. */
export function electronPath(): string {
  const named = process.env.GLIDEPATH_ELECTRON;
  const fallback = resolve(homedir(), '.cache/glidepath/electron-33.2.1/electron');
  const installed = resolve(root, 'node_modules/electron/dist/electron');
  const found = named ?? [installed, fallback].find(existsSync);
  if (!found) throw new Error('no Electron: set GLIDEPATH_ELECTRON to its executable');
  return found;
}

export interface Shown {
  app: ElectronApplication;
  page: Page;
  /** Everything that the page wrote to its console. */
  console: string[];
}

export async function show(scenario: ScenarioName, width = 1280): Promise<Shown> {
  const app = await _electron.launch({
    executablePath: electronPath(),
    // Chromium's sandbox cannot run as root, which containers do.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), out],
    env: { ...process.env, GLIDEPATH_SCENARIO: scenario, GLIDEPATH_WIDTH: String(width) } as Record<string, string>,
  });
  const lines: string[] = [];
  const page = await app.firstWindow();
  page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => lines.push(`error: ${error.message}`));
  // What was written before we listened is written again.
  await page.reload();
  await page.getByRole('tablist').waitFor();
  return { app, page, console: lines };
}
