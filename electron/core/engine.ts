import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { RunView } from '../../shared/run.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan, DecisionView, StatusView } from '../../shared/view.ts';
import { type Moment, runtimeLeft } from './monitor.ts';
import { plan as planTimes, remaining } from './planner.ts';
import type { Clock, JournalStore, StepTable, UpsEvent, UpsSource } from './ports.ts';
import { findProblems } from './problems.ts';
import { type ActivePlan, RunKeeper } from './run-keeper.ts';
import { Supplies } from './supplies.ts';
import { judge, type Verdict } from './trigger.ts';

/** Ms between two looks at countdowns and at silence. */
const tickEvery = 1000;
/** A tick that comes so late (ms) means that this computer slept: what was read before is old. */
const sleptAfter = 15_000;

export interface EngineDeps {
  clock: Clock;
  sources: readonly UpsSource[];
  journals: JournalStore;
  steps: StepTable;
  newRunId(at: number): string;
  /** Something went wrong that no run's journal can tell. */
  report(error: unknown): void;
}

export type EngineChange = 'status' | 'run' | 'runs';

/** Monitor, trigger, run and return, joined. All that the app shows and does goes through here. */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #supplies = new Supplies();
  readonly #keeper: RunKeeper;
  readonly #listeners = new Set<(what: EngineChange) => void>();
  #plan: ActivePlan | null = null;
  #hosts: Host[] = [];
  #needs = 0;
  /** A run has been made for this outage: no second one until the mains have been back. */
  #outageServed = false;
  #hurried = false;
  #stopTick: () => void = () => undefined;
  #lastTick = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#keeper = new RunKeeper({ ...deps, changed: (what) => this.#changed(what) });
  }

  async start(): Promise<void> {
    // Whatever is wrong with old journals, the watch must begin.
    this.#outageServed = await this.#keeper.load().catch((error: unknown) => {
      this.#deps.report(error);
      return false;
    });
    for (const source of this.#deps.sources) source.start((event) => this.#take(event));
    this.#lastTick = this.#deps.clock.monotonic();
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
    this.#needs = plan ? planTimes(plan.sequence).needs : 0;
    this.#decide();
    this.#changed('status');
  }

  /** `secretIds`: the hosts for which a secret is kept. */
  check(sequence: Sequence, hosts: readonly Host[], secretIds: ReadonlySet<string>): CheckedPlan {
    return { problems: findProblems(sequence, hosts, secretIds), ...planTimes(sequence) };
  }

  /** The live run, or the last one of this session. */
  run(): RunView | null {
    return this.#keeper.view;
  }

  status(): StatusView {
    const at = this.#moment();
    const lefts = this.#supplies.all.map((one) => runtimeLeft(one, at).seconds).filter((left) => left !== null);
    const left = lefts.length > 0 ? Math.min(...lefts) : null;
    const run = this.#keeper.view;
    const needs = run?.phase === 'down' ? remaining(run, at.wall) : this.#needs;
    return {
      powers: this.#supplies.views(at),
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
    const onBattery = this.#supplies.onBattery;
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

  #take(event: UpsEvent): void {
    this.#supplies.take(event, this.#moment());
    const hurry = this.#supplies.onBattery || this.#supplies.suspicious;
    if (hurry !== this.#hurried) {
      this.#hurried = hurry;
      for (const source of this.#deps.sources) source.hurry(hurry);
    }
    this.#decide();
    this.#changed('status');
  }

  #tick(): void {
    this.#stopTick = this.#deps.clock.after(tickEvery, () => this.#tick());
    const mono = this.#deps.clock.monotonic();
    if (mono - this.#lastTick > sleptAfter) this.resumedFromSleep();
    this.#lastTick = mono;
    this.#decide();
    this.#changed('status');
  }

  /** The one place where things are set going. Called on every event and every second. */
  #decide(): void {
    const at = this.#moment();
    if (this.#supplies.onMains(at)) this.#outageServed = false;
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
    return judge(this.#supplies.all, this.#plan.sequence.triggers, this.#needs, at);
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
