/** Milliseconds. A report that is never answered is asked for less and less; each try may cost seconds. */
const firstRest = 10_000;
const longestRest = 300_000;
/** A few failures in a row are a controller that dozes, nothing more. @see https://github.com/networkupstools/nut/issues/2722 */
const patience = 3;

/** Which reports are not answered, and when to ask for them again. Times are milliseconds, monotonic. */
export class Stalls {
  #failed = new Map<number, { times: number; until: number }>();

  mayAsk(id: number, now: number): boolean {
    return now >= (this.#failed.get(id)?.until ?? 0);
  }

  failed(id: number, now: number): void {
    const times = (this.#failed.get(id)?.times ?? 0) + 1;
    const rest = times < patience ? 0 : Math.min(longestRest, firstRest * 2 ** (times - patience));
    this.#failed.set(id, { times, until: now + rest });
  }

  answered(id: number): void {
    this.#failed.delete(id);
  }
}
