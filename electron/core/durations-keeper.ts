import type { DurationSample, DurationsFile, Expected } from '../../shared/durations.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Step } from '../../shared/sequence.ts';
import { DurationBook } from './plan/durations.ts';
import type { DurationStore } from './ports.ts';

export interface DurationsDeps {
  store: DurationStore;
  /** Something else is expected than before. */
  changed(): void;
  report(error: unknown): void;
}

/** Remembers how long steps took. What cannot be read or kept stops nothing. */
export class DurationsKeeper {
  readonly #deps: DurationsDeps;
  #book = new DurationBook();
  #fresh: DurationSample[] = [];
  #isSaved = true;
  #saves: Promise<unknown> = Promise.resolve();

  constructor(deps: DurationsDeps) {
    this.#deps = deps;
  }

  /** In the background: the watch begins whatever becomes of it. */
  load(): void {
    // Nothing is saved before it: what was kept would be written over by what was learned meanwhile.
    this.#saves = this.#deps.store
      .load()
      .then((file) => {
        const book = new DurationBook();
        book.load(file);
        // What was learned in the meantime is added to what was known before.
        for (const sample of this.#fresh) book.add(sample);
        this.#book = book;
        this.#deps.changed();
      })
      .catch((error: unknown) => this.#deps.report(error));
  }

  expected(step: Step, host: Host | null): Expected {
    return this.#book.expected(step, host);
  }

  add(sample: DurationSample): void {
    this.#fresh.push(sample);
    this.#book.add(sample);
    this.#isSaved = false;
    this.#saves = this.#saves.then(() => this.#save()).catch((error: unknown) => this.#deps.report(error));
    this.#deps.changed();
  }

  /** Many that come at once are written once. */
  async #save(): Promise<void> {
    if (this.#isSaved) return;
    this.#isSaved = true;
    await this.#deps.store.save(this.#book.toFile());
  }

  /** Everything that is known. */
  file(): DurationsFile {
    return this.#book.toFile();
  }
}
