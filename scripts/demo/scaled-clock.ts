import type { Clock } from '../../electron/core/ports.ts';

/** Real time, `speed` times as fast: an outage of minutes passes in seconds. */
export class ScaledClock implements Clock {
  readonly #speed: number;
  readonly #wall = Date.now();
  readonly #mono = performance.now();

  constructor(speed: number) {
    this.#speed = speed;
  }

  now(): number {
    return Math.round(this.#wall + this.monotonic());
  }

  monotonic(): number {
    return (performance.now() - this.#mono) * this.#speed;
  }

  after(ms: number, call: () => void): () => void {
    const timer = setTimeout(call, ms / this.#speed);
    return () => clearTimeout(timer);
  }
}
