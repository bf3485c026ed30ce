import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { RunView } from '../../shared/run.ts';
import type { DecisionLog } from './decisions.ts';
import { isFailing } from './failing.ts';
import { failedIn, type PlanPower } from './feeding.ts';
import { bindingRuntime } from './group-runtime.ts';
import { groupsOf, type Judged, judgeStart, judgeWidening } from './judging.ts';
import type { Moment } from './monitor.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import { Postponement, postponeRefusal } from './postponement.ts';
import type { ActivePlan, Reason, RunKeeper } from './run-keeper.ts';
import { StandingPlan, type Wanted } from './standing-plan.ts';
import type { Supplies } from './supplies.ts';
import { nothing } from './trigger.ts';
import { toWarm, unreached } from './warming.ts';
import type { Warmth } from './warmth.ts';

export interface DeciderDeps {
  supplies: Supplies;
  keeper: RunKeeper;
  log: DecisionLog;
  /** null: connections are not opened before they are needed. */
  warmth: Warmth | null;
  expected: ExpectedOf;
  now(): Moment;
  report(error: unknown): void;
}

/** What is thought of the present. */
export interface Present extends Judged {
  /** The power as the hosts of the plan see it. */
  power: PlanPower;
  /** It is about hosts that a run that goes down has not taken in. */
  isWidening: boolean;
}

/** A run that goes down: its sequence and its hosts as they were when it began, and the power as these see it. */
export interface Going {
  run: RunView;
  plan: StandingPlan;
  power: PlanPower;
}

/** Where it is decided whether a run begins, for whom, and whether it takes in more. */
export class Decider {
  readonly #deps: DeciderDeps;
  readonly #postponement = new Postponement();
  #active: ActivePlan | null = null;
  #hosts: Host[] = [];
  #plan: StandingPlan | null = null;
  #runPlan: { runId: string; plan: StandingPlan } | null = null;
  #isBeginning = false;

  constructor(deps: DeciderDeps) {
    this.#deps = deps;
  }

  get plan(): StandingPlan | null {
    return this.#plan;
  }

  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  get armed(): boolean {
    return this.#active?.armed ?? false;
  }

  setPlan(plan: ActivePlan | null, hosts: Host[]): void {
    this.#active = plan;
    this.#hosts = hosts;
    this.#plan = plan && new StandingPlan(plan.sequence, hosts, this.#deps.expected);
  }

  /** How long steps take has been learned anew. */
  learned(): void {
    this.#plan?.learned();
    this.#runPlan?.plan.learned();
  }

  /** Nothing is put off any more. */
  forgetPostponement(): void {
    this.#postponement.clear();
  }

  /** Until when the start is put off, ms since the epoch; null: it is not. */
  postponedUntil(at: Moment): number | null {
    return this.#postponement.until(at);
  }

