import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Fresh } from '../../../electron/core/ports.ts';
import { workerMessageSchema } from '../../../electron/ups/hid/messages.ts';
import type { Reading } from '../../../shared/reading.ts';

export const electron = process.env.GLIDEPATH_ELECTRON ?? '';
const spy = join(import.meta.dirname, '..', 'spy.cjs');

/** `at`: CLOCK_MONOTONIC, milliseconds. */
export type Seen =
  | { at: number; what: 'reading'; reading: Reading; fresh: Fresh }
  | { at: number; what: 'tooltip'; text: string }
  | { at: number; what: 'icon' };

const lineSchema = z.discriminatedUnion('from', [
  z.object({ at: z.string(), from: z.literal('worker'), message: z.unknown() }),
  z.object({ at: z.string(), from: z.literal('setToolTip'), text: z.string() }),
  z.object({ at: z.string(), from: z.literal('setImage') }),
]);

/** Milliseconds on the clock of the spied times. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** How to start one application, with a folder that it keeps from start to start. */
export interface Startable {
  folder: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

function spawnApp({ folder, args, env }: Startable, more: { spied: boolean }): ChildProcess {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return spawn(electron, [...sandbox, `--user-data-dir=${folder}`, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', more.spied ? 'pipe' : 'ignore'],
    env: { ...process.env, ...env, ...(more.spied ? { NODE_OPTIONS: `--require=${spy}` } : {}) },
  });
}

/** An application as any user starts it. */
export class PlainApp {
  readonly #child: ChildProcess;

  constructor(how: Startable) {
    this.#child = spawnApp(how, { spied: false });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

/** An application whose main process tells what reaches it and what it gives to its tray. */
export class SpiedApp {
  /** When its process was asked for. */
  readonly begunAt = now();
  readonly #child: ChildProcess;
  #listener: (seen: Seen) => void = () => undefined;

  constructor(how: Startable) {
    this.#child = spawnApp(how, { spied: true });
    const lines = createInterface({ input: this.#child.stdio[3] as Readable });
    lines.on('line', (line) => this.#take(line));
  }

  /** Gives what `look` makes of the things to come, the first that is not null. */
  next<T>(what: string, look: (seen: Seen) => T | null, ms = 30_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
      this.#listener = (seen) => {
        const found = look(seen);
        if (found === null) return;
        clearTimeout(timer);
        this.#listener = () => undefined;
        resolve(found);
      };
    });
  }

  close(): Promise<void> {
    return end(this.#child);
  }

  #take(line: string): void {
    const told = lineSchema.parse(JSON.parse(line));
    const at = Number(told.at) / 1e6;
    if (told.from === 'setToolTip') this.#listener({ at, what: 'tooltip', text: told.text });
    else if (told.from === 'setImage') this.#listener({ at, what: 'icon' });
    else {
      const message = workerMessageSchema.parse(told.message);
      if (message.type === 'reading')
        this.#listener({ at, what: 'reading', reading: message.reading, fresh: message.fresh });
    }
  }
}

/** Asked to, an Electron quits in order, and leaves no lock behind for the next start. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(patience);
}
