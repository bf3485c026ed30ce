/** Lets a flag come on only when two samples in a row say so. The first sample of all is taken as it is. */
export class TwiceInARow {
  #at = Number.NaN;
  #said = false;
  #held: boolean | null = null;

  /** `at`: when it was sampled; the same sample may be looked at often. */
  take(says: boolean, at: number): boolean {
    if (at === this.#at && this.#held !== null) return this.#held;
    this.#held = says && (this.#held === null || this.#held || this.#said);
    this.#said = says;
    this.#at = at;
    return this.#held;
  }
}
