import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FaultError } from '../../shared/fault.ts';
import { idSchema } from '../../shared/id.ts';
import { type RunView, replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { summariseRun } from '../../shared/run-summary.ts';
import type { RunSummary } from '../../shared/view.ts';
import type { Journal, JournalStore } from '../core/ports.ts';
import { JournalFile } from './journal-file.ts';
import { type JournalText, readJournalText } from './journal-text.ts';
import type { Log } from './log.ts';
import { syncFolder, unwritable } from './write-atomic.ts';

/** The journals of all runs: runs/<runId>.jsonl. */
export class JournalFolder implements JournalStore {
  readonly #folder: string;
  readonly #log: Log;
  readonly #summaries = new Map<string, { size: number; summary: RunSummary | null }>();

  constructor(dataFolder: string, log: Log) {
    this.#folder = join(dataFolder, 'runs');
    this.#log = log;
  }

  /** @throws FaultError `file-unwritable`, also when there is such a run already */
  async create(runId: string): Promise<Journal> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const journal = await JournalFile.open(this.#path(runId), 'new');
      await syncFolder(this.#folder);
      return journal;
    } catch (error) {
      throw unwritable(this.#path(runId), error);
    }
  }

  /**
   * The newest run, if it has not ended, ready to be continued: a tail torn by a crash has been moved to
   * <runId>.jsonl.broken-tail. Journals that tell nothing, or that a newer Glidepath began, are left alone and logged. A
   * run older than one that has ended is over, whatever its journal says.
   */
  async unfinished(): Promise<{ runId: string; records: RunRecord[]; journal: Journal } | null> {
    const newest = await this.#newest(() => true);
    if (!newest || newest.text.records.some((record) => record.type === 'ended')) return null;
    const { runId, path, text, bytes } = newest;
    if (text.damagedLines > 0) this.#log.warn(`${path}: ${text.damagedLines} damaged lines were not read`);
    return { runId, records: text.records, journal: await this.#continue(path, text, bytes) };
  }

  async latestEnded(): Promise<RunRecord[] | null> {
    const isEnded = ({ records }: JournalText) => records.some((record) => record.type === 'ended');
    return (await this.#newest(isEnded))?.text.records ?? null;
  }

  /** What cannot be written is still to be resumed: its journal then rejects every record, and the run says so. */
  async #continue(path: string, text: JournalText, bytes: Buffer): Promise<Journal> {
    try {
      if (text.wholeBytes < bytes.length) {
        await moveTail(path, text.wholeBytes, bytes);
        this.#log.warn(`${path}: ${bytes.length - text.wholeBytes} bytes of a torn tail were moved away`);
      }
      return await JournalFile.open(path, 'append');
    } catch (error) {
      const fault = unwritable(path, error);
      this.#log.error(`${path}: ${fault.message}`);
      return { append: () => Promise.reject(fault), close: () => Promise.resolve() };
    }
  }

  async #newest(
    wanted: (text: JournalText) => boolean,
  ): Promise<{ runId: string; path: string; text: JournalText; bytes: Buffer } | null> {
    for (const runId of await this.#runIds()) {
      const path = this.#path(runId);
      const bytes = await readFile(path).catch((error: unknown) => {
        this.#log.warn(`${path}: ${String(error)}`);
        return null;
      });
      const text = bytes && this.#tryRead(path, bytes);
      if (bytes && text && wanted(text)) return { runId, path, text, bytes };
    }
    return null;
  }

  /** All runs that can be read, newest first. */
  async list(): Promise<RunSummary[]> {
    const summaries: RunSummary[] = [];
    for (const runId of await this.#runIds()) {
      const path = this.#path(runId);
      const { size } = await stat(path).catch(() => ({ size: -1 }));
      // A journal only grows, so one of the same size still tells the same.
      let known = this.#summaries.get(runId);
      if (known?.size !== size) {
        const bytes = await readFile(path).catch(() => null);
        const text = bytes && this.#tryRead(path, bytes);
        known = { size, summary: text && summariseRun(replayRun(text.records)) };
        this.#summaries.set(runId, known);
      }
      if (known.summary) summaries.push(known.summary);
    }
    return summaries;
  }

  /** @throws FaultError `reference-missing`, `file-broken`, `file-newer` */
  async read(runId: string): Promise<RunView> {
    const path = this.#path(runId);
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) {
      throw new FaultError({
        code: 'reference-missing',
        what: 'There is no journal of this run.',
        where: path,
        remedy: 'Choose another run.',
      });
    }
    return replayRun(readWhole(path, bytes).records);
  }

  #tryRead(path: string, bytes: Buffer): JournalText | null {
    try {
      return readWhole(path, bytes);
    } catch (error) {
      this.#log.warn(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #path(runId: string): string {
    return join(this.#folder, `${idSchema.parse(runId)}.jsonl`);
  }

  /** Newest first: the ids begin with the time. */
  async #runIds(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const ids = names.filter((name) => name.endsWith('.jsonl')).map((name) => basename(name, '.jsonl'));
    return ids
      .filter((id) => idSchema.safeParse(id).success)
      .sort()
      .reverse();
  }
}

/** @throws FaultError `file-broken` without a whole `begun` at the start: nothing was done in such a run. */
function readWhole(path: string, bytes: Buffer): JournalText {
  const text = readJournalText(path, bytes);
  if (text.records[0]?.type === 'begun') return text;
  throw new FaultError({
    code: 'file-broken',
    what: 'The journal has no whole beginning, so it tells nothing.',
    where: path,
    remedy: 'Nothing needs to be done. The file is kept as it is.',
  });
}

/** First kept elsewhere and on disk, then cut off: a crash in between keeps it twice, never not at all. */
async function moveTail(path: string, wholeBytes: number, bytes: Buffer): Promise<void> {
  try {
    const kept = await open(`${path}.broken-tail`, 'a', 0o600);
    await kept.appendFile(bytes.subarray(wholeBytes));
    await kept.sync();
    await kept.close();
    await syncFolder(join(path, '..'));
    const file = await open(path, 'r+');
    await file.truncate(wholeBytes);
    await file.sync();
    await file.close();
  } catch (error) {
    throw unwritable(path, error);
  }
}
