/** Why a step is ended before its limit. */
export type Early =
  | { by: 'hand' }
  /** The battery is needed for what comes after. */
  | { by: 'pressure'; why: string };

/** Ends one step that goes on, from outside of it. */
export class StepControl {
  #early: Early | null = null;
  readonly #listeners = new Set<() => void>();
  /** It was stopped before anything of it had arrived: what its journal leaves open is known to this process. */
  readonly wasPutBack: boolean;

  /** When this process took it up, monotonic ms. */
  readonly since: number;

  constructor(wasPutBack: boolean, since: number) {
    this.wasPutBack = wasPutBack;
    this.since = since;
  }

  get early(): Early | null {
    return this.#early;
  }

  /** The first reason counts. */
  end(early: Early): void {
    this.#early ??= early;
    for (const call of this.#listeners) call();
  }

  onEarly(call: () => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }
}
