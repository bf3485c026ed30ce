import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Detail } from '../../shared/reading.ts';
import type { RunView } from '../../shared/run.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { CheckedPlan, DecisionView, StatusView } from '../../shared/view.ts';
import { criticalHosts, hostsOf, type PlanPower } from './feeding.ts';
import { LearningKeeper } from './learning-keeper.ts';
import type { Moment } from './monitor.ts';
import { refusal } from './orders.ts';
import { plan as planTimes, remaining } from './planner.ts';
import type { Clock, JournalStore, LearnedStore, StepTable, UpsEvent, UpsSource } from './ports.ts';
import { findProblems } from './problems.ts';
import { type ActivePlan, RunKeeper } from './run-keeper.ts';
import { Supplies } from './supplies.ts';
import { bindingRuntime, judge, type Verdict } from './trigger.ts';

/** Ms between two looks at countdowns and at silence. */
const tickEvery = 1000;
/** A tick that comes so late (ms) means that this computer slept: what was read before is old. */
const sleptAfter = 15_000;

export interface EngineDeps {
  clock: Clock;
  sources: readonly UpsSource[];
  journals: JournalStore;
  learned: LearnedStore;
  steps: StepTable;
  newRunId(at: number): string;
  /** Something went wrong that no run's journal can tell. */
  report(error: unknown): void;
}

export type EngineChange = 'status' | 'run' | 'runs';

