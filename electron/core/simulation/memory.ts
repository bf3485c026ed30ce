import type { DurationsFile } from '../../../shared/durations.ts';
import { nothingLearned } from '../../../shared/learned.ts';
import type { RunRecord } from '../../../shared/run-record.ts';
import type { DurationStore, Journal, JournalStore, LearnedStore } from '../ports.ts';

/** Journals of a simulation. They are there as long as it is. */
export class MemoryJournals implements JournalStore {
  readonly #runs = new Map<string, RunRecord[]>();

  create(runId: string): Promise<Journal> {
    this.#runs.set(runId, []);
    return Promise.resolve(this.#journal(runId));
  }

  unfinished(): Promise<{ runId: string; records: RunRecord[]; journal: Journal } | null> {
    const last = [...this.#runs].find(([, records]) => records.at(-1)?.type !== 'ended');
    if (!last) return Promise.resolve(null);
    const [runId, records] = last;
    return Promise.resolve({ runId, records: [...records], journal: this.#journal(runId) });
  }

  latestEnded(): Promise<RunRecord[] | null> {
    const ended = [...this.#runs.values()].filter((records) => records.at(-1)?.type === 'ended');
    return Promise.resolve(ended.at(-1) ?? null);
  }

  #journal(runId: string): Journal {
    return {
      append: (record) => {
        this.#runs.get(runId)?.push(record);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }
}

/** Nothing was learned of the batteries: the word of the model is the truth here. */
export const noDischarges: LearnedStore = {
  load: () => Promise.resolve(nothingLearned),
  save: () => Promise.resolve(),
};

/** What the real one has learned is known here as well; what is played teaches nothing. */
export const knownDurations = (file: DurationsFile): DurationStore => ({
  load: () => Promise.resolve(file),
  save: () => Promise.resolve(),
});
