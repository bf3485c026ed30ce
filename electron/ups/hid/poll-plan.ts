/** Milliseconds. */
const pace = { onBattery: 1000, onMains: 2000 };
/** However slow the device: between two status polls there is time for one other report. */
const leastGap = 100;

/** What to do next: read the status reports, read this other report, or nothing for so long. */
export type PollStep = { do: 'status' } | { do: 'report'; id: number } | { do: 'wait'; ms: number };

interface Reports {
  /** Those with the flags that decide. */
  status: ReadonlySet<number>;
  /** Those, besides the status, that a reading holds. */
  useful: ReadonlySet<number>;
  /** Every one there is. */
  all: readonly number[];
}

/**
 * When which feature report of one device is due. The status goes first, always; the rest fills the gaps, since a whole
 * round of it may take seconds. Times are milliseconds, monotonic.
 */
export class PollPlan {
  readonly #useful: readonly number[];
  readonly #hasStatus: boolean;
  readonly #restEvery: number;
  #queue: number[];
  #statusDue: number;
  #restDue: number;

  /** `restEvery`: milliseconds between two rounds of the useful ones. */
  constructor({ status, useful, all }: Reports, restEvery: number, now: number) {
    const other = (ids: Iterable<number>) => [...ids].filter((id) => !status.has(id));
    this.#useful = other(useful);
    this.#hasStatus = status.size > 0;
    this.#restEvery = restEvery;
    this.#statusDue = this.#hasStatus ? now : Number.POSITIVE_INFINITY;
    this.#restDue = now + restEvery;
    // Once all, for nominal values; after that only what a reading holds: each transfer is a burden to the device.
    this.#queue = [...new Set([...this.#useful, ...other(all)])];
  }

  next(now: number): PollStep {
    if (now >= this.#statusDue) {
      // A change that comes by interrupt while the status is read brings it forward again.
      this.#statusDue = Number.POSITIVE_INFINITY;
      return { do: 'status' };
    }
    if (now >= this.#restDue) {
      this.#queue = [...this.#useful];
      this.#restDue = now + this.#restEvery;
    }
    const id = this.#queue.shift();
    if (id === undefined) return { do: 'wait', ms: Math.min(this.#statusDue, this.#restDue) - now };
    // A round of the useful ones ends with a look at the status, so that its news is told at once.
    if (id === this.#useful.at(-1)) this.soon(now);
    return { do: 'report', id };
  }

  /** The status poll that began at `started` has ended. */
  statusRead(started: number, now: number, onBattery: boolean): void {
    const every = onBattery ? pace.onBattery : pace.onMains;
    this.#statusDue = Math.min(this.#statusDue, Math.max(started + every, now + leastGap));
  }

  /** The status is due now. */
  soon(now: number): void {
    if (this.#hasStatus) this.#statusDue = now;
  }

  /** All that a reading holds is due now: something was told to the device. */
  afresh(now: number): void {
    this.#restDue = now;
  }
}
