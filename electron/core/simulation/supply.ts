import { emptyReading, type Reading, type Ups } from '../../../shared/reading.ts';
import type { PowerView } from '../../../shared/view.ts';
import { ModelBattery } from './battery.ts';

/** Seconds of a battery of which nothing is known. */
const unknownRuntime = 3600;
/** Percent of the nominal power, when no load is told. */
const unknownLoad = 50;

/** A UPS of the simulation: it tells what the real one tells, and no more. */
export class ModelSupply {
  readonly ups: Ups;
  hasMains = true;
  readonly battery: ModelBattery;
  /** Percent of the nominal power that is drawn of it now, and that is drawn with all of its hosts on. */
  load: number;
  readonly fullLoad: number;
  /** How long its battery lasts is known. */
  readonly isKnown: boolean;
  readonly #tells: Reading;
  /** null: nothing has turned it off. */
  #off: { comesBack: boolean } | null = null;

  /** @param factor the load, as a multiple of the present one */
  constructor(ups: Ups, view: PowerView | null, factor: number) {
    this.ups = ups;
    const reading = view?.reading ?? null;
    const present = reading?.load || unknownLoad;
    this.fullLoad = present * factor;
    this.load = this.fullLoad;
    this.isKnown = typeof view?.runtimeLeft === 'number';
    this.battery = new ModelBattery({
      charge: (reading?.charge ?? 100) / 100,
      seconds: view?.runtimeLeft ?? unknownRuntime,
      load: present,
    });
    const whole = { ...emptyReading(ups.id, 0), charge: 100, runtime: unknownRuntime, load: present };
    // What is known of its runtime is known to the real engine as well, whoever has told it.
    this.#tells = reading ? { ...reading, runtime: view?.runtimeLeft ?? null } : whole;
  }

  /** It gives power: the mains are there, or its battery is not empty, and nothing has turned it off. */
  get isUp(): boolean {
    return this.#off === null && (this.hasMains || this.battery.charge > 0);
  }

  get isTurnedOff(): boolean {
    return this.#off !== null;
  }

  turnOff(comesBack: boolean): void {
    this.#off = { comesBack };
  }

  /** It gives power, or will by itself: with its mains there, it comes on again if it was turned off so. */
  get lives(): boolean {
    return this.isUp || (this.hasMains && this.#off?.comesBack === true);
  }

  /** Some time has passed: what was turned off to come back with the mains does so. */
  settle(): void {
    if (this.lives) this.#off = null;
  }

  /** Seconds that its battery lasts as it is now. */
  get secondsLeft(): number {
    return this.battery.secondsLeft(this.load);
  }

  get percent(): number {
    return this.battery.charge * 100;
  }

  reading(at: number): Reading {
    const told = this.#tells;
    const ifTold = (was: number | null, is: number) => (was === null ? null : is);
    return {
      ...emptyReading(this.ups.id, at),
      acPresent: this.hasMains,
      charging: this.hasMains && this.percent < 100,
      discharging: !this.hasMains,
      fullyCharged: this.percent >= 100,
      belowCapacityLimit: this.#isLow(),
      charge: ifTold(told.charge, Math.round(this.percent)),
      runtime: ifTold(told.runtime, Math.floor(this.secondsLeft)),
      load: ifTold(told.load, Math.round(this.load * 10) / 10),
    };
  }

  /** null: it says of nothing at which it would call itself low. */
  #isLow(): boolean | null {
    const { lowCharge, lowRuntime } = this.#tells;
    if (lowCharge === null && lowRuntime === null) return null;
    return this.percent < (lowCharge ?? 0) || this.secondsLeft < (lowRuntime ?? 0);
  }
}
