import type { Clock, UpsEvent, UpsSource } from '../../../electron/core/ports.ts';
import { Battery } from '../../../electron/ups/simulated/battery.ts';
import { type Detail, emptyReading, type Reading, type Ups } from '../../../shared/reading.ts';
import type { Chance } from './chance.ts';
import type { Profile } from './profiles.ts';

/** A UPS of a maker: what is true of it, and what it says of that. Times are ms of the monotonic clock. */
export class VendorUps implements UpsSource {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #profile: Profile;
  readonly battery: Battery;
  /** 0..1. */
  load: number;
  #mains = true;
  #mainsBefore = true;
  #changedAt = Number.NEGATIVE_INFINITY;
  testUntil = Number.NEGATIVE_INFINITY;
  noiseUntil = Number.NEGATIVE_INFINITY;
  zerosUntil = Number.NEGATIVE_INFINITY;
  silentUntil = Number.NEGATIVE_INFINITY;
  hasInterrupts: boolean;
  #isPlugged = true;
  #port = 1;
  #isHurried = false;
  #at = 0;
  #listener: (event: UpsEvent) => void = () => undefined;
  #cancel: () => void = () => undefined;

  constructor(profile: Profile, clock: Clock, chance: Chance) {
    this.#profile = profile;
    this.#clock = clock;
    this.#chance = chance;
    this.battery = new Battery(profile.halfLoadRuntime, 1);
    this.load = profile.load[0] / 100;
    this.hasInterrupts = profile.speaks !== 'poll';
  }

  get ups(): Ups {
    const { name, source, traps } = this.#profile;
    const id = traps.moves ? `hid:0764:0501@usb-${this.#port}` : `${source}:${name}`;
    return { id, name, manufacturer: name, serial: '', firmware: '', source, via: '', offers: [] };
  }

  get isOnMains(): boolean {
    return this.#mains;
  }

  /** Seconds until the battery is empty, truly. */
  get trulyLeft(): number {
    this.#settle();
    return this.battery.secondsLeft(this.load);
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    listener({ type: 'found', ups: this.ups });
    this.#poll();
  }

  stop(): Promise<void> {
    this.#cancel();
    return Promise.resolve();
  }

  hurry(onBattery: boolean): void {
    if (this.#isHurried === onBattery) return;
    this.#isHurried = onBattery;
    if (onBattery) this.#next(100);
  }

  has(upsId: string): boolean {
    return upsId === this.ups.id;
  }

  command(): Promise<string> {
    return Promise.reject(new Error('none is given'));
  }

  details(): Promise<Detail[]> {
    return Promise.resolve([]);
  }

  setMains(present: boolean): void {
    this.#settle();
    this.#mainsBefore = this.#mains;
    this.#mains = present;
    this.#changedAt = this.#clock.monotonic();
    if (!present) this.testUntil = Number.NEGATIVE_INFINITY;
    // Flags flicker at the moment of transfer as well: https://github.com/networkupstools/nut/issues/3087
    if (this.#profile.traps.flagNoise && !present) this.noiseUntil = this.#changedAt + 1500;
    if (this.hasInterrupts) this.#clock.after(60, () => this.#say('interrupt'));
  }

  /** Off the bus, and back after a while; with `elsewhere` at another port, under another id. */
  drop(ms: number, elsewhere: boolean): void {
    if (!this.#isPlugged) return;
    this.#isPlugged = false;
    const where = this.#profile.name;
    const fault = { code: 'ups-lost' as const, what: 'it dropped off the bus', where, remedy: 'none' };
    this.#listener({ type: 'lost', upsId: this.ups.id, fault });
    this.#clock.after(ms, () => {
      if (elsewhere) this.#port += 1;
      this.#isPlugged = true;
      this.#listener({ type: 'found', ups: this.ups });
    });
  }

  /** Hours on mains in which nobody looks. */
  rest(ms: number): void {
    this.#settle();
    if (this.#mains) this.battery.fill(ms / 1000);
  }

  #settle(): void {
    const now = this.#clock.monotonic();
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    if (!this.#mains || now < this.testUntil) this.battery.drain(seconds, this.load);
    else this.battery.fill(seconds);
  }

  #next(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => this.#poll());
  }

  #poll(): void {
    if (this.#profile.speaks !== 'interrupt') this.#say('poll');
    else this.#say('interrupt');
    const isFast = this.#isHurried || this.#profile.speaks === 'interrupt';
    this.#next(isFast ? 1000 : this.#profile.calmPoll);
  }

  #say(fresh: 'poll' | 'interrupt'): void {
    const now = this.#clock.monotonic();
    if (!this.#isPlugged || now < this.silentUntil) return;
    this.#settle();
    this.#listener({ type: 'reading', reading: this.#reading(now, fresh), fresh });
  }

  #reading(now: number, fresh: 'poll' | 'interrupt'): Reading {
    const { traps, test, lowCharge, tellsLoad } = this.#profile;
    const { charge } = this.battery;
    const lag = fresh === 'poll' ? this.#profile.lag : 0;
    const mains = now - this.#changedAt < lag ? this.#mainsBefore : this.#mains;
    const testing = now < this.testUntil;
    const onBattery = !mains || (testing && test === 'battery');
    const isFull = charge >= 0.995;
    const noise = now < this.noiseUntil;
    const zeros = now < this.zerosUntil;
    const isLow = charge * 100 < lowCharge;
    return {
      ...emptyReading(this.ups.id, this.#clock.now()),
      acPresent: !onBattery,
      charging: mains && (!isFull || traps.charging === true),
      discharging: onBattery || testing,
      fullyCharged: isFull,
      belowCapacityLimit: noise || (isLow && onBattery),
      timeLimitExpired: false,
      shutdownImminent: noise || (onBattery && charge <= 0.02),
      needReplacement: noise,
      batteryPresent: true,
      overload: false,
      testing: test === 'testing' ? testing : null,
      charge: zeros ? 0 : Math.round(charge * 100),
      runtime: zeros ? 0 : this.#runtime(),
      load: tellsLoad ? Math.round(zeros ? 0 : this.load * 100) : null,
      inputVoltage: mains && !zeros ? 230 : 0,
    };
  }

  #runtime(): number | null {
    const left = this.battery.secondsLeft(this.load);
    switch (this.#profile.runtime) {
      case 'none':
        return null;
      case 'coarse':
        return Math.floor(left / 60) * 60;
      case 'optimistic':
        return Math.round(left * 1.2);
      case 'wild':
        if (this.#profile.traps.endless && this.load < 0.1) return 65535;
        return Math.round(left * this.#chance.between(0.92, 1.08));
      case 'true':
        return Math.round(left);
    }
  }
}
