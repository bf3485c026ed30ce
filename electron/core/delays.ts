import type { Step } from '../../shared/sequence.ts';
import type { Clock } from './ports.ts';

/** The delays (`after`) of steps that could begin but for them. */
export class Delays {
  readonly #clock: Clock;
  readonly #over: () => void;
  /** Those that have begun. Its own timer says when one is over: a timer may be early by the clock. */
  readonly #begun = new Map<string, { isOver: boolean; stop: () => void }>();
  #isFirstLook: boolean;

  /** @param isResumed delays may have begun before this process did: the first look goes by the journal's times */
  constructor(clock: Clock, isResumed: boolean, over: () => void) {
    this.#clock = clock;
    this.#isFirstLook = isResumed;
    this.#over = over;
  }

  get areRunning(): boolean {
    return [...this.#begun.values()].some(({ isOver }) => !isOver);
  }

  /** A step that is not asked for during one look could not begin: its delay begins anew when it can. */
  looking<T>(look: (hasWaited: (step: Step, since: number) => boolean) => T): T {
    const asked = new Set<string>();
    const result = look((step, since) => {
      if (step.after === 0) return true;
      asked.add(step.id);
      return this.#hasWaited(step, since);
    });
    this.#isFirstLook = false;
    for (const [id, { stop }] of this.#begun) {
      if (asked.has(id)) continue;
      stop();
      this.#begun.delete(id);
    }
    return result;
  }

  stop(): void {
    for (const { stop } of this.#begun.values()) stop();
    this.#begun.clear();
  }

  /** @param since when it could begin but for its delay, at the latest, ms since the epoch */
  #hasWaited(step: Step, since: number): boolean {
    const known = this.#begun.get(step.id);
    if (known) return known.isOver;
    const all = step.after * 1000;
    // A clock that was set meanwhile must neither shorten it below nothing nor draw it out.
    const waited = this.#isFirstLook ? Math.min(all, Math.max(0, this.#clock.now() - since)) : 0;
    const left = all - waited;
    const delay = { isOver: left === 0, stop: (): void => undefined };
    this.#begun.set(step.id, delay);
    if (left > 0) {
      delay.stop = this.#clock.after(left, () => {
        delay.isOver = true;
        this.#over();
      });
    }
    return left === 0;
  }
}
