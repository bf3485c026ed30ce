import type { Candidate } from './candidates.ts';
import { serialId } from './identity.ts';

/**
 * Serial numbers that two units were seen with at once. Such a number names neither for as long as this process lives:
 * an order, or what hangs on a UPS, must not move to the other one because the system lists it first.
 *
 * The one that was open alone keeps its id until it is closed, since it cannot be another meanwhile; after that it goes by
 * its port too, and the old id stays lost. What cannot be seen is a twin that was never there together with the other.
 */
export class SharedSerials {
  readonly #ids = new Set<string>();

  /** What was found at one look. */
  note(candidates: readonly Candidate[]): void {
    const seen = new Set<string>();
    for (const id of candidates.flatMap((each) => serialId(each) ?? [])) {
      if (seen.has(id)) this.#ids.add(id);
      seen.add(id);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}
