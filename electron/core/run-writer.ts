import { toFault } from '../../shared/fault.ts';
import { applyRecord, type RunView, replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Clock, Journal } from './ports.ts';

/** Ms after which a journal that neither writes nor fails (a dead disk, a lost network folder) is given up. */
const patience = 5000;
/** As in the record's schema: a longer sentence would make a line that cannot be read again. */
const longest = 2000;

/** Keeps a run's view and its journal in step: records go to disk one after the other, then into the view. */
export class RunWriter {
  #view: RunView;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #queue: Promise<void> = Promise.resolve();
  #isGivenUp = false;

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
    return this.#inTurn(() => this.#append(begun));
  }

  write(record: RunRecord): Promise<void> {
    const short = shortened(record);
    return this.#inTurn(async () => {
      await this.#append(short);
      this.#view = applyRecord(this.#view, short);
      this.#changed();
    });
  }

  /** What fails once must not keep all that follows from being written. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.#queue.then(work);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** A journal that cannot be written must not leave the hosts running until the battery is empty: the run goes on. */
  async #append(record: RunRecord): Promise<void> {
    if (this.#isGivenUp) return;
    let stop: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      stop = this.#clock.after(patience, () => {
        this.#isGivenUp = true;
        reject(new Error(`it has not answered for ${patience / 1000} s`));
      });
    });
    try {
      await Promise.race([this.#journal.append(record), late]);
    } catch (error) {
      const why = toFault(error, 'journal').what;
      const sentence = `The journal could not be written (${why}): the run goes on without it, and could not be resumed after a crash`;
      this.#view = applyRecord(this.#view, { type: 'note', at: record.at, sentence });
    } finally {
      stop();
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
