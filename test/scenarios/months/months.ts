import { Engine } from '../../../electron/core/engine.ts';
import { startAt } from '../../../electron/core/signs.ts';
import { sequenceSchema } from '../../../shared/sequence.ts';
import { MemoryJournals } from '../../fakes/memory-journals.ts';
import { MemoryLearned } from '../../fakes/memory-learned.ts';
import { linux } from '../../fakes/rack-samples.ts';
import { World } from '../../fakes/world.ts';
import { Chance } from './chance.ts';
import { HopClock } from './hop-clock.ts';
import type { Profile } from './profiles.ts';
import { VendorUps } from './vendor-ups.ts';

export interface Tally {
  hours: number;
  /** Of these the hours that the engine has really gone through, second by second. */
  watched: number;
  dips: number;
  noises: number;
  tests: number;
  losses: number;
  sleeps: number;
  shortOutages: number;
  longOutages: number;
  runs: number;
  /** Runs that should not have been, and long outages without the run that was due: one sentence each. */
  wrong: string[];
  missed: string[];
}

const plan = (charge: boolean) =>
  sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 1,
    id: 'months',
    name: 'Months',
    stages: [
      { id: 'hosts', name: 'Hosts', steps: [{ id: 'off-web', kind: 'power-off', target: 'web' }] },
      { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
    ],
    pointOfNoReturn: 'storage',
    returnStages: [
      {
        id: 'back',
        name: 'Back',
        steps: ['nas', 'web'].map((target) => ({ id: `wake-${target}`, kind: 'wake', target })),
      },
    ],
    returnWhen: {},
    triggers: { runtime: {}, charge: { enabled: charge }, onBattery: {} },
  });

/** One rack behind one UPS for months: the truth is known, and the real engine is held against it. */
export class Months {
  readonly clock = new HopClock();
  readonly chance: Chance;
  readonly profile: Profile;
  readonly ups: VendorUps;
  readonly tally: Tally = {
    hours: 0,
    watched: 0,
    dips: 0,
    noises: 0,
    tests: 0,
    losses: 0,
    sleeps: 0,
    shortOutages: 0,
    longOutages: 0,
    runs: 0,
    wrong: [],
    missed: [],
  };
  readonly #engine: Engine;
  readonly #world: World;
  readonly #chargeFloor: number;
  /** Seconds of runtime at which a run is due, and what it needs. */
  readonly due: number;
  readonly needs: number;
  #cutAt: number | null = null;
  #restoredAt = 0;
  /** A run that the truth gives no reason for. */
  #unexplained: string | null = null;

  /** @param charge the charge trigger is switched on */
  constructor(profile: Profile, seed: number, charge: boolean) {
    this.profile = profile;
    this.chance = new Chance(seed);
    this.ups = new VendorUps(profile, this.clock, this.chance);
    this.#world = new World(this.clock, ['web', 'nas']);
    this.#engine = new Engine({
      clock: this.clock,
      sources: [this.ups],
      journals: new MemoryJournals(),
      learned: new MemoryLearned(),
      steps: this.#world.steps,
      newRunId: () => this.#begun(),
      report: (error) => this.tally.wrong.push(String(error)),
    });
    const sequence = plan(charge);
    this.#engine.setPlan({ sequence, hash: 'h', armed: true }, [linux('web'), linux('nas')]);
    this.needs = this.#engine.status().margin.needs;
    this.due = startAt(sequence.triggers, this.needs);
    this.#chargeFloor = Math.max(charge ? sequence.triggers.charge.percent : 0, profile.lowCharge) / 100 + 0.03;
  }

  async start(): Promise<void> {
    await this.#engine.start();
    await this.pass(10);
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }

  get isRunning(): boolean {
    return this.tally.runs > 0 && this.#engine.run()?.phase !== 'ended';
  }

  get phase(): string {
    return this.#engine.run()?.phase ?? 'none';
  }

  /** The truth: is the battery in use so far down that a run may begin? With what the profile allows for. */
  get mayBegin(): boolean {
    const left = this.ups.trulyLeft;
    return left <= this.due * this.profile.early + 60 || this.ups.battery.charge <= this.#chargeFloor;
  }

  /**
   * The run's id; it is asked for at the very moment in which a run begins. Mains that have been back for less than what is
   * read lags behind, and a poll, cannot be known.
   */
  #begun(): string {
    this.tally.runs += 1;
    const forSeconds = this.#cutAt === null ? 0 : (this.clock.monotonic() - this.#cutAt) / 1000;
    const left = Math.round(this.ups.trulyLeft);
    const charge = Math.round(this.ups.battery.charge * 100);
    if (this.ups.isOnMains && this.clock.monotonic() - this.#restoredAt > this.profile.lag + 1000)
      this.#unexplained = `a run on mains, ${charge} %`;
    else if (forSeconds < 4.5 || !this.mayBegin)
      this.#unexplained = `a run after ${forSeconds} s on battery, ${left} s and ${charge} % truly left`;
    return `run-${this.tally.runs}`;
  }

  cut(): void {
    // Mains for less than three seconds in between, as when the voltage sags, is the same outage.
    const now = this.clock.monotonic();
    if (this.#cutAt === null || now - this.#restoredAt > 3000) this.#cutAt = now;
    this.ups.setMains(false);
    if (this.profile.traps.drops && this.chance.is(0.5)) this.ups.drop(this.chance.between(2000, 15_000), false);
  }

  restore(): void {
    this.#restoredAt = this.clock.monotonic();
    this.ups.setMains(true);
  }

  /** Seconds that are gone through one by one. */
  async pass(seconds: number, until: () => boolean = () => false): Promise<boolean> {
    for (let left = seconds; left > 0; left -= 1) {
      const ms = Math.min(1, left) * 1000;
      if (this.isRunning) await this.clock.runSettled(ms);
      else this.clock.run(ms);
      this.tally.watched += ms / 3_600_000;
      this.tally.hours += ms / 3_600_000;
      if (until()) return true;
    }
    return false;
  }

  /** Hours on mains in which nothing happens. */
  rest(ms: number): void {
    this.ups.rest(ms);
    this.clock.hop(ms);
    this.tally.hours += ms / 3_600_000;
  }

  sleep(ms: number): void {
    this.clock.sleep(ms);
    this.tally.hours += ms / 3_600_000;
  }

  /** After everything: no run may still go on, and no host may be off. */
  async settle(): Promise<void> {
    if (this.#unexplained !== null) this.tally.wrong.push(`${this.#unexplained}. ${this.#engine.run()?.why}`);
    this.#unexplained = null;
    if (!this.isRunning) return;
    // The battery must be charged before things come back.
    while (this.ups.battery.charge < 0.3) this.rest(600_000);
    const ended = await this.pass(1800, () => this.phase === 'ended');
    const off = [...this.#world.hosts].filter(([, host]) => host.power !== 'on').map(([name]) => name);
    if (!ended || off.length > 0) this.tally.wrong.push(`not brought back: ${off.join(' ')}, ${this.phase}`);
  }
}
