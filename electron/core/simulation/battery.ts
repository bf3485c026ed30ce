/**
 * Twice the load lasts 0.42 times as long, the figure with which the trigger counts as well. As makers print it: of the
 * Smart-UPS 1400 (APC's user's manual for 420 to 1400 VA, "How to determine on-battery run time") 200 VA for 99 min,
 * 400 VA for 42, 800 VA for 16; of the 1000 one 47, 19 and 7.7. A lighter load is promised nothing extra.
 */
const peukert = 1.25;
/** Percent of the nominal power: a load below this counts as this, since the UPS itself needs its share. */
const leastLoad = 10;
/** Seconds from empty to full. Makers print 2 to 6 h. */
const fullCharge = 4 * 3600;

/** Seconds of a battery that is empty now: how long it lasts when it is full is not known. */
const unknownFull = 3600;

/** A battery by what is known of it now: its charge, the seconds left, and the load (percent) at which it is so. */
export class ModelBattery {
  /** Seconds at that load: all that it takes, and what is left. */
  readonly #full: number;
  #left: number;
  readonly #load: number;

  /** @param now its charge is a share, 0 to 1 */
  constructor(now: { charge: number; seconds: number; load: number }) {
    this.#full = now.charge > 0 ? Math.max(1, now.seconds / now.charge) : unknownFull;
    this.#left = now.charge > 0 ? now.seconds : 0;
    this.#load = now.load;
  }

  /** 0 to 1. */
  get charge(): number {
    return this.#left / this.#full;
  }

  /** Seconds that it lasts at a load in percent of the nominal power. */
  secondsLeft(load: number): number {
    return this.#left / this.#pace(load);
  }

  drain(seconds: number, load: number): void {
    const left = this.#left - seconds * this.#pace(load);
    // Less than a millisecond is an error of rounding.
    this.#left = left < 0.001 ? 0 : left;
  }

  fill(seconds: number): void {
    this.#left = Math.min(this.#full, this.#left + (this.#full * seconds) / fullCharge);
  }

  /** Seconds at the load of then that go by in one at this load. */
  #pace(load: number): number {
    const ratio = Math.max(load, leastLoad) / Math.max(this.#load, leastLoad);
    return ratio > 1 ? ratio ** peukert : ratio;
  }
}
