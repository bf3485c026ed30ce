import type { Journal, JournalStore } from '../../electron/core/ports.ts';
import type { RunRecord } from '../../shared/run-record.ts';

/** Journals in memory. `cutAfter`: the process "dies" once so many records are on disk: nothing more is written or done. */
export class MemoryJournals implements JournalStore {
  readonly runs = new Map<string, RunRecord[]>();
  cutAfter = Number.POSITIVE_INFINITY;
  written = 0;
  onCut: () => void = () => undefined;

  get records(): RunRecord[] {
    return [...this.runs.values()].flat();
  }

  create(runId: string): Promise<Journal> {
    this.runs.set(runId, []);
    return Promise.resolve(this.#journal(runId));
  }

  unfinished(): Promise<{ runId: string; records: RunRecord[]; journal: Journal } | null> {
    const last = [...this.runs].at(-1);
    if (!last || last[1].length === 0 || last[1].at(-1)?.type === 'ended') return Promise.resolve(null);
    return Promise.resolve({ runId: last[0], records: [...last[1]], journal: this.#journal(last[0]) });
  }

  latestEnded(): Promise<RunRecord[] | null> {
    return Promise.resolve(
      [...this.runs.values()].filter((records) => records.at(-1)?.type === 'ended').at(-1) ?? null,
    );
  }

  #journal(runId: string): Journal {
    return {
      append: (record) => {
        if (this.written >= this.cutAfter) return new Promise(() => undefined);
        this.written += 1;
        this.runs.get(runId)?.push(record);
        if (this.written === this.cutAfter) {
          this.onCut();
          return new Promise(() => undefined);
        }
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }
}
