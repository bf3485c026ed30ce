import type { SettingsView } from '../../shared/view.ts';
import type { Clock } from './ports.ts';

const minute = 60_000; // ms
const hour = 60 * minute;
const day = 24 * hour;

/** Ms from the begin of one that went to its end to the next. */
const periods: Record<SettingsView['rehearse'], number | null> = {
  never: null,
  daily: day,
  weekly: 7 * day,
  monthly: 30 * day,
};

/** Ms after the start in which none begins by itself: everything else has its turn first. */
const quietAfterStart = 10 * minute;
/** Ms between two attempts, when one was broken off. */
const againAfter = hour;
/** Ms for which a late one has had its chance, before it is told. */
const chance = hour;

/** When a rehearsal begins by itself. Times are ms since the epoch; what is counted from is not, as the clock may be set. */
export class RehearsalSchedule {
  readonly #clock: Clock;
  /** In monotonic ms. */
  readonly #startedAt: number;
  #triedAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** @param last when the newest that went to its end began; null: there is none, so that one is missing now */
  nextAt(every: SettingsView['rehearse'], last: number | null): number | null {
    const period = periods[every];
    if (period === null) return null;
    const now = this.#clock.now();
    const mono = this.#clock.monotonic();
    const wait = Math.max(0, this.#startedAt + quietAfterStart - mono, this.#triedAt + againAfter - mono);
    // A clock that was set back must not put it off for as long.
    const due = last === null || last > now + day ? 0 : last + period;
    return Math.max(due, now + wait);
  }

  tried(): void {
    this.#triedAt = this.#clock.monotonic();
  }

  /** Days for which none could be held, once in each period; null: nothing to say. */
  lateFor(every: SettingsView['rehearse'], last: number | null): number | null {
    const period = periods[every];
    const mono = this.#clock.monotonic();
    const sinceStart = mono - this.#startedAt;
    if (period === null || sinceStart < quietAfterStart + chance) return null;
    const late = last === null ? sinceStart : this.#clock.now() - last;
    if (late < 2 * period || mono - this.#toldAt < period) return null;
    this.#toldAt = mono;
    return Math.floor(late / day);
  }
}
