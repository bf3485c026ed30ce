import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from '../fakes/bundle.ts';

const root = join(import.meta.dirname, '../..');

/** Builds the command line and its HID worker as the application's build does; returns the file. */
export async function bundleCli(): Promise<string> {
  const input = { cli: 'electron/cli/main.ts', 'hid-worker': 'electron/ups/hid/worker.ts' };
  return join(await bundle('cli', input), 'cli.js');
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Milliseconds. */
  took: number;
}

export interface Running {
  /** Standard output as it grows: resolves with the first line that fits. */
  line(fits: (line: string) => boolean): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Reads no more of its standard output, as `head` does when it has its lines. */
  hangUp(): void;
  ended: Promise<Ended>;
}

interface Options {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

/** Starts the built command line as a user would. It sees no data folder but the one in `env`. */
export function startCli(file: string, args: readonly string[], { cwd = root, env = {} }: Options = {}): Running {
  const began = performance.now();
  const nowhere = { GLIDEPATH_DATA: join(root, 'node_modules', 'no-such-data-folder') };
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: { ...process.env, ...nowhere, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, took: performance.now() - began }));
  });
  return {
    ended,
    signal: (signal) => child.kill(signal),
    hangUp: () => child.stdout.destroy(),
    line: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = stdout.split('\n').slice(0, -1).find(fits);
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        ended.then(() => reject(new Error(`ended without such a line: ${stdout}${stderr}`)), reject);
        look();
      }),
  };
}

export const runCli = (file: string, args: readonly string[], options?: Options): Promise<Ended> =>
  startCli(file, args, options).ended;
