/** So many interrupt reports make a device one that sends them. */
const regular = 3;
/** Milliseconds without one, and changes in that time that one should have told. */
const silence = 30_000;
const changesMissed = 5;

/**
 * Whether interrupt reports have stopped for good, as they do on some Back-UPS without any error: they came before, none has
 * come for long, and polling shows changes of what they carry. Devices that never sent one are none of its business.
 * Times are milliseconds, monotonic.
 * @see https://github.com/networkupstools/nut/issues/2671
 */
export class InterruptWatch {
  #came = 0;
  #lastAt = 0;
  #missed = 0;

  came(now: number): void {
    this.#came += 1;
    this.#lastAt = now;
    this.#missed = 0;
  }

  /** A poll has shown a new value of something that interrupt reports carry. */
  changed(): void {
    this.#missed += 1;
  }

  stopped(now: number): boolean {
    return this.#came >= regular && this.#missed >= changesMissed && now - this.#lastAt > silence;
  }
}
