import type { Clock } from '../../../electron/core/ports.ts';

interface Timer {
  due: number;
  call: () => void;
  off: boolean;
}

/**
 * A clock for months. `run` goes through every timer; `hop` lets the hours pass in which nothing happens: only the
 * wall clock moves, and whoever counts in monotonic time does not notice.
 */
export class HopClock implements Clock {
  #wall = Date.UTC(2026, 0, 1);
  #mono = 0;
  /** Rising by `due`; there are never more than a dozen. */
  #timers: Timer[] = [];

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  after(ms: number, call: () => void): () => void {
    const timer: Timer = { due: this.#mono + Math.max(0, ms), call, off: false };
    let at = this.#timers.length;
    while (at > 0 && (this.#timers[at - 1] as Timer).due > timer.due) at -= 1;
    this.#timers.splice(at, 0, timer);
    return () => {
      timer.off = true;
    };
  }

  /** Milliseconds in which nothing happens. */
  hop(ms: number): void {
    this.#wall += ms;
  }

  /** This computer sleeps: time passes, no timer fires until it wakes. */
  sleep(ms: number): void {
    this.#wall += ms;
    this.#mono += ms;
  }

  /** Without promises: for as long as no run goes on. */
  run(ms: number): void {
    const end = this.#mono + ms;
    while (this.#fire(end)) {
      // The next one.
    }
    this.#move(end);
  }

  /** With every promise that can go on, after each timer. */
  async runSettled(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await settle();
    while (this.#fire(end)) await settle();
    this.#move(end);
    await settle();
  }

  #fire(end: number): boolean {
    const next = this.#timers[0];
    if (!next || next.due > end) return false;
    this.#timers.shift();
    if (next.off) return true;
    this.#move(next.due);
    next.call();
    return true;
  }

  #move(to: number): void {
    this.#wall += Math.max(0, to - this.#mono);
    this.#mono = Math.max(this.#mono, to);
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < 2; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
