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
  /** How many times its load it carries: that of a partner which is empty comes on top. */
  #carries = 1;
  #mains = true;
  #mainsBefore = true;
  #changedAt = Number.NEGATIVE_INFINITY;
  testUntil = Number.NEGATIVE_INFINITY;
  noiseUntil = Number.NEGATIVE_INFINITY;
  zerosUntil = Number.NEGATIVE_INFINITY;
  silentUntil = Number.NEGATIVE_INFINITY;
  /** What is wrong with it on battery until it is mended. */
  lie: 'none' | 'freezes' | 'wavers' | 'creeps' = 'none';
  #lieSince = 0;
  #lieRuntime: number | null = null;
  #frozen: Reading | null = null;
  hasInterrupts: boolean;
  #isPlugged = true;
  readonly #number: number;
  #port = 1;
  #isHurried = false;
  #chargeAtCut = 1;
  #at = 0;
  #listener: (event: UpsEvent) => void = () => undefined;
  #cancel: () => void = () => undefined;

  constructor(profile: Profile, clock: Clock, chance: Chance, number = 1) {
    this.#number = number;
    this.#profile = profile;
    this.#clock = clock;
    this.#chance = chance;
    this.battery = new Battery(profile.halfLoadRuntime, 1);
    this.load = profile.load[0] / 100;
    this.hasInterrupts = profile.speaks !== 'poll';
  }

  get ups(): Ups {
    const { name, source, traps } = this.#profile;
    const id = traps.moves ? `hid:0764:0501@usb-${this.#port}` : `${source}:${name} ${this.#number}`;
    return { id, name, manufacturer: name, serial: '', firmware: '', source, via: '', offers: [] };
  }

  get isOnMains(): boolean {
    return this.#mains;
  }

  /** Seconds until the battery is empty, truly. */
  get trulyLeft(): number {
    this.#settle();
    return this.battery.secondsLeft(this.#drawn);
  }

  get #drawn(): number {
    return this.load * this.#carries;
  }

  set carries(times: number) {
    this.#settle();
    this.#carries = times;
  }

  /** The battery is empty, and nothing that hangs on it has power. */
  get isDark(): boolean {
    this.#settle();
    return !this.#mains && this.battery.charge <= 0;
  }

  begin(lie: 'freezes' | 'wavers' | 'creeps'): void {
    this.#lieSince = this.#clock.monotonic();
    this.#lieRuntime = this.#runtime();
    this.#frozen = lie === 'freezes' ? this.#reading(this.#lieSince, 'interrupt') : null;
    this.lie = lie;
  }

  mend(): void {
    this.lie = 'none';
    this.#frozen = null;
    this.silentUntil = Number.NEGATIVE_INFINITY;
    if (!this.#isPlugged) this.#plug();
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
    if (this.#mains && !present) this.#chargeAtCut = this.battery.charge;
    this.#mains = present;
    if (present) this.#carries = 1;
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
    if (elsewhere) this.#port += 1;
    this.#clock.after(ms, () => !this.#isPlugged && this.#plug());
  }

  #plug(): void {
    this.#isPlugged = true;
    this.#listener({ type: 'found', ups: this.ups });
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
    if (!this.#mains || now < this.testUntil) this.battery.drain(seconds, this.#drawn);
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
    if (this.isDark) return;
    const reading = this.#frozen ? { ...this.#frozen, at: this.#clock.now() } : this.#reading(now, fresh);
    this.#listener({ type: 'reading', reading, fresh });
  }

  #reading(now: number, fresh: 'poll' | 'interrupt'): Reading {
    const { traps, test, lowCharge, tellsLoad, tellsCharge } = this.#profile;
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
      charge: tellsCharge ? this.#charge(zeros) : null,
      runtime: zeros ? 0 : this.#saidRuntime(now),
      load: tellsLoad ? Math.round(zeros ? 0 : this.#drawn * 100) : null,
      inputVoltage: mains && !zeros ? 230 : 0,
    };
  }

  #charge(zeros: boolean): number {
    if (zeros) return 0;
    const isStuck = this.#profile.traps.stuckCharge === true && !this.#mains;
    return Math.round((isStuck ? this.#chargeAtCut : this.battery.charge) * 100);
  }

  #saidRuntime(now: number): number | null {
    if (this.#lieRuntime === null || this.lie === 'none' || this.lie === 'freezes') return this.#runtime();
    const seconds = Math.floor((now - this.#lieSince) / 1000);
    return this.lie === 'wavers' ? this.#lieRuntime + (seconds % 2) : this.#lieRuntime + seconds;
  }

  #runtime(): number | null {
    const left = this.battery.secondsLeft(this.#drawn);
    switch (this.#profile.runtime) {
      case 'none':
        return null;
      case 'coarse':
        return Math.floor(left / 60) * 60;
      case 'optimistic':
        return Math.round(left * 1.2);
      case 'double':
        return Math.round(left * 2);
      case 'wild':
        if (this.#profile.traps.endless && this.load < 0.1) return 65535;
        return Math.round(left * this.#chance.between(0.92, 1.08));
      case 'true':
        return Math.round(left);
    }
  }
}
