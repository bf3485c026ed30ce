/** `dying`: it took a power off and is still there. `booting`: it was woken and does not answer yet. */
export type PowerState = 'on' | 'dying' | 'off' | 'booting';

/** A machine with a power state, a history and people who wait for it. */
export class Powered {
  readonly name: string;
  /** Epoch ms of the last time it was off, or on, first; null: never. */
  offAt: number | null = null;
  onAt: number | null = null;
  /** Times that a magic packet brought it up. */
  wakeCount = 0;
  readonly #now: () => number;
  readonly #watchers = new Set<(state: PowerState) => void>();
  #state: PowerState = 'off';

  constructor(name: string, now: () => number = Date.now) {
    this.name = name;
    this.#now = now;
  }

  get state(): PowerState {
    return this.#state;
  }

  protected become(state: PowerState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'off') this.offAt = this.#now();
    if (state === 'on') this.onAt = this.#now();
    for (const watcher of [...this.#watchers]) watcher(state);
  }

  watch(call: (state: PowerState) => void): () => void {
    this.#watchers.add(call);
    return () => this.#watchers.delete(call);
  }

  /** Real milliseconds. */
  waitFor(state: PowerState, ms: number): Promise<void> {
    if (this.#state === state) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        unwatch();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${this.name} is not ${state} after ${ms} ms: it is ${this.#state}`));
      }, ms);
      const unwatch = this.watch((now) => {
        if (now !== state) return;
        end();
        resolve();
      });
    });
  }
}
