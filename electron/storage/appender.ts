import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from './log.ts';

/** Lines that may wait for a disk that does not answer. What comes then is lost. */
const mostWaiting = 200;
/** Files of which it is remembered that they are whole. */
const mostWhole = 200;

/**
 * Adds lines to files of which nothing else depends: a disk that is full or gone costs these lines and nothing else. It
 * is said once in the log, and once more when it works again.
 */
export class Appender {
  readonly #log: Log;
  readonly #what: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #failing = false;
  /** Files whose last line is known to be whole. Of any other it may be half there, after a crash or a failure. */
  readonly #whole = new Set<string>();

  /** `what`: what is kept, for the log: "the history". */
  constructor(what: string, log: Log) {
    this.#what = what;
    this.#log = log;
  }

  append(path: string, value: unknown): void {
    if (this.#waiting >= mostWaiting) return;
    this.#waiting += 1;
    void this.take(() => this.#append(path, `${JSON.stringify(value)}\n`)).finally(() => {
      this.#waiting -= 1;
    });
  }

  /** Does something with the files between two lines. Never rejects: what goes wrong is told like a failed line. */
  take(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work).catch((error: unknown) => this.#tell(error));
    this.#last = next;
    return next;
  }

  /** Waits for what was asked for so far. */
  async settle(): Promise<void> {
    await this.#last;
  }

  async #append(path: string, line: string): Promise<void> {
    const isWhole = this.#whole.delete(path);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, isWhole ? line : `\n${line}`, { mode: 0o600 });
    if (this.#whole.size >= mostWhole) this.#whole.clear();
    this.#whole.add(path);
    if (!this.#failing) return;
    this.#failing = false;
    this.#log.info(`${this.#what} is written again`);
  }

  #tell(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#log.warn(`${this.#what} is not written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
