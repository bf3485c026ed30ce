import type { Reading } from '../../../shared/reading.ts';
import type { ScriptedUps } from '../../fakes/scripted-ups.ts';

/** Percent a minute that it charges on mains. */
const chargesBy = 5;

/** The battery behind a scripted UPS: it empties evenly, charges evenly, and takes its UPS with it when it is empty. */
export class Battery {
  readonly ups: ScriptedUps;
  /** What the UPS tells in the place of what is true. */
  told: Partial<Reading> = {};
  #full = 3600;
  #left = 3600;
  #hasMains = true;
  #isCabled = true;
  /** Whoever reads the UPS is there to be told. */
  isHeard = true;

  constructor(ups: ScriptedUps) {
    this.ups = ups;
    // It counts by itself here, also while nobody reads it.
    ups.drains = false;
  }

  /** Nothing comes out of its outlets. */
  get isEmpty(): boolean {
    return !this.#hasMains && this.#left <= 0;
  }

  /** @param seconds what the battery lasts from now; null: what is left in it. `percent`: how full it is */
  lose(seconds: number | null, percent: number | null): void {
    if (seconds !== null) {
      this.#left = seconds;
      this.#full = (seconds * 100) / (percent ?? 100);
    }
    this.#hasMains = false;
    this.#show();
    if (this.isHeard && this.ups.plugged) this.ups.cut();
  }

  back(): void {
    const wasEmpty = this.isEmpty;
    this.#hasMains = true;
    this.#show();
    if (wasEmpty) this.#plug();
    if (this.isHeard && this.ups.plugged) this.ups.restore();
  }

  pullCable(): void {
    this.#isCabled = false;
    this.#unplug();
  }

  plugCable(): void {
    this.#isCabled = true;
    this.#plug();
  }

  /** So many seconds pass. */
  pass(seconds: number): void {
    const wasEmpty = this.isEmpty;
    const gain = this.#hasMains ? (this.#full * chargesBy) / 100 / 60 : -1;
    this.#left = Math.min(this.#full, Math.max(0, this.#left + gain * seconds));
    this.#show();
    if (this.isEmpty && !wasEmpty) this.#unplug();
  }

  #show(): void {
    const truth = {
      acPresent: this.#hasMains,
      discharging: !this.#hasMains,
      runtime: Math.round(this.#left),
      charge: (this.#left * 100) / this.#full,
    };
    this.ups.now = { ...this.ups.now, ...truth, ...this.told };
  }

  #unplug(): void {
    if (this.isHeard) this.ups.unplug();
    else this.ups.plugged = false;
  }

  #plug(): void {
    if (!this.#isCabled || this.isEmpty) return;
    if (this.isHeard) this.ups.plug();
    else this.ups.plugged = true;
  }
}
