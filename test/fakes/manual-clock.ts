import type { Clock } from '../../electron/core/ports.ts';

interface Timer {
  due: number;
  order: number;
  call: () => void;
}

/** A clock that stands still until the test moves it. `jump` moves the wall clock alone, as NTP or a sleep does. */
export class ManualClock implements Clock {
  #wall: number;
  #mono = 0;
  #order = 0;
  #timers: Timer[] = [];
  /** Ms by which timers come before their time by `monotonic`, as those of Node do, by up to 1. */
  early = 0;

  constructor(start = Date.UTC(2026, 10, 21, 19, 0, 0)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  after(ms: number, call: () => void): () => void {
    const timer: Timer = { due: this.#mono + Math.max(0, ms - this.early), order: this.#order++, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  jump(ms: number): void {
    this.#wall += ms;
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Lets every promise that can go on go on, then runs timers in their order up to `ms` from now. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    await settle();
    for (;;) {
      const next = this.#timers
        .filter((timer) => timer.due <= end)
        .sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#move(next.due);
      next.call();
      await settle();
    }
    this.#move(end);
    await settle();
  }

  #move(to: number): void {
    this.#wall += Math.max(0, to - this.#mono);
    this.#mono = Math.max(this.#mono, to);
  }
}

/** Two rounds of the macrotask queue: enough for chains of awaits, however long, that need no timer. */
async function settle(): Promise<void> {
  for (let round = 0; round < 2; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
