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
  /** A run has been made for this outage: no second one until the mains have been back. */
  #outageServed = false;
  #hurried = false;
  #stopTick: () => void = () => undefined;
  #lastTick = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#learning = new LearningKeeper(deps.learned, deps.report);
    this.#supplies = new Supplies((upsId) => this.#learning.of(upsId));
    this.#keeper = new RunKeeper({ ...deps, changed: (what) => this.#changed(what) });
  }

  async start(): Promise<void> {
    // Whatever is wrong with old journals, the watch must begin.
    this.#outageServed = await this.#keeper.load().catch((error: unknown) => {
      this.#deps.report(error);
      return false;
    });
    this.#lastTick = this.#deps.clock.monotonic();
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
    await this.#keeper.begin(this.#plan, this.#hosts, 'by-hand', why, onBattery);
    this.#outageServed = onBattery;
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
    const fault = refusal(
      { upsId, order, one: this.#supplies.find(upsId), known: this.#supplies.known(upsId) },
      { runGoesOn: this.#keeper.isStarting || (run !== null && run.phase !== 'ended') },
      this.#moment(),
    );
    if (fault) throw new FaultError(fault);
    const { source, id } = this.#reach(upsId);
    const answer = await source.command(id, order);
    this.#changed('status');
    return answer;
  }

  /**
   * Everything that the UPS tells, as it tells it.
   * @throws FaultError `refused` when nobody knows it, `ups-lost`
   */
  async details(upsId: string): Promise<Detail[]> {
    const { source, id } = this.#reach(upsId);
    return source.details(id);
  }

  /** The source of a UPS, and the id by which it is known there now. @throws FaultError `refused` */
  #reach(upsId: string): { source: UpsSource; id: string } {
    const ups = this.#supplies.find(upsId)?.ups;
    const id = ups?.id ?? upsId;
    const source = this.#deps.sources.find((each) => each.has(id));
    if (source) return { source, id };
    const remedy = 'Connect it, and wait until it is found.';
    throw new FaultError({ code: 'refused', what: 'no such UPS has been found', where: ups?.name ?? upsId, remedy });
  }

  /** The power as the hosts of the plan see it. */
  #power(at: Moment): PlanPower {
    return this.#supplies.powerFor(this.#planHosts, at);
  }

  /** This computer slept: every UPS is asked anew before anything is concluded. */
  resumedFromSleep(): void {
    this.#supplies.forget(this.#moment());
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
    this.#lastTick = this.#deps.clock.monotonic();
    this.#decide();
    this.#changed('status');
  }

  /** A reading may come before the tick that is overdue: what was known before it is just as old by then. */
  #noticeSleep(): void {
    const mono = this.#deps.clock.monotonic();
    if (mono - this.#lastTick <= sleptAfter) return;
    this.#lastTick = mono;
    this.resumedFromSleep();
  }

  /** The one place where things are set going. Called on every event and every second. */
  #decide(): void {
    const at = this.#moment();
    if (this.#power(at).mains) this.#outageServed = false;
    this.#keeper.advance(this.#supplies, at);
    if (!this.#keeper.mayBegin || !this.#plan?.armed || this.#outageServed) return;
    const verdict = this.#verdict(at);
    if (verdict.fire === null) return;
    this.#outageServed = true;
    this.#keeper
      .begin(this.#plan, this.#hosts, verdict.fire, `Started because ${verdict.sentence}`, true)
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
    if (this.#outageServed) {
      return {
        state: 'idle',
        armed,
        startsIn: null,
        sentence: 'This outage has had its run: nothing more is started until the mains have been back',
      };
    }
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
