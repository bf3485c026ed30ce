import { Heap } from '../plan/heap.ts';
import type { Clock } from '../ports.ts';

interface Timer {
  due: number;
  order: number;
  call: () => void;
  isOff: boolean;
}

/**
 * A clock that jumps from timer to timer. It begins at 0, and its wall clock and its monotonic one are the same. `settle`
 * lets everything go on that waits for no timer.
 */
export class VirtualClock implements Clock {
  readonly #settle: () => Promise<void>;
  /** Cancelled ones stay until their time has come. Of two that are due at once the one that was set first is first. */
  readonly #timers = new Heap<Timer>((a, b) => a.due - b.due || a.order - b.order);
  #now = 0;
  #order = 0;
  /** Timers that have been called. */
  called = 0;

  constructor(settle: () => Promise<void>) {
    this.#settle = settle;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer: Timer = { due: this.#now + Math.max(0, ms), order: this.#order++, call, isOff: false };
    this.#timers.push(timer);
    return () => {
      timer.isOff = true;
    };
  }

  /**
   * Goes to the next timer, calls it and lets everything settle. False: none is due up to `end` (ms), and the clock
   * stands at `end`.
   * @throws whatever `settle` or the timer throws
   */
  async step(end: number): Promise<boolean> {
    const timer = this.#next(end);
    if (!timer) {
      this.#now = Math.max(this.#now, end);
      return false;
    }
    this.#now = timer.due;
    this.called += 1;
    timer.call();
    await this.#settle();
    return true;
  }

  /** Goes on up to `end` (ms). */
  async advanceTo(end: number): Promise<void> {
    let goesOn = true;
    while (goesOn) goesOn = await this.step(end);
  }

  #next(end: number): Timer | null {
    for (let first = this.#timers.peek(); first && (first.isOff || first.due <= end); first = this.#timers.peek()) {
      this.#timers.pop();
      if (!first.isOff) return first;
    }
    return null;
  }
}
