import type { DecisionKind } from '../../shared/decision.ts';
import { failedIn, type PlanPower } from './feeding.ts';
import type { Moment } from './monitor.ts';
import { countFailed, hostsThatMatter, stillLosing } from './narrowing.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import { waitForPower } from './resume.ts';
import { mayReturn } from './return-gate.ts';
import type { RunDriver } from './run-driver.ts';
import { Pressure } from './shedding.ts';
import type { Supplies } from './supplies.ts';
import { Countdowns, type TurnedOff } from './turned-off.ts';

export interface GuideDeps {
  expected: ExpectedOf;
  decided(kind: DecisionKind, sentence: string, runId: string): void;
}

/** A run that was taken up again, and sends nothing before the power is known. */
export interface ResumeWait {
  sinceMono: number;
  recent: boolean;
}

/** Hosts that are named one by one in a sentence, at most. */
const namedAtMost = 8;

const waitingForUps = 'Waiting for the UPS to say where the power comes from';

/** What the power means for one run: who is let go, what is given up, when it may go on. */
export class RunGuide {
  readonly #driver: RunDriver;
  readonly #deps: GuideDeps;
  readonly #pressure = new Pressure();
  readonly #countdowns = new Countdowns();
  #turnedOff: TurnedOff = new Map();
  #resumeWait: ResumeWait | null;
  /** When it was first asked whether the run may go down, monotonic ms. */
  #askedMono: number | null = null;
  /** The ids of UPSes that failed after the run began. */
  readonly #failed = new Set<string>();
  /** The power as the journal last told it. */
  #toldPower: 'mains' | 'battery' | 'not known' | null = null;
  /** What the return was last said to wait for, without its numbers. */
  #toldWait = '';
  /** What the run waits for, in words; empty when it does not wait. */
  waitsFor = '';

  constructor(driver: RunDriver, deps: GuideDeps, resumeWait: ResumeWait | null) {
    this.#driver = driver;
    this.#deps = deps;
    this.#resumeWait = resumeWait;
  }

  /**
   * Looks at the power of a run that has not ended, and does at once what follows from it: cancels, lets hosts go, gives up, halts the return.
   * `runtimeLeft`: seconds of battery on which the run's hosts can count; null: not known.
   */
  look(supplies: Supplies, at: Moment, runtimeLeft: number | null): PlanPower {
    const driver = this.#driver;
    const { view } = driver;
    // What matters is the power of the hosts that this run is about, as they were when it began.
    const power = supplies.powerFor(hostsThatMatter(view, driver.wanted), at, view.upses);
    this.#tellPower(supplies, power, at);
    this.#turnedOff = this.#countdowns.look(view, at);
    if (view.phase === 'down') this.#remember(power, at);
    if (view.phase === 'down') driver.failedUpses = countFailed(view, supplies, at);
    if (view.phase === 'down') driver.hear(supplies.said(at));
    if (view.phase === 'down' && view.followsPower && driver.canBeCancelled) this.#follow(power);
    this.#spare(power.failing ? runtimeLeft : null, at);
    if (view.phase === 'return' && power.failing && !driver.isHalted) {
      driver.haltReturn();
      this.#decided('return-halted', 'The power has failed again: the return stops where it stands');
    }
    return power;
  }

  /**
   * A resumed run goes down only with proof, and only if it is recent: an old one belongs to an outage that is over,
   * and whether this one needs a shutdown is for the triggers to say.
   */
  mayGoDown(power: PlanPower, at: Moment): boolean {
    this.waitsFor = '';
    this.#askedMono ??= at.mono;
    const wait = this.#resumeWait;
    if (this.#driver.isCancelled) return true;
    if (this.#driver.isUnheard && at.mono - this.#askedMono < waitForPower) {
      this.waitsFor = waitingForUps;
      return false;
    }
    if (!wait) return true;
    if (!power.failing && !power.mains) {
      this.waitsFor = waitingForUps;
      if (at.mono - wait.sinceMono < waitForPower || !wait.recent) return false;
    }
    const tooOld = 'it is too old to go on: what it did is brought back, and a new outage gets a run of its own';
    if (!wait.recent) this.#abandon(tooOld);
    else if (power.mains) this.#abandon('the mains were back when Glidepath was started again');
    this.#resumeWait = null;
    return true;
  }

  /** Why the return begins now, in words; null: it waits. */
  mayReturn(power: PlanPower, at: Moment): string | null {
    const { returnWhen } = this.#driver.view.sequence;
    const { ready, sentence } = mayReturn(power, returnWhen, at, this.#turnedOff);
    this.waitsFor = sentence;
    if (ready) {
      this.#decided('return-begun', sentence);
      return sentence;
    }
    // "Waiting for the battery: 24 % of 25 %" is the same wait as at 23 %.
    const [reason = ''] = sentence.split(':');
    if (reason !== this.#toldWait) this.#decided('return-waits', sentence);
    this.#toldWait = reason;
    return null;
  }

  /** Before the line: what has its power back is not switched off. */
  #follow(power: PlanPower): void {
    const { wanted, view } = this.#driver;
    if (power.mains) {
      this.#abandon('the mains are back before the point of no return');
      return;
    }
    const losing = wanted && stillLosing(view, wanted, power.groups);
    if (!wanted || !losing || losing.length === 0 || losing.length === wanted.size) return;
    const back = view.hosts.filter((host) => wanted.has(host.id) && !losing.includes(host.id));
    const names = back.length > namedAtMost ? `${back.length} hosts` : back.map((host) => host.name).join(', ');
    const why = `${names} ${back.length === 1 ? 'has its' : 'have their'} power back before the point of no return`;
    if (this.#driver.want(losing, why)) this.#decided('narrowed', why);
  }

  /** Gives something up when the battery will not last for everything. */
  #spare(left: number | null, at: Moment): void {
    const driver = this.#driver;
    if (driver.view.phase !== 'down' || driver.isCancelled || left === null) {
      this.#pressure.reset();
      return;
    }
    const { expected } = this.#deps;
    const budget = { run: driver.standing(at.wall), left, failedUpses: driver.failedUpses, expected, now: at.wall };
    const { measure, late } = this.#pressure.look(budget, at.mono);
    if (measure) {
      driver.giveUp(measure.shed, measure.why);
      this.#decided('shed', measure.why);
    }
    for (const { stepId, why } of late) driver.endLate(stepId, why);
  }

  /** A UPS that fails later, too, must say itself that the mains are back, also to whoever takes this run up again. */
  #remember(power: PlanPower, at: Moment): void {
    const { view } = this.#driver;
    const fresh = failedIn(power.groups, at).filter(
      ({ ups }) => !view.upses.includes(ups.id) && !this.#failed.has(ups.id),
    );
    if (fresh.length === 0 || !view.followsPower) return;
    for (const { ups } of fresh) this.#failed.add(ups.id);
    void this.#driver.alsoFailed(fresh.map(({ ups }) => ups));
  }

  #tellPower(supplies: Supplies, { failing, mains }: PlanPower, at: Moment): void {
    const power = failing ? 'battery' : mains ? 'mains' : 'not known';
    if (power === this.#toldPower) return;
    this.#toldPower = power;
    const detail = supplies.views(at).map((view) => `${view.ups.name}: ${view.sentence}`);
    void this.#driver.note(`Power: ${power}. ${detail.join('; ')}`);
  }

  #abandon(why: string): void {
    this.#driver.abandon(why);
    this.#decided('cancelled', `Cancelled: ${why}`);
  }

  #decided(kind: DecisionKind, sentence: string): void {
    this.#deps.decided(kind, sentence, this.#driver.view.runId);
  }
}
