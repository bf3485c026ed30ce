import { emptyReading, type Reading, type Ups } from '../../shared/reading.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';

/** A small tower: what is in a home lab. */
const ups: Ups = {
  id: 'simulated:1',
  name: 'Simulated UPS',
  manufacturer: 'Glidepath',
  serial: 'SIM-1',
  source: 'simulated',
};
const nominalPower = 900; // W
/** Seconds that a full battery carries half load. Lead does worse the harder it is pulled (Peukert). */
const halfLoadSeconds = 1800;
const peukert = 1.25;
/** Seconds from empty to full. */
const fullCharge = 4 * 3600;
const lowCharge = 20; // %
const pace = { onBattery: 1000, onMains: 2000 }; // ms

/**
 * A UPS that is only a model, driven by a clock: for the demo and for scenarios. On battery the charge falls with the
 * load, on mains it rises; its runtime is what is truly left, so that plans can be judged against it.
 */
export class SimulatedUps implements UpsSource {
  readonly #clock: Clock;
  #listener: ((event: UpsEvent) => void) | null = null;
  #mains = true;
  /** 0..1. */
  #charge = 1;
  /** 0..1 of the nominal power. */
  #load = 0.35;
  #hurry = false;
  /** Monotonic, milliseconds: up to when `#charge` is worked out. */
  #at: number;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.monotonic();
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    listener({ type: 'found', ups });
    this.#poll();
  }

  stop(): Promise<void> {
    this.#cancel();
    this.#listener = null;
    return Promise.resolve();
  }

  hurry(onBattery: boolean): void {
    if (this.#hurry === onBattery) return;
    this.#hurry = onBattery;
    if (onBattery && this.#listener) this.#poll();
  }

  /** The mains fail. */
  cut(): void {
    this.#change(() => {
      this.#mains = false;
    });
  }

  /** The mains are back. */
  restore(): void {
    this.#change(() => {
      this.#mains = true;
    });
  }

  /** Percent of the nominal power, 0..100. */
  setLoad(percent: number): void {
    this.#change(() => {
      this.#load = percent / 100;
    });
  }

  /** Percent, 0..100. */
  setCharge(percent: number): void {
    this.#change(() => {
      this.#charge = percent / 100;
    });
  }

  #change(change: () => void): void {
    this.#settle();
    change();
    this.#tell('interrupt');
  }

  #poll(): void {
    this.#cancel();
    this.#settle();
    this.#tell('poll');
    const every = this.#hurry || !this.#mains ? pace.onBattery : pace.onMains;
    this.#cancel = this.#clock.after(every, () => this.#poll());
  }

  /** Works the charge out up to now. */
  #settle(): void {
    const now = this.#clock.monotonic();
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    const change = this.#mains ? seconds / fullCharge : -seconds / this.#secondsFromFull();
    this.#charge = Math.min(1, Math.max(0, this.#charge + change));
  }

  /** A battery without load still feeds the UPS itself: no less than 2 % counts. */
  #secondsFromFull(): number {
    return halfLoadSeconds * (0.5 / Math.max(0.02, this.#load)) ** peukert;
  }

  #tell(fresh: 'poll' | 'interrupt'): void {
    this.#listener?.({ type: 'reading', reading: this.#reading(), fresh });
  }

  #reading(): Reading {
    const full = this.#charge >= 1;
    const low = this.#charge * 100 < lowCharge;
    return {
      ...emptyReading(ups.id, this.#clock.now()),
      acPresent: this.#mains,
      charging: this.#mains && !full,
      discharging: !this.#mains,
      fullyCharged: full,
      belowCapacityLimit: low,
      timeLimitExpired: false,
      shutdownImminent: !this.#mains && this.#charge <= 0,
      needReplacement: false,
      batteryPresent: true,
      overload: this.#load > 1,
      testing: false,
      charge: Math.round(this.#charge * 100),
      runtime: Math.round(this.#charge * this.#secondsFromFull()),
      load: Math.round(this.#load * 100),
      power: Math.round(this.#load * nominalPower),
      inputVoltage: this.#mains ? 230 : 0,
      outputVoltage: 230,
      // Two 12 V blocks: 27.3 V floating, from 25.4 V down to 21 V under load.
      batteryVoltage: Number((this.#mains ? 25.4 + 1.9 * this.#charge : 21 + 4.4 * this.#charge).toFixed(1)),
      inputFrequency: this.#mains ? 50 : 0,
      temperature: 28,
    };
  }
}
