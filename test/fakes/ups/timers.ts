import type { ModelField } from './model.ts';

/** All ones: -1 in a signed field, "none" in one without a sign. */
export const noCountdown = (size: number) => 2 ** size - 1;

interface Running {
  field: ModelField;
  /** By Date.now(). */
  endsAt: number;
  timeout: NodeJS.Timeout;
}

/** The countdowns of a fake UPS: started by a write of zero or more, stopped by a write of "none". */
export class Timers {
  readonly #unit: number;
  readonly #ended: (name: string) => void;
  readonly #running = new Map<ModelField, Running>();

  /** `unit`: seconds of one count. `ended`: told the name of a timer that came to 0. */
  constructor(unit: number, ended: (name: string) => void) {
    this.#unit = unit;
    this.#ended = ended;
  }

  static has({ name, type }: ModelField): boolean {
    return type === 'Feature' && (name === 'DelayBeforeShutdown' || name === 'DelayBeforeStartup');
  }

  write(field: ModelField, value: number): void {
    const before = this.#running.get(field);
    // Written with its report, unchanged: it goes on as it did.
    if (before && this.left(field) === value) return;
    clearTimeout(before?.timeout);
    this.#running.delete(field);
    if (value === noCountdown(field.size)) return;
    const ms = value * this.#unit * 1000;
    const timeout = setTimeout(() => {
      this.#running.delete(field);
      this.#ended(field.name);
    }, ms);
    this.#running.set(field, { field, endsAt: Date.now() + ms, timeout });
  }

  /** What the field reads now. */
  left(field: ModelField): number {
    const running = this.#running.get(field);
    if (!running) return noCountdown(field.size);
    return Math.max(0, Math.ceil((running.endsAt - Date.now()) / 1000 / this.#unit));
  }

  stop(): void {
    for (const { timeout } of this.#running.values()) clearTimeout(timeout);
    this.#running.clear();
  }
}
