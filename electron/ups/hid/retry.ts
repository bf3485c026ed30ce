/** Milliseconds. Some units crash, and cut the load, when opened again too soon. @see NUT's usbhid-ups manual, "Ellipse Max 1500" */
const leastRest = 2000;
const firstWait = 3000;
const longestWait = 30_000;
/** A device that was open for less counts as not opened. */
const settledAfter = 10_000;
/** Between two openings that only hope to cure something. */
const firstCure = 300_000;
const longestCure = 3_600_000;

/** When each UPS may be opened again. Times are milliseconds, monotonic. */
export class Retry {
  #waits = new Map<string, { until: number; failures: number }>();
  #cures = new Map<string, { until: number; times: number }>();

  mayOpen(id: string, now: number): boolean {
    return now >= (this.#waits.get(id)?.until ?? 0);
  }

  /** It was open, and was lost. */
  lost(id: string, openedAt: number, now: number): void {
    if (now - openedAt < settledAfter) this.failed(id, now);
    else this.#waits.set(id, { until: now + leastRest, failures: 0 });
  }

  /** It could not be opened. */
  failed(id: string, now: number): void {
    const failures = (this.#waits.get(id)?.failures ?? 0) + 1;
    const wait = Math.max(leastRest, Math.min(longestWait, firstWait * 2 ** (failures - 2)));
    this.#waits.set(id, { until: now + wait, failures });
  }

  /** Whether a UPS that answers may be closed and opened again as a cure. True counts as done. */
  mayCure(id: string, now: number): boolean {
    const before = this.#cures.get(id) ?? { until: Number.NEGATIVE_INFINITY, times: 0 };
    if (now < before.until) return false;
    const wait = Math.min(longestCure, firstCure * 2 ** before.times);
    this.#cures.set(id, { until: now + wait, times: before.times + 1 });
    return true;
  }
}
