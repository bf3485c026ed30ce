/** Milliseconds. A report that is never answered is asked for less and less; each try may cost seconds. */
const firstRest = 10_000;
const longestRest = 300_000;
/** A low battery must not wait for minutes behind a controller that dozed. */
const urgentRest = 5000;
/** A few failures in a row are a controller that dozes, nothing more. @see https://github.com/networkupstools/nut/issues/2722 */
const patience = 3;

/** Which reports are not answered, and when to ask for them again. Times are milliseconds, monotonic. */
export class Stalls {
  /** Reports with flags that decide. */
  readonly #urgent: ReadonlySet<number>;
  readonly #failed = new Map<number, { times: number; until: number }>();

  constructor(urgent: ReadonlySet<number>) {
    this.#urgent = urgent;
  }

  mayAsk(id: number, now: number): boolean {
    return now >= (this.#failed.get(id)?.until ?? 0);
  }

  /** It was not answered when it was asked for last. */
  isFailing(id: number): boolean {
    return this.#failed.has(id);
  }

  failed(id: number, now: number): void {
    const times = (this.#failed.get(id)?.times ?? 0) + 1;
    const longest = this.#urgent.has(id) ? urgentRest : longestRest;
    const rest = times < patience ? 0 : Math.min(longest, firstRest * 2 ** (times - patience));
    this.#failed.set(id, { times, until: now + rest });
  }

  answered(id: number): void {
    this.#failed.delete(id);
  }
}
