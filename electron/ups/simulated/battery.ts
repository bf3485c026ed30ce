/** Lead does worse the harder it is pulled (Peukert). */
const peukert = 1.25;
/** Seconds from empty to full. */
const fullCharge = 4 * 3600;
/** A battery without load still feeds the UPS itself: no less than this share counts. */
const leastLoad = 0.02;

/** The battery of a simulated UPS. Shares are 0..1, times in seconds. */
export class Battery {
  readonly #halfLoadSeconds: number;
  charge: number;

  /** @param halfLoadSeconds how long it carries half load when it is full */
  constructor(halfLoadSeconds: number, charge: number) {
    this.#halfLoadSeconds = halfLoadSeconds;
    this.charge = charge;
  }

  /** Seconds from full to empty at this load. */
  secondsFromFull(load: number): number {
    return this.#halfLoadSeconds * (0.5 / Math.max(leastLoad, load)) ** peukert;
  }

  secondsLeft(load: number): number {
    return this.charge * this.secondsFromFull(load);
  }

  drain(seconds: number, load: number): void {
    this.charge = Math.max(0, this.charge - seconds / this.secondsFromFull(load));
  }

  fill(seconds: number): void {
    this.charge = Math.min(1, this.charge + seconds / fullCharge);
  }

  /** Volts of two 12 V blocks: 27.3 V floating, from 25.4 V down to 21 V under load. */
  volts(discharging: boolean): number {
    return Number((discharging ? 21 + 4.4 * this.charge : 25.4 + 1.9 * this.charge).toFixed(1));
  }
}