  /** The run that goes down; null: none does. */
  going(at: Moment): Going | null {
    const run = this.#deps.keeper.view;
    if (run?.phase !== 'down') return null;
    if (this.#runPlan?.runId !== run.runId) {
      this.#runPlan = { runId: run.runId, plan: new StandingPlan(run.sequence, run.hosts, this.#deps.expected) };
    }
    const { plan } = this.#runPlan;
    return { run, plan, power: this.#deps.supplies.powerFor(plan.aimedAt, at, run.upses) };
  }

  present(at: Moment): Present {
    const power = this.#deps.supplies.powerFor(this.#plan?.aimedAt ?? this.#hosts, at);
    if (!this.#plan) {
      const verdict = nothing('no-plan', 'There is no plan yet: an outage would change nothing');
      return { power, verdict, wanted: null, isWidening: false };
    }
    const going = this.going(at);
    const more = going && judgeWidening(going.plan, going.power, going.run, at);
    if (more) return { power, ...more, isWidening: true };
    const postponed = this.#postponement.secondsLeft(at);
    return { power, ...judgeStart(this.#plan, power, this.#deps.keeper.view, postponed, at), isWidening: false };
  }

  /** The one place where things are set going. Called on every event and every second. */
  decide(at: Moment): void {
    const { keeper } = this.#deps;
    keeper.advance(this.#deps.supplies, at, this.#runtimeOfRun(at));
    const going = this.going(at);
    // What fails while a run goes down is that run's affair: it is for all, or takes in who loses the power.
    if (going && !keeper.isCancelled) this.#deps.supplies.serve(at);
    const present = this.present(at);
    if (!present.power.failing) this.#postponement.clear();
    this.#warm(present, at);
    if (present.isWidening) this.#widen(present);
    this.#record(present, at);
    if (this.#active?.armed && keeper.mayBegin) this.#begin(this.#active, present, at);
  }

  /**
   * On battery it is for those for whom the triggers would begin it, on mains for all.
   * @throws FaultError `refused` when there is no plan or a run is going on
   */
  async startByHand(at: Moment): Promise<void> {
    if (!this.#active || !this.#plan) {
      const remedy = 'Make a plan first.';
      throw new FaultError({ code: 'refused', what: 'there is no plan', where: 'start now', remedy });
    }
    const { power } = this.present(at);
    const failing = power.groups.filter((group) => group.failing);
    const onBattery = failing.length > 0;
    const wanted = onBattery ? this.#plan.wantedFor(failing, failedIn(power.groups, at).length) : null;
    const why = onBattery
      ? `Started by hand, on battery${this.#plan.inWords(wanted)}`
      : 'Started by hand, on mains: nothing is woken by itself afterwards';
    await this.#start(this.#active, { cause: 'by-hand', why, followsPower: onBattery }, wanted, at);
  }

  /** @throws FaultError `refused` when nothing is counting, or nothing can be put off any more */
  postpone(seconds: number, at: Moment): void {
    const { verdict } = this.present(at);
    const isFree = this.#deps.keeper.mayBegin && !this.#isBeginning;
    const fault = postponeRefusal(verdict, { isFree, armed: this.armed });
    if (fault) throw new FaultError(fault);
    this.#postponement.set(seconds, at);
    this.#deps.log.anew();
    this.decide(at);
  }

  #begin(active: ActivePlan, { verdict, wanted }: Present, at: Moment): void {
    if (verdict.fire === null || !this.#plan) return;
    const why = `Started because ${verdict.sentence}${this.#plan.inWords(wanted)}`;
    this.#start(active, { cause: verdict.fire, why, followsPower: true }, wanted, at).catch((error: unknown) =>
      this.#deps.report(error),
    );
  }

  async #start(
    active: ActivePlan,
    reason: Pick<Reason, 'cause' | 'why' | 'followsPower'>,
    wanted: Wanted,
    at: Moment,
  ): Promise<void> {
    const { keeper, supplies, now } = this.#deps;
    // Those that feed no host of the plan neither count as failed nor hold up its return.
    const failed = reason.followsPower ? failedIn(this.present(at).power.groups, at) : [];
    const upses = failed.map(({ ups }) => ups.id);
    const mayBegin = keeper.mayBegin;
    this.#isBeginning = true;
    try {
      // One that is refused is none.
      if (mayBegin) this.#deps.warmth?.runBegins();
      const met = this.#deps.warmth?.views().filter(({ state }) => state === 'warm') ?? [];
      const whom = { wanted: wanted && [...wanted], met: met.map(({ hostId }) => hostId) };
      const begun = keeper.begin(active, this.#hosts, { ...reason, upses, ...whom });
      // Before it is on disk: what fails must not begin a second one. An outage whose run was refused has had none.
      if (mayBegin) supplies.serve(at);
      await begun;
    } finally {
      this.#isBeginning = false;
    }
    this.#postponement.clear();
    this.decide(now());
  }

  #widen({ verdict, wanted }: Present): void {
    if (!this.armed || verdict.fire === null || !this.#runPlan) return;
    const why = `The run takes in more because ${verdict.sentence}${this.#runPlan.plan.inWords(wanted)}`;
    this.#deps.keeper.widen(wanted && [...wanted], why);
  }

  /** Seconds of battery that those for whom a run goes down can count on; null: not known, or nobody is on battery. */
  #runtimeOfRun(at: Moment): number | null {
    const going = this.going(at);
    if (!going) return null;
    return bindingRuntime({ groups: groupsOf(going.power, going.run.wanted).filter((group) => group.failing) }, at);
  }

  #warm({ power }: Present, at: Moment): void {
    const { warmth, keeper } = this.#deps;
    if (!warmth || !this.#plan) return;
    const hosts = this.armed || keeper.view?.phase === 'down' ? toWarm(this.#plan, power, keeper.view, at) : [];
    if (hosts.length > 0) warmth.keep(hosts);
    else warmth.release();
  }

  /** What is to be said of hosts that cannot be reached; empty: nothing. */
  get unreached(): string {
    return unreached(this.#deps.warmth?.views() ?? [], this.#hosts);
  }

  #record({ power, verdict, isWidening }: Present, at: Moment): void {
    const { keeper, log } = this.#deps;
    const { armed } = this;
    if (this.#isBeginning) return;
    const live = keeper.view !== null && keeper.view.phase !== 'ended' ? keeper.view.runId : null;
    const fails = power.everyone.some((one) => isFailing(one, at));
    const isHeldUp = armed && verdict.fire !== null && !isWidening && !keeper.mayBegin;
    log.judged({ verdict, armed, isHeldUp, isFailing: fails, besides: this.unreached, runId: live }, at);
  }
}
