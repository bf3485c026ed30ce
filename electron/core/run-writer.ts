import { toFault } from '../../shared/fault.ts';
import { applyRecord, applyRecords, type RunView, replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { inTime, journalPatience, LateError } from './in-time.ts';
import type { Clock, Journal } from './ports.ts';

/** As in the record's schema: a longer sentence would make a line that cannot be read again. */
const longest = 2000;

interface Entry {
  record: RunRecord;
  isSaved: boolean;
}

/** Keeps a run's view and its journal in step: records go to disk in the order in which they come, then into the view. */
export class RunWriter {
  #view: RunView;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #queue: Promise<void> = Promise.resolve();
  /** What is not in the view yet, oldest first. */
  readonly #unread: Entry[] = [];
  #isGivenUp = false;
  /** Why it could not be written, as it was told last: not for each of thousands of records. */
  #told = '';

  constructor(records: readonly RunRecord[], journal: Journal, clock: Clock, changed: () => void) {
    this.#view = replayRun(records);
    this.#journal = journal;
    this.#clock = clock;
    this.#changed = changed;
  }

  get view(): RunView {
    return this.#view;
  }

  /** Puts the record that the view was made from on disk. */
  writeFirst(begun: RunRecord): Promise<void> {
    return this.#append(begun);
  }

  /** Resolves when it and all before it are on disk. Those that come together go there, and into the view, together. */
  write(record: RunRecord): Promise<void> {
    const entry = { record: shortened(record), isSaved: false };
    this.#unread.push(entry);
    const saved = this.#append(entry.record).then(() => {
      entry.isSaved = true;
    });
    this.#queue = this.#queue.then(() => saved).then(() => this.#take(entry));
    return this.#queue;
  }

  /** Takes the entry into the view, and with it those behind it that are on disk as well. */
  #take(entry: Entry): void {
    // Taken together with one before it.
    if (!this.#unread.includes(entry)) return;
    const open = this.#unread.findIndex((each) => !each.isSaved);
    const ready = this.#unread.splice(0, open === -1 ? this.#unread.length : open);
    this.#view = applyRecords(
      this.#view,
      ready.map((each) => each.record),
    );
    this.#changed();
  }

  /** A journal that cannot be written must not leave the hosts running until the battery is empty: the run goes on. */
  async #append(record: RunRecord): Promise<void> {
    if (this.#isGivenUp) {
      // Nobody waits for it any more, but a disk that has only slept must know in the end how the run went.
      void this.#journal.append(record).catch(() => undefined);
      return;
    }
    try {
      await inTime(this.#clock, journalPatience, this.#journal.append(record));
      this.#told = '';
    } catch (error) {
      this.#isGivenUp ||= error instanceof LateError;
      const why = toFault(error, 'journal').what;
      if (why === this.#told) return;
      this.#told = why;
      const sentence = `The journal could not be written (${why}): the run goes on without it, and could not be resumed after a crash`;
      this.#view = applyRecord(this.#view, { type: 'note', at: record.at, sentence });
    }
  }
}

function shortened(record: RunRecord): RunRecord {
  const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
  if ('why' in record) return { ...record, why: cut(record.why) };
  if ('sentence' in record) return { ...record, sentence: cut(record.sentence) };
  if (record.type !== 'step-ended') return record;
  const fault = record.fault && { ...record.fault, what: cut(record.fault.what) };
  return { ...record, proof: cut(record.proof), fault };
}
