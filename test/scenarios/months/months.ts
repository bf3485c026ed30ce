import { Engine } from '../../../electron/core/engine.ts';
import { MemoryDurations } from '../../fakes/memory-durations.ts';
import { MemoryJournals } from '../../fakes/memory-journals.ts';
import { MemoryLearned } from '../../fakes/memory-learned.ts';
import { World } from '../../fakes/world.ts';
import { Chance } from './chance.ts';
import { HopClock } from './hop-clock.ts';
import type { Profile } from './profiles.ts';
import { dieMs, due, hostNames, hosts, sequence } from './rack.ts';
import { emptyTally } from './tally.ts';
import { VendorUps } from './vendor-ups.ts';

/** One rack behind one UPS, or two, for months: the truth is known, and the real engine is held against it. */
export class Months {
  readonly clock = new HopClock();
  readonly chance: Chance;
  readonly profile: Profile;
  readonly ups: VendorUps;
  /** All that feed the rack; one is enough. */
  readonly feeds: readonly VendorUps[];
  readonly tally = emptyTally();
  readonly #engine: Engine;
  readonly #world: World;
  readonly #chargeFloor: number;
  #cutAt: number | null = null;
  #restoredAt = 0;
  /** The UPS tells less than it should, so that a run may come early, though not on mains. */
  isLenient = false;
  /** What was counted last, for the sentences. */
  #latest = '';
  /** A run that the truth gives no reason for. */
  #unexplained: string | null = null;
  /** The batteries were empty, and what was on then was cut hard. */
  #isDark = false;

