import type { UpsEvent } from '../../../electron/core/ports.ts';
import type { Reading } from '../../../shared/reading.ts';

interface Waiter {
  fits: (event: UpsEvent) => boolean;
  resolve: (event: UpsEvent) => void;
}

/** Everything that a UPS source told, and a way to wait for the next that fits. */
export class EventLog {
  readonly events: UpsEvent[] = [];
  /** Up to here `next` has looked: it never finds the same event twice. */
  #read = 0;
  #waiters: Waiter[] = [];

  add(event: UpsEvent): void {
    this.events.push(event);
    const waiting = this.#waiters.filter(({ fits }) => fits(event));
    if (waiting.length > 0) this.#read = this.events.length;
    this.#waiters = this.#waiters.filter((waiter) => !waiting.includes(waiter));
    for (const { resolve } of waiting) resolve(event);
  }

  /** The first event that fits after the last one that was waited for. */
  next(fits: (event: UpsEvent) => boolean, ms = 10_000): Promise<UpsEvent> {
    const at = this.events.findIndex((event, index) => index >= this.#read && fits(event));
    if (at >= 0) {
      this.#read = at + 1;
      return Promise.resolve(this.events[at] as UpsEvent);
    }
    return new Promise((resolve, reject) => {
      const last = () => JSON.stringify(this.events.slice(-4));
      const timer = setTimeout(() => reject(new Error(`no such event in ${ms} ms; the last: ${last()}`)), ms);
      this.#waiters.push({
        fits,
        resolve: (event) => {
          clearTimeout(timer);
          resolve(event);
        },
      });
    });
  }

  /** The first reading that fits, as `next`. */
  async reading(fits: (reading: Reading) => boolean, ms?: number): Promise<Extract<UpsEvent, { type: 'reading' }>> {
    const event = await this.next((candidate) => candidate.type === 'reading' && fits(candidate.reading), ms);
    return event as Extract<UpsEvent, { type: 'reading' }>;
  }
}
