import type { z } from 'zod';
import { Appender } from './appender.ts';
import { readJsonLines } from './json-lines.ts';
import type { Log } from './log.ts';
import { writeFileAtomic } from './write-atomic.ts';

/** Lines that are kept, and how many more there may be before the oldest are dropped. */
const kept = 5000;
const spare = 500;
/** Bytes that are read: more than so many lines with the longest sentences need. */
const mostBytes = 16 * 1024 * 1024;

export interface LinesFormat<T> {
  path: string;
  schema: z.ZodType<T>;
  /** What is kept, for the log: "the list of events". */
  what: string;
}

/** A file of JSON lines to which nothing is owed: written in the background, the newest 5,000 are kept. */
export class NewestLines<T> {
  readonly #format: LinesFormat<T>;
  readonly #log: Log;
  readonly #file: Appender;
  #count = 0;

  constructor(format: LinesFormat<T>, log: Log) {
    this.#format = format;
    this.#log = log;
    this.#file = new Appender(format.what, log);
  }

  /** All that is kept, oldest first. What cannot be read is left out and logged. */
  async read(): Promise<T[]> {
    await this.#file.settle();
    const values = await this.#read();
    this.#count = values.length;
    return values;
  }

  /** Never fails: a disk that is full costs the line and nothing else. */
  add(value: T): void {
    const { path } = this.#format;
    this.#file.append(path, value);
    this.#count += 1;
    if (this.#count < kept + spare) return;
    this.#count = kept;
    void this.#file.take(async () => {
      const lines = (await this.#read()).slice(-kept).map((each) => `${JSON.stringify(each)}\n`);
      await writeFileAtomic(path, lines.join(''));
    });
  }

  settle(): Promise<void> {
    return this.#file.settle();
  }

  async #read(): Promise<T[]> {
    const { path, schema } = this.#format;
    try {
      const { values, damaged } = await readJsonLines(path, schema, mostBytes);
      if (damaged > 0) this.#log.warn(`${path}: ${damaged} damaged lines were not read`);
      return values;
    } catch (error) {
      this.#log.warn(`${path}: ${String(error)}`);
      return [];
    }
  }
}
