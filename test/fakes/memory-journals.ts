import type { Journal, JournalStore } from '../../electron/core/ports.ts';
import type { RunRecord } from '../../shared/run-record.ts';

/** Journals in memory. `cutAfter`: the process "dies" once so many records are on disk, and nothing more is written. */
export class MemoryJournals implements JournalStore {
  readonly runs = new Map<string, RunRecord[]>();
  cutAfter = Number.POSITIVE_INFINITY;
  /** `write`: right after that record. `next`: when the next one would be written, so what lies between has happened. */
  diesAt: 'write' | 'next' = 'write';
  written = 0;
  onCut: () => void = () => undefined;
  #dead = false;

  revive(): void {
    this.cutAfter = Number.POSITIVE_INFINITY;
    this.#dead = false;
  }

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

  #die(): Promise<never> {
    if (!this.#dead) this.onCut();
    this.#dead = true;
    return new Promise(() => undefined);
  }

  #journal(runId: string): Journal {
    return {
      append: (record) => {
        if (this.#dead || this.written >= this.cutAfter) return this.#die();
        this.written += 1;
        this.runs.get(runId)?.push(record);
        return this.diesAt === 'write' && this.written === this.cutAfter ? this.#die() : Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
  }
}
