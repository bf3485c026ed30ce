import type { Reading } from '../../../shared/reading.ts';
import type { ScriptedUps } from '../../fakes/scripted-ups.ts';

/** Percent a minute that it charges on mains. */
const chargesBy = 5;

/** Seconds that a UPS which was turned off stays off at least, with its mains there. */
const offAtLeast = 10;

/** The battery behind a scripted UPS: it empties evenly, charges evenly, and takes its UPS with it when it is empty. */
export class Battery {
  readonly ups: ScriptedUps;
  /** What the UPS tells in the place of what is true. */
  told: Partial<Reading> = {};
  #full = 3600;
  #left = 3600;
  #hasMains = true;
  #isCabled = true;
  /** Seconds until it comes on again, which pass on mains only; null: nothing has turned it off. */
  #offFor: number | null = null;
  /** Whoever reads the UPS is there to be told. */
  isHeard = true;

  constructor(ups: ScriptedUps) {
    this.ups = ups;
    // It counts by itself here, also while nobody reads it.
    ups.drains = false;
  }

  /** Something comes out of its outlets. */
  get feeds(): boolean {
    return !this.#isEmpty && this.#offFor === null;
  }

  get #isEmpty(): boolean {
    return !this.#hasMains && this.#left <= 0;
  }

  /** It says nothing any more: without mains, what is empty or turned off has no power for itself. */
  get #isDead(): boolean {
    return !this.#hasMains && !this.feeds;
  }

  /** @param comesBack with the mains, or when it is off while they are there; false: when somebody switches it on */
  turnOff(comesBack: boolean): void {
    this.#offFor = comesBack ? offAtLeast : Number.POSITIVE_INFINITY;
    this.#show();
    if (this.#isDead) this.#unplug();
  }

  switchOn(): void {
    this.#offFor = null;
    this.#show();
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
    const wasDead = this.#isDead;
    this.#hasMains = true;
    this.#show();
    if (wasDead) this.#plug();
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
    const wasDead = this.#isDead;
    const gain = this.#hasMains ? (this.#full * chargesBy) / 100 / 60 : this.feeds ? -1 : 0;
    this.#left = Math.min(this.#full, Math.max(0, this.#left + gain * seconds));
    if (this.#hasMains && this.#offFor !== null) this.#offFor -= seconds;
    if (this.#offFor !== null && this.#offFor <= 0) this.#offFor = null;
    this.#show();
    if (this.#isDead && !wasDead) this.#unplug();
  }

  #show(): void {
    const truth = {
      acPresent: this.#hasMains,
      discharging: !this.#hasMains,
      runtime: Math.round(this.#left),
      charge: (this.#left * 100) / this.#full,
      outputOff: this.#offFor !== null,
    };
    this.ups.now = { ...this.ups.now, ...truth, ...this.told };
  }

  #unplug(): void {
    if (this.isHeard) this.ups.unplug();
    else this.ups.plugged = false;
  }

  #plug(): void {
    if (!this.#isCabled || this.#isDead) return;
    if (this.isHeard) this.ups.plug();
    else this.ups.plugged = true;
  }
}
