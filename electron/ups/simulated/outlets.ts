import { duration } from '../../../shared/words.ts';

/** Seconds for which the outlets stay off at least before they come back, so that what hangs on them notices. */
const offAtLeast = 10;

/** The outlets of a simulated UPS, and what counts down to switch them. Times are monotonic ms. */
export class Outlets {
  isOff = false;
  #offAt: number | null = null;
  #onAt: number | null = null;
  #comesBack = true;

  /** @param delay seconds */
  switchOff(delay: number, comesBack: boolean, now: number): string {
    this.#offAt = now + delay * 1000;
    this.#comesBack = comesBack;
    const back = comesBack ? 'comes back when the mains are there' : 'stays off until somebody presses its button';
    return `It switches its outlets off in ${duration(delay)} and ${back}`;
  }

  stop(): string {
    const counted = this.#offAt !== null;
    this.#offAt = null;
    return counted ? 'The countdown is stopped' : 'No countdown was going on';
  }

  /** Seconds until they are switched; null: nothing counts down. */
  offIn(now: number): number | null {
    return this.#offAt === null ? null : Math.max(0, Math.round((this.#offAt - now) / 1000));
  }

  onIn(now: number): number | null {
    return this.#onAt === null ? null : Math.max(0, Math.round((this.#onAt - now) / 1000));
  }

  /** Lets what is due happen. `hasPower`: there are mains, or a battery that is not empty. */
  settle(now: number, mains: boolean, hasPower: boolean): void {
    if (this.#offAt !== null && now >= this.#offAt) {
      this.#offAt = null;
      this.isOff = true;
      this.#onAt = null;
    } else if (!hasPower && !this.isOff) {
      this.isOff = true;
      this.#comesBack = true;
    }
    if (!this.isOff || !this.#comesBack || !mains) {
      this.#onAt = null;
      return;
    }
    this.#onAt ??= now + offAtLeast * 1000;
    if (now < this.#onAt) return;
    this.isOff = false;
    this.#onAt = null;
  }
}