/** Monitor, trigger, run and return, joined. All that the app shows and does goes through here. */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #learning: LearningKeeper;
  readonly #supplies: Supplies;
  readonly #keeper: RunKeeper;
  readonly #listeners = new Set<(what: EngineChange) => void>();
  #plan: ActivePlan | null = null;
  #hosts: Host[] = [];
  /** Those that the plan is about: what feeds no one of them has no say. */
  #planHosts: Host[] = [];
  #needs = 0;
  #hurried = false;
  #stopTick: () => void = () => undefined;
  #lastTick: Moment = { wall: 0, mono: 0 };

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#learning = new LearningKeeper(deps.learned, deps.report);
    this.#supplies = new Supplies((upsId) => this.#learning.of(upsId));
    this.#keeper = new RunKeeper({ ...deps, changed: (what) => this.#changed(what) });
  }

  async start(): Promise<void> {
    // Whatever is wrong with old journals, the watch must begin.
    const isResumed = await this.#keeper.load().catch((error: unknown) => {
      this.#deps.report(error);
      return false;
    });
    if (isResumed) this.#supplies.resumed();
    this.#lastTick = this.#moment();
    this.#learning.load((upsId, discharges) => this.#supplies.learn(upsId, discharges));
    this.#deps.sources.forEach((source, index) => {
      source.start((event) => this.#take(event, index));
    });
    this.#tick();
  }

  async stop(): Promise<void> {
    this.#stopTick();
    await Promise.all(this.#deps.sources.map((source) => source.stop()));
  }

  /** Returns the function that ends the subscription. */
  onChange(listener: (what: EngineChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setPlan(plan: ActivePlan | null, hosts: Host[]): void {
    this.#plan = plan;
    this.#hosts = hosts;
    this.#planHosts = plan ? hostsOf(plan.sequence, hosts) : hosts;
    this.#needs = plan ? planTimes(plan.sequence).needs : 0;
    this.#decide();
    this.#changed('status');
  }

  /** The UPSes that belong to the rack, with the user's names for them: one that is not there is missed. */
  setSupplies(known: readonly KnownSupply[]): void {
    this.#supplies.setKnown(known, this.#moment());
    this.#decide();
    this.#changed('status');
  }

  /** `secretIds`: the hosts for which a secret is kept. */
  check(sequence: Sequence, hosts: readonly Host[], secretIds: ReadonlySet<string>): CheckedPlan {
    const named = hosts.flatMap((host) => host.fedBy.upses);
    const upsIds = new Set(named.filter((id) => this.#supplies.find(id) !== undefined));
    return { problems: findProblems(sequence, hosts, secretIds, upsIds), ...planTimes(sequence) };
  }

  /** The live run, or the last one of this session. */
  run(): RunView | null {
    return this.#keeper.view;
  }

  status(): StatusView {
    const at = this.#moment();
    const power = this.#power(at);
    const left = bindingRuntime(power, at);
    const run = this.#keeper.view;
    const needs = run?.phase === 'down' ? remaining(run, at.wall) : this.#needs;
    return {
      powers: this.#supplies.views(at),
      critical: criticalHosts(power, at),
      trouble: this.#supplies.trouble,
      decision: this.#decision(at),
      margin: { runtimeLeft: left, needs, spare: left === null ? null : left - needs },
    };
  }

  /** @throws FaultError `refused` when there is no plan or a run is going on. */
  async startByHand(): Promise<void> {
    if (!this.#plan) {
      throw new FaultError({
        code: 'refused',
        what: 'there is no plan',
        where: 'start now',
        remedy: 'Make a plan first.',
      });
    }
    const onBattery = this.#power(this.#moment()).failing;
    const why = onBattery
      ? 'Started by hand, on battery'
      : 'Started by hand, on mains: nothing is woken by itself afterwards';
    const at = this.#moment();
    const upses = onBattery ? this.#supplies.failing(at) : [];
    await this.#keeper.begin(this.#plan, this.#hosts, { cause: 'by-hand', why, followsPower: onBattery, upses });
    this.#supplies.serve(at);
    this.#decide();
  }

  /** @throws FaultError `refused` past the point of no return, or when nothing is going on. */
  cancel(): void {
    this.#keeper.cancel('stopped by hand');
  }

  /**
   * Sends the order after our own rules have let it pass; resolves with what the UPS will do, in one sentence.
   * @throws FaultError `refused` by our own rules, `ups-refused`, `ups-lost`
   */
  async command(upsId: string, order: Order): Promise<string> {
    const run = this.#keeper.view;
    const at = this.#moment();
    // Exactly this one: what was found in its place may be another.
    const { one, known } = this.#supplies.exactly(upsId);
    const runGoesOn = this.#keeper.isStarting || (run !== null && run.phase !== 'ended');
    const othersFail = this.#supplies.failing(at).some((id) => id !== upsId);
    const fault = refusal({ upsId, order, one, known }, { runGoesOn, othersFail }, at);
    if (fault) throw new FaultError(fault);
    const answer = await this.#sourceOf(upsId).command(upsId, order);
    this.#changed('status');
    return answer;
  }

  /**
   * Everything that the UPS tells, as it tells it.
   * @throws FaultError `refused` when nobody knows it, `ups-lost`
   */
  async details(upsId: string): Promise<Detail[]> {
    const id = this.#supplies.find(upsId)?.ups.id ?? upsId;
    return this.#sourceOf(id).details(id);
  }

  /** @throws FaultError `refused` */
  #sourceOf(upsId: string): UpsSource {
    const source = this.#deps.sources.find((each) => each.has(upsId));
    if (source) return source;
    const where = this.#supplies.find(upsId)?.ups.name ?? upsId;
    const remedy = 'Connect it, and wait until it is found.';
    throw new FaultError({ code: 'refused', what: 'no such UPS has been found', where, remedy });
  }

  /** The power as the hosts of the plan see it. */
  #power(at: Moment): PlanPower {
    return this.#supplies.powerFor(this.#planHosts, at);
  }

  /** This computer slept: every UPS is asked anew before anything is concluded. */
  resumedFromSleep(): void {
    const at = this.#moment();
    // The monotonic clock may have stood still, the other one may have been set: the longer of the two.
    const gap = Math.max(at.mono - this.#lastTick.mono, at.wall - this.#lastTick.wall, 0);
    this.#lastTick = at;
    this.#supplies.forget(gap, at);
    this.#changed('status');
  }

  #moment(): Moment {
    return { wall: this.#deps.clock.now(), mono: this.#deps.clock.monotonic() };
  }

  #changed(what: EngineChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(what);
      } catch (error) {
        // A view that fails must stop neither the watch nor a run.
        this.#deps.report(error);
      }
    }
  }

  #take(event: UpsEvent, source: number): void {
    this.#noticeSleep();
    const at = this.#moment();
    this.#supplies.take(event, source, at);
    const one = event.type === 'reading' ? this.#supplies.find(event.reading.upsId) : undefined;
    if (one && this.#learning.take(one, at)) this.#supplies.learn(one.ups.id, this.#learning.of(one.ups.id));
    const hurry = this.#supplies.inHurry;
    if (hurry !== this.#hurried) {
      this.#hurried = hurry;
      for (const each of this.#deps.sources) each.hurry(hurry);
    }
    this.#decide();
    this.#changed('status');
  }

  #tick(): void {
    this.#stopTick = this.#deps.clock.after(tickEvery, () => this.#tick());
    this.#noticeSleep();
    this.#lastTick = this.#moment();
    this.#decide();
    this.#changed('status');
  }

  /** A reading may come before the tick that is overdue: what was known before it is just as old by then. */
  #noticeSleep(): void {
    if (this.#deps.clock.monotonic() - this.#lastTick.mono > sleptAfter) this.resumedFromSleep();
  }

  /** The one place where things are set going. Called on every event and every second. */
  #decide(): void {
    const at = this.#moment();
    this.#keeper.advance(this.#supplies, at);
    const run = this.#keeper.view;
    // What fails while a run goes down is that run's affair: it takes in every host of the plan.
    if (run?.phase === 'down' && run.cancelled === null) this.#supplies.serve(at);
    if (!this.#keeper.mayBegin || !this.#plan?.armed) return;
    const verdict = this.#verdict(at);
    if (verdict.fire === null) return;
    const why = `Started because ${verdict.sentence}`;
    const upses = this.#supplies.failing(at);
    this.#supplies.serve(at);
    this.#keeper
      .begin(this.#plan, this.#hosts, { cause: verdict.fire, why, followsPower: true, upses })
      .then(() => this.#decide())
      .catch((error: unknown) => this.#deps.report(error));
  }

  #verdict(at: Moment): Verdict {
    if (!this.#plan)
      return { fire: null, startsIn: null, sentence: 'There is no plan yet: an outage would change nothing' };
    return judge(this.#power(at), this.#plan.sequence.triggers, this.#needs, at);
  }

  #decision(at: Moment): DecisionView {
    const armed = this.#plan?.armed ?? false;
    const run = this.#keeper.view;
    if (run && run.phase !== 'ended') {
      const state = run.phase === 'down' ? 'running' : run.phase === 'return' ? 'returning' : 'waiting-for-return';
      return { state, armed, startsIn: null, sentence: this.#keeper.waitsFor || run.why };
    }
    if (this.#keeper.isStarting) return { state: 'running', armed, startsIn: null, sentence: 'The run is starting' };
    const verdict = this.#verdict(at);
    if (verdict.startsIn === null) return { state: 'idle', armed, startsIn: null, sentence: verdict.sentence };
    if (!armed && verdict.fire !== null) {
      return {
        state: 'idle',
        armed,
        startsIn: null,
        sentence: `Not armed, so nothing is done. It would have started: ${verdict.sentence}`,
      };
    }
    return {
      state: 'counting',
      armed,
      startsIn: verdict.startsIn,
      sentence: armed ? verdict.sentence : `Not armed, so nothing will be done. ${verdict.sentence}`,
    };
  }
}
