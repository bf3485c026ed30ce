import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toFault } from '../../shared/fault.ts';
import { type Rehearsal, rehearsalSchema } from '../../shared/rehearsal.ts';
import type { RehearsalStore } from '../core/ports.ts';
import { JsonFile } from './json-file.ts';
import type { Log } from './log.ts';

/** So many reports are kept, the newest. */
const mostKept = 50;

/** Their ids sort by time. */
const fileName = /^rehearsal-\d{17}\.json$/;

/** The reports of rehearsals, one file each: rehearsals/<id>.json. */
export class RehearsalFolder implements RehearsalStore {
  readonly #folder: string;
  readonly #log: Pick<Log, 'warn'>;

  constructor(dataFolder: string, log: Pick<Log, 'warn'>) {
    this.#folder = join(dataFolder, 'rehearsals');
    this.#log = log;
  }

  /**
   * Deletes the oldest beyond 50.
   * @throws FaultError `file-unwritable`
   */
  async save(rehearsal: Rehearsal): Promise<void> {
    await this.#file(`${rehearsal.id}.json`).update(() => rehearsal);
    for (const name of (await this.#names()).slice(mostKept)) await rm(join(this.#folder, name), { force: true });
  }

  async list(): Promise<Rehearsal[]> {
    const found: Rehearsal[] = [];
    for (const name of (await this.#names()).slice(0, mostKept)) {
      try {
        const rehearsal = await this.#file(name).read();
        if (rehearsal) found.push(rehearsal);
      } catch (error) {
        const { where, what } = toFault(error, name);
        this.#log.warn(`A report of a rehearsal is not shown. ${where}: ${what}`);
      }
    }
    return found;
  }

  #file(name: string): JsonFile<Rehearsal> {
    return new JsonFile(join(this.#folder, name), { schema: rehearsalSchema, migrations: [] });
  }

  /** Newest first. */
  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter((name) => fileName.test(name))
      .sort()
      .reverse();
  }
}
