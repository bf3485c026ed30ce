import { emptyReading, type Reading } from '../../../shared/reading.ts';
import { Battery } from './battery.ts';
import { Outlets } from './outlets.ts';
import type { SimulatedScript, simulatedFlags } from './script.ts';

const lowCharge = 20; // %
const quickTest = 10_000; // ms
const deepTestTo = 0.25;

/** What a simulated UPS is, worked out up to a moment. Times are monotonic ms. */
export class SimulatedModel {
  readonly battery: Battery;
  readonly outlets = new Outlets();
  readonly flags = new Map<(typeof simulatedFlags)[number], boolean>();
  readonly #nominalPower: number;
  mains = true;
  /** 0..2 of the nominal power, as far as the outlets are on. */
  load: number;
  beeper: NonNullable<Reading['beeper']> = 'enabled';
  #test: { kind: 'quick' | 'deep'; since: number } | null = null;
  #testResult: NonNullable<Reading['testResult']> = 'none';
  #at: number;

  constructor(script: SimulatedScript, now: number) {
    this.battery = new Battery(script.halfLoadRuntime, script.charge / 100);
    this.#nominalPower = script.nominalPower;
    this.load = script.load / 100;
    this.#at = now;
  }

  get #drawn(): number {
    return this.outlets.isOff ? 0 : this.load;
  }

  /** Works everything out up to now. */
  settle(now: number): void {
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    if (this.mains && this.#test === null) this.battery.fill(seconds);
    // Without mains and with its outlets off it has switched itself off.
    else if (this.mains || !this.outlets.isOff) this.battery.drain(seconds, this.#drawn);
    this.outlets.settle(now, this.mains, this.mains || this.battery.charge > 0);
    if (this.#test === null) return;
    if (!this.mains) this.endTest('aborted');
    else if (this.#test.kind === 'deep' && this.battery.charge <= deepTestTo) this.endTest('passed');
    else if (this.#test.kind === 'quick' && now - this.#test.since >= quickTest) this.endTest('passed');
  }

  beginTest(kind: 'quick' | 'deep'): void {
    this.#test = { kind, since: this.#at };
    this.#testResult = 'running';
  }

  get isTesting(): boolean {
    return this.#test !== null;
  }

  endTest(result: 'passed' | 'aborted'): void {
    if (this.#test === null) return;
    this.#test = null;
    this.#testResult = result;
  }

  /** @param wall ms since the epoch */
  reading(upsId: string, wall: number): Reading {
    const { charge } = this.battery;
    const full = charge >= 1;
    const testing = this.#test !== null;
    const discharging = !this.mains || testing;
    const flag = (name: (typeof simulatedFlags)[number], natural: boolean) => this.flags.get(name) ?? natural;
    return {
      ...emptyReading(upsId, wall),
      acPresent: this.mains,
      charging: !discharging && !full,
      discharging,
      fullyCharged: full,
      belowCapacityLimit: charge * 100 < lowCharge,
      timeLimitExpired: false,
      shutdownImminent: !this.mains && charge <= 0,
      forcedShutdown: flag('forcedShutdown', false),
      needReplacement: flag('needReplacement', false),
      batteryPresent: flag('batteryPresent', true),
      overload: flag('overload', this.load > 1),
      testing,
      bypass: flag('bypass', false),
      outputOff: this.outlets.isOff,
      charge: Math.round(charge * 100),
      runtime: Math.round(this.battery.secondsLeft(this.#drawn)),
      load: Math.round(this.#drawn * 100),
      power: Math.round(this.#drawn * this.#nominalPower),
      nominalPower: this.#nominalPower,
      inputVoltage: this.mains ? 230 : 0,
      outputVoltage: this.outlets.isOff ? 0 : 230,
      batteryVoltage: this.battery.volts(discharging),
      nominalBatteryVoltage: 24,
      inputFrequency: this.mains ? 50 : 0,
      temperature: 28,
      lowCharge,
      offIn: this.outlets.offIn(this.#at),
      onIn: this.outlets.onIn(this.#at),
      testResult: this.#testResult,
      beeper: this.beeper,
    };
  }
}
