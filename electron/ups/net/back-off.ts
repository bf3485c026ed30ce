/** Milliseconds. In an outage every second without eyes counts, so the longest wait is shorter. */
const first = 1000;
const longest = { calm: 30_000, hurried: 5000 };
/** A connection that lasted for longer was a good one: its end was an accident. */
const soundAfter = 10_000;

/** How long to wait before the next attempt: 1 s, and twice as long after each failure. Times are monotonic ms. */
export class BackOff {
  #failures = 0;

  /** @param lasted ms that the connection was of use; 0: it never was */
  next(lasted: number, hurried: boolean): number {
    if (lasted >= soundAfter) this.#failures = 0;
    this.#failures += 1;
    const limit = hurried ? longest.hurried : longest.calm;
    return Math.min(limit, first * 2 ** Math.min(10, this.#failures - 1));
  }
}
