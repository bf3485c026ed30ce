import type { Push } from '../../shared/ipc.ts';
import type { SliceName, Slices } from '../../shared/view.ts';
import type { Clock } from '../core/ports.ts';

/** Ms between two pushes: 4 a second are plenty for eyes. */
const pushEvery = 250;

export interface PublisherDeps {
  clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Gives each slice as it is now. */
  read: { readonly [N in SliceName]: () => Slices[N] };
  hasWindow(): boolean;
  send(push: Push): void;
}

/** Tells the window what has changed: whole slices, at most 4 times a second, and nothing while there is no window. */
export class Publisher {
  readonly #deps: PublisherDeps;
  readonly #changed = new Set<SliceName>();
  /** What the window was told last, as JSON, so that it is not told the same again. */
  readonly #told = new Map<SliceName, string>();
  #rev = 0;
  #lastPush = Number.NEGATIVE_INFINITY;
  #waiting = false;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  /** Everything, and where the count of pushes stands. A new window begins with it. */
  snapshot(): { rev: number; slices: Slices } {
    const { read } = this.#deps;
    const slices: Slices = {
      status: read.status(),
      plan: read.plan(),
      run: read.run(),
      runs: read.runs(),
      hosts: read.hosts(),
      supplies: read.supplies(),
      events: read.events(),
      decisions: read.decisions(),
      rehearsals: read.rehearsals(),
      channels: read.channels(),
      controller: read.controller(),
      settings: read.settings(),
    };
    for (const name of Object.keys(read) as SliceName[]) this.#told.set(name, JSON.stringify(slices[name]));
    return { rev: this.#rev, slices };
  }

  changed(name: SliceName): void {
    if (!this.#deps.hasWindow()) return;
    this.#changed.add(name);
    if (this.#waiting) return;
    const wait = this.#lastPush + pushEvery - this.#deps.clock.monotonic();
    if (wait <= 0) {
      this.#push();
    } else {
      this.#waiting = true;
      this.#deps.clock.after(wait, () => {
        this.#waiting = false;
        this.#push();
      });
    }
  }

  #push(): void {
    const names = [...this.#changed];
    this.#changed.clear();
    if (!this.#deps.hasWindow()) return;
    const slices: Push['slices'] = {};
    for (const name of names) this.#addNews(slices, name);
    if (Object.keys(slices).length === 0) return;
    this.#rev += 1;
    this.#lastPush = this.#deps.clock.monotonic();
    this.#deps.send({ rev: this.#rev, slices });
  }

  #addNews<N extends SliceName>(slices: Partial<Pick<Slices, N>>, name: N): void {
    const slice = this.#deps.read[name]();
    const text = JSON.stringify(slice);
    if (this.#told.get(name) === text) return;
    this.#told.set(name, text);
    slices[name] = slice;
  }
}
