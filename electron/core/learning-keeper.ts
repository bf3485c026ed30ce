import { type Discharge, type LearnedFile, nothingLearned } from '../../shared/learned.ts';
import { dischargeOf, dischargesOf, remember } from './learning.ts';
import type { Moment, Monitored } from './monitor.ts';
import type { LearnedStore } from './ports.ts';

/** Ms between two words about a discharge that goes on: this computer may not live to see its end. */
const saveEvery = 60_000;

/** Remembers what each UPS did on its battery. What cannot be read or kept stops nothing. */
export class LearningKeeper {
  readonly #store: LearnedStore;
  readonly #report: (error: unknown) => void;
  #file: LearnedFile = nothingLearned;
  #saves: Promise<unknown> = Promise.resolve();
  /** When something of each UPS was last saved. */
  readonly #savedMono = new Map<string, number>();

  constructor(store: LearnedStore, report: (error: unknown) => void) {
    this.#store = store;
    this.#report = report;
  }

  /** In the background: the watch begins whatever becomes of it. `known` is told what is kept of each UPS. */
  load(known: (upsId: string, discharges: readonly Discharge[]) => void): void {
    this.#store
      .load()
      .then((file) => {
        // What was learned in the meantime is added to what was known before.
        const fresh = this.#file.upses.flatMap(({ upsId, discharges }) => discharges.map((each) => ({ upsId, each })));
        this.#file = fresh.reduce((kept, { upsId, each }) => remember(kept, upsId, each), file);
        for (const { upsId, discharges } of this.#file.upses) known(upsId, discharges);
      })
      .catch((error: unknown) => this.#report(error));
  }

  of(upsId: string): readonly Discharge[] {
    return dischargesOf(this.#file, upsId);
  }

  /** True: something has been learned. */
  take(one: Monitored, at: Moment): boolean {
    const saved = this.#savedMono.get(one.ups.id);
    if (one.drain !== null && saved !== undefined && at.mono - saved < saveEvery) return false;
    const discharge = one.drain ? dischargeOf(one.drain) : one.drained;
    if (!discharge) return false;
    const before = this.of(one.ups.id).find((each) => each.at === discharge.at);
    if (before?.seconds === discharge.seconds) return false;
    this.#file = remember(this.#file, one.ups.id, discharge);
    this.#savedMono.set(one.ups.id, at.mono);
    const file = this.#file;
    this.#saves = this.#saves.then(() => this.#store.save(file)).catch((error: unknown) => this.#report(error));
    return true;
  }
}