  constructor(profile: Profile, seed: number) {
    this.profile = profile;
    this.chance = new Chance(seed);
    this.ups = new VendorUps(profile, this.clock, this.chance);
    this.feeds = profile.traps.twoFeeds ? [this.ups, new VendorUps(profile, this.clock, this.chance, 2)] : [this.ups];
    this.#world = new World(this.clock, hostNames, dieMs);
    this.#engine = new Engine({
      clock: this.clock,
      sources: this.feeds,
      journals: new MemoryJournals(),
      learned: new MemoryLearned(),
      durations: new MemoryDurations(),
      warmer: null,
      decided: () => undefined,
      steps: this.#world.steps,
      newRunId: () => this.#begun(),
      report: (error) => this.tally.wrong.push(String(error)),
    });
    const plan = sequence(profile);
    this.#engine.setPlan({ sequence: plan, hash: 'h', armed: true }, hosts(this.feeds.map(({ ups }) => ups.id)));
    this.#chargeFloor = Math.max(profile.triggers.charge ? plan.triggers.charge.percent : 0, profile.lowCharge) / 100;
  }

  /** What the engine itself says that the plan needs. */
  get saidNeeds(): number {
    return this.#engine.status().margin.needs;
  }

  async start(): Promise<void> {
    await this.#engine.start();
    await this.pass(10);
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }

  count(what: string): void {
    this.#latest = what;
    this.tally.happened[what] = (this.tally.happened[what] ?? 0) + 1;
  }

  get isRunning(): boolean {
    return this.tally.runs > 0 && this.phase !== 'ended';
  }

  /** Of the newest run; `starting`: its id has been asked for, and no more. */
  get phase(): string {
    const run = this.#engine.run();
    return run?.runId === `run-${this.tally.runs}` ? run.phase : 'starting';
  }

  get isOnMains(): boolean {
    return this.feeds.some((feed) => feed.isOnMains);
  }

  get isAllOff(): boolean {
    return [...this.#world.hosts.values()].every((host) => host.power === 'off');
  }

  /** Every battery that feeds the rack is empty. */
  get isDark(): boolean {
    return this.feeds.every((feed) => feed.isDark);
  }

  /** The truth: is the battery in use so far down that a run may begin? With what the profile allows for. */
  get mayBegin(): boolean {
    const allowed = due * this.profile.early + 60;
    return this.feeds.every(
      (feed) => !feed.isOnMains && (feed.trulyLeft <= allowed || feed.battery.charge <= this.#chargeFloor + 0.03),
    );
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
    if (this.isOnMains) {
      if (this.clock.monotonic() - this.#restoredAt > this.profile.lag + 1000)
        this.#unexplained = `a run on mains, ${charge} %`;
    } else if (forSeconds < 4.5 || !(this.isLenient || this.mayBegin)) {
      this.#unexplained = `a run after ${forSeconds} s on battery, ${left} s and ${charge} % truly left`;
    }
    return `run-${this.tally.runs}`;
  }

  cut(feeds: readonly VendorUps[] = this.feeds): void {
    // Mains for less than three seconds in between, as when the voltage sags, is the same outage.
    const now = this.clock.monotonic();
    if (this.#cutAt === null || now - this.#restoredAt > 3000) this.#cutAt = now;
    for (const feed of feeds) {
      feed.setMains(false);
      if (this.profile.traps.drops && this.chance.is(0.5)) feed.drop(this.chance.between(2000, 15_000), false);
    }
  }

  restore(): void {
    this.#restoredAt = this.clock.monotonic();
    for (const feed of this.feeds) feed.setMains(true);
    if (!this.#isDark) return;
    this.#isDark = false;
    for (const host of this.#world.hosts.values()) {
      if (host.cutHard) host.power = 'on';
      host.cutHard = false;
    }
  }

  /** What hangs on an empty battery is cut. What has been off before is not hurt. */
  #darken(): void {
    if (this.#isDark || !this.isDark) return;
    this.#isDark = true;
    const cut = [...this.#world.hosts].filter(([, host]) => host.power === 'on' || host.power === 'dying');
    for (const [, host] of cut) {
      host.power = 'off';
      host.cutHard = true;
    }
    this.tally.cutHard += cut.length;
    if (cut.length === 0) return;
    const why = this.isRunning ? this.#engine.run()?.why : this.#engine.status().decision.sentence;
    this.tally.missed.push(`${this.#latest}: ${cut.map(([name]) => name).join(' ')} cut hard. ${why}`);
  }

  /** Seconds that are gone through one by one. */
  async pass(seconds: number, until: () => boolean = () => false): Promise<boolean> {
    for (let left = seconds; left > 0; left -= 1) {
      const ms = Math.min(1, left) * 1000;
      if (this.isRunning) await this.clock.runSettled(ms);
      else this.clock.run(ms);
      this.tally.watched += ms / 3_600_000;
      this.tally.hours += ms / 3_600_000;
      this.#share();
      this.#darken();
      if (until()) return true;
    }
    return false;
  }

  /** A UPS takes over the load of one that is empty. */
  #share(): void {
    if (this.feeds.length === 1 || this.isOnMains) return;
    const alive = this.feeds.filter((feed) => !feed.isDark);
    for (const feed of alive) feed.carries = this.feeds.length / alive.length;
  }

  /** Hours on mains in which nothing happens. */
  rest(ms: number): void {
    for (const feed of this.feeds) feed.rest(ms);
    this.clock.hop(ms);
    this.tally.hours += ms / 3_600_000;
  }

  /** Waits until the batteries are nearly full. */
  charged(): void {
    while (this.feeds.some((feed) => feed.battery.charge < 0.95)) this.rest(600_000);
  }

  sleep(ms: number): void {
    this.clock.sleep(ms);
    this.tally.hours += ms / 3_600_000;
    this.#darken();
  }

  /** After everything: no run may still go on, and no host may be off. */
  async settle(): Promise<void> {
    for (const feed of this.feeds) feed.mend();
    if (this.#unexplained !== null)
      this.tally.wrong.push(`${this.#latest}: ${this.#unexplained}. ${this.#engine.run()?.why}`);
    this.#unexplained = null;
    this.isLenient = false;
    if (!this.isRunning) return;
    // The battery must be charged before things come back.
    while (this.feeds.some((feed) => feed.battery.charge < 0.3)) this.rest(600_000);
    const ended = await this.pass(1800, () => this.phase === 'ended');
    const off = [...this.#world.hosts].filter(([, host]) => host.power !== 'on').map(([name]) => name);
    if (!ended || off.length > 0) this.tally.wrong.push(`not brought back: ${off.join(' ')}, ${this.phase}`);
  }
}
