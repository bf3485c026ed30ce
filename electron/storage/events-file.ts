import { join } from 'node:path';
import { type PowerEvent, powerEventSchema } from '../../shared/history.ts';
import { Appender } from './appender.ts';
import { readJsonLines } from './json-lines.ts';
import type { Log } from './log.ts';
import { writeFileAtomic } from './write-atomic.ts';

/** Events that are kept, and how many more there may be before the oldest are dropped. */
const kept = 5000;
const spare = 500;
/** Bytes that are read: more than so many events of the longest sentences need. */
const mostBytes = 16 * 1024 * 1024;

/** What happened to the UPSes: events.jsonl, an event a line, the newest 5,000. */
export class EventsFile {
  readonly #path: string;
  readonly #log: Log;
  readonly #file: Appender;
  #count = 0;

  constructor(dataFolder: string, log: Log) {
    this.#path = join(dataFolder, 'events.jsonl');
    this.#log = log;
    this.#file = new Appender('the list of events', log);
  }

  /** All that is kept, oldest first. What cannot be read is left out and logged. */
  async read(): Promise<PowerEvent[]> {
    await this.#file.settle();
    const events = await this.#read();
    this.#count = events.length;
    return events;
  }

  /** Never fails: a disk that is full costs the event and nothing else. */
  add(event: PowerEvent): void {
    this.#file.append(this.#path, event);
    this.#count += 1;
    if (this.#count < kept + spare) return;
    this.#count = kept;
    void this.#file.take(async () => {
      const lines = (await this.#read()).slice(-kept).map((each) => `${JSON.stringify(each)}\n`);
      await writeFileAtomic(this.#path, lines.join(''));
    });
  }

  settle(): Promise<void> {
    return this.#file.settle();
  }

  async #read(): Promise<PowerEvent[]> {
    try {
      const { values, damaged } = await readJsonLines(this.#path, powerEventSchema, mostBytes);
      if (damaged > 0) this.#log.warn(`${this.#path}: ${damaged} damaged lines were not read`);
      return values;
    } catch (error) {
      this.#log.warn(`${this.#path}: ${String(error)}`);
      return [];
    }
  }
}
