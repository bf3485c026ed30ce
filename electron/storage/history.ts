import { createHash } from 'node:crypto';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type HistoryPoint, historyPointSchema, mostPoints } from '../../shared/history.ts';
import { Appender } from './appender.ts';
import { HistoryBuckets } from './history-buckets.ts';
import { readJsonLines } from './json-lines.ts';
import type { Log } from './log.ts';
import { writeFileAtomic } from './write-atomic.ts';

const day = 86_400_000; // ms
/** Days for which every point is kept; then one for each stretch of `thinWidth` is. */
const wholeDays = 30;
const thinWidth = 15 * 60_000; // ms
/** Days after which nothing is kept. */
const keptDays = 400;
/** Bytes that are read of one day: more than four times what a whole day on battery gives. */
const mostBytes = 16 * 1024 * 1024;

const dayName = /^(\d{4}-\d{2}-\d{2})(\.thin)?\.jsonl$/;

/** One file of a day. `start`: ms since the epoch, UTC. */
interface DayFile {
  path: string;
  name: string;
  start: number;
  isThin: boolean;
}

/**
 * What the UPSes told over the last months: history/<hash of the UPS's id>/<day>.jsonl, a point a line; days that were
 * thinned end in .thin.jsonl. Not synced to disk: losing its last minute in a power cut is no harm.
 */
export class HistoryFolder {
  readonly #folder: string;
  readonly #log: Log;
  readonly #files: Appender;

  constructor(dataFolder: string, log: Log) {
    this.#folder = join(dataFolder, 'history');
    this.#log = log;
    this.#files = new Appender('the history', log);
  }

  /** Never fails: a disk that is full ends the history and nothing else. */
  add(upsId: string, point: HistoryPoint): void {
    this.#files.append(join(this.#folderOf(upsId), `${dayOf(point.at)}.jsonl`), point);
  }

  /**
   * From `from` until before `to`, ms since the epoch, oldest first, in stretches of equal length, 800 at most. What
   * cannot be read is left out and logged.
   */
  async read(upsId: string, from: number, to: number): Promise<HistoryPoint[]> {
    if (!(to > from)) return [];
    await this.#files.settle();
    const buckets = new HistoryBuckets(from, Math.ceil((to - from) / mostPoints));
    for (const file of await this.#days(this.#folderOf(upsId))) {
      if (file.start + day <= from || file.start >= to) continue;
      for (const point of await this.#read(file.path)) {
        if (point.at >= from && point.at < to) buckets.add(point);
      }
    }
    return buckets.points;
  }

  /** Thins what is older than 30 days and deletes what is older than 400. Waits its turn; never fails. */
  async tidy(now: number): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      await this.#files.take(() => this.#tidyUps(join(this.#folder, name), now));
    }
  }

  /** Waits until what was added is written. */
  settle(): Promise<void> {
    return this.#files.settle();
  }

  async #tidyUps(folder: string, now: number): Promise<void> {
    const files = await this.#days(folder);
    const keep = files.filter((file) => file.start >= now - keptDays * day);
    for (const file of files) if (!keep.includes(file)) await rm(file.path, { force: true });
    for (const file of keep) {
      if (!file.isThin && file.start + day <= now - wholeDays * day) await this.#thin(folder, file);
    }
    if (keep.length === 0) await rmdir(folder).catch(() => undefined);
  }

  /** A crash in between leaves points twice, which a reader does not see. */
  async #thin(folder: string, { path, name, start }: DayFile): Promise<void> {
    const thin = join(folder, name.replace('.jsonl', '.thin.jsonl'));
    const buckets = new HistoryBuckets(start, thinWidth);
    for (const point of [...(await this.#read(thin)), ...(await this.#read(path))]) buckets.add(point);
    await writeFileAtomic(thin, buckets.points.map((point) => `${JSON.stringify(point)}\n`).join(''));
    await rm(path, { force: true });
  }

  async #read(path: string): Promise<HistoryPoint[]> {
    try {
      const { values, damaged } = await readJsonLines(path, historyPointSchema, mostBytes);
      if (damaged > 0) this.#log.warn(`${path}: ${damaged} damaged lines were not read`);
      return values;
    } catch (error) {
      this.#log.warn(`${path}: ${String(error)}`);
      return [];
    }
  }

  async #days(folder: string): Promise<DayFile[]> {
    const files = (await namesIn(folder)).flatMap((name): DayFile[] => {
      const found = dayName.exec(name);
      const start = Date.parse(`${found?.[1]}T00:00:00Z`);
      if (!found || Number.isNaN(start)) return [];
      return [{ path: join(folder, name), name, start, isThin: found[2] !== undefined }];
    });
    return files.sort((a, b) => a.start - b.start);
  }

  /** An id may hold anything, a file name may not. */
  #folderOf(upsId: string): string {
    return join(this.#folder, createHash('sha256').update(upsId).digest('hex').slice(0, 32));
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
