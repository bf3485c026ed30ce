import type { Decision } from '../../shared/decision.ts';
import type { DecisionsFile } from '../storage/decisions-file.ts';

/** Decisions that the window is given. */
const shown = 200;

/** Keeps what was decided and why. A disk that is full costs the record and nothing else. */
export class Decisions {
  readonly #file: Pick<DecisionsFile, 'read' | 'add' | 'settle'>;
  readonly #changed: () => void;
  #newest: Decision[] = [];

  constructor(file: Pick<DecisionsFile, 'read' | 'add' | 'settle'>, changed: () => void) {
    this.#file = file;
    this.#changed = changed;
  }

  /** Newest first, 200 at most. */
  get newest(): Decision[] {
    return this.#newest;
  }

  async load(): Promise<void> {
    const kept = await this.#file.read();
    this.#newest = [...this.#newest, ...kept.slice(-shown).reverse()].slice(0, shown);
    this.#changed();
  }

  add(decision: Decision): void {
    this.#file.add(decision);
    this.#newest = [decision, ...this.#newest].slice(0, shown);
    this.#changed();
  }

  /** Resolves when what was added so far is written. */
  settle(): Promise<void> {
    return this.#file.settle();
  }
}
