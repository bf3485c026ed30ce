import type { Decision } from '../../shared/decision.ts';
import type { DurationsFile } from '../../shared/durations.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Detail } from '../../shared/reading.ts';
import type { RunView } from '../../shared/run.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { CheckedPlan, StatusView } from '../../shared/view.ts';
import { checkPlan, type ToCheck } from './check-plan.ts';
import { countdownOf, groupCountdownOf } from './countdown.ts';
import { Decider } from './decider.ts';
import { DecisionLog } from './decisions.ts';
import { DurationsKeeper } from './durations-keeper.ts';
import { LearningKeeper } from './learning-keeper.ts';
import { isSilent, type Moment } from './monitor.ts';
import { refusal } from './orders.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import type {
  Clock,
  Countdown,
  DurationStore,
  JournalStore,
  LearnedStore,
  OrderedUps,
  StepTable,
  UpsEvent,
  UpsSource,
  Warmer,
} from './ports.ts';
import { type ActivePlan, RunKeeper } from './run-keeper.ts';
import { statusOf } from './status.ts';
import { Supplies } from './supplies.ts';
import { Warmth } from './warmth.ts';

/** Ms between two looks at countdowns and at silence. */
const tickEvery = 1000;
/** A tick that comes so late (ms) means that this computer slept: what was read before is old. */
const sleptAfter = 15_000;

export interface EngineDeps {
  clock: Clock;
  sources: readonly UpsSource[];
  journals: JournalStore;
  learned: LearnedStore;
  durations: DurationStore;
  /** Opens connections before they are needed; null: nothing is opened before its step. */
  warmer: Warmer | null;
  steps: StepTable;
  newRunId(at: number): string;
  /** A decision was made, or is still held to. */
  decided(decision: Decision): void;
  /** Something went wrong that no run's journal can tell. */
  report(error: unknown): void;
}

export type EngineChange = 'status' | 'run' | 'runs';

/** Monitor, trigger, run and return, joined. All that the app shows and does goes through here. */
export class Engine {
  readonly #deps: EngineDeps;
  readonly #learning: LearningKeeper;
  readonly #durations: DurationsKeeper;
  readonly #supplies: Supplies;
  readonly #keeper: RunKeeper;
  readonly #decider: Decider;
  readonly #warmth: Warmth | null;
  readonly #listeners = new Set<(what: EngineChange) => void>();
  #hurried = false;
  #stopTick: () => void = () => undefined;
  #lastTick: Moment = { wall: 0, mono: 0 };

  constructor(deps: EngineDeps) {
    const { clock, report, warmer } = deps;
    this.#deps = deps;
    this.#learning = new LearningKeeper(deps.learned, report);
    this.#durations = new DurationsKeeper({ store: deps.durations, changed: () => this.#learned(), report });
    this.#supplies = new Supplies((upsId) => this.#learning.of(upsId));
    this.#warmth = warmer && new Warmth({ warmer, clock, changed: () => this.#changed('status') });
    const log = new DecisionLog((decision) => this.#guarded(() => deps.decided(decision)));
    this.#keeper = new RunKeeper({
      ...deps,
      changed: (what) => this.#changed(what),
      expected: this.expected,
      timed: (sample) => this.#durations.add(sample),
      decided: (kind, sentence, runId) => log.told(kind, sentence, runId, this.#moment()),
    });
    this.#decider = new Decider({
      supplies: this.#supplies,
      keeper: this.#keeper,
      log,
      warmth: this.#warmth,
      expected: this.expected,
      now: () => this.#moment(),
      report,
    });
  }

  /** How long a step takes, as far as is known by now. */
  readonly expected: ExpectedOf = (step, host) => this.#durations.expected(step, host);

  async start(): Promise<void> {
    // Whatever is wrong with old journals, the watch must begin.
    const isResumed = await this.#keeper.load().catch((error: unknown) => {
      this.#deps.report(error);
      return false;
    });
    if (isResumed) this.#supplies.resumed();
    this.#lastTick = this.#moment();
    this.#learning.load((upsId, discharges) => this.#supplies.learn(upsId, discharges));
    this.#durations.load();
    this.#deps.sources.forEach((source, index) => {
      source.start((event) => this.#take(event, index));
    });
    this.#tick();
  }

  async stop(): Promise<void> {
    this.#stopTick();
    this.#warmth?.release();
    await Promise.all(this.#deps.sources.map((source) => source.stop()));
  }

  /** Returns the function that ends the subscription. */
  onChange(listener: (what: EngineChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setPlan(plan: ActivePlan | null, hosts: Host[]): void {
    this.#decider.setPlan(plan, hosts);
    this.#decide();
    this.#changed('status');
  }

  /** The UPSes that belong to the rack, with the user's names for them: one that is not there is missed. */
  setSupplies(known: readonly KnownSupply[]): void {
    this.#supplies.setKnown(known, this.#moment());
    this.#decide();
    this.#changed('status');
  }

  /** What is wrong with a sequence, and how long it takes, as far as is known by now. */
  check(asked: ToCheck): CheckedPlan {
    return checkPlan(asked, this.expected, this.#supplies, this.#moment());
  }

  /** Everything that was learned of how long steps take. */
  durations(): DurationsFile {
    return this.#durations.file();
  }

  /** The live run, or the last one of this session. */
  run(): RunView | null {
    return this.#keeper.view;
  }

  status(): StatusView {
    const { expected } = this;
    const shown = { decider: this.#decider, supplies: this.#supplies, keeper: this.#keeper, warmth: this.#warmth };
    return statusOf({ ...shown, expected }, this.#moment());
  }

  /**
   * On battery it is for those for whom the triggers would begin it, on mains for all.
   * @throws FaultError `refused` when there is no plan or a run is going on
   */
  startByHand(): Promise<void> {
    return this.#decider.startByHand(this.#moment());
  }

  /**
   * Puts the start off that is counted down to by the runtime, the charge or the time on battery; never beyond the latest
   * start at which the plan still fits the battery. Low battery and a forced shutdown start it all the same.
   * @throws FaultError `refused` when nothing is counting, or nothing can be put off any more
   */
  postpone(seconds: number): void {
    this.#decider.postpone(seconds, this.#moment());
    this.#changed('status');
  }

  /** @throws FaultError `refused` past the point of no return, or when nothing is going on. */
  cancel(): void {
    this.#keeper.cancel('stopped by hand');
  }

  /**
   * A step that waits is left out; one that was sent is not waited for any longer.
   * @throws FaultError `refused` when it has ended, or another run is meant
   */
  skip(runId: string, step: string): void {
    this.#keeper.skip(runId, step);
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

  /** A UPS that a step may tell something; null: it has not been found, or does not answer. */
  orderedUps(upsId: string): OrderedUps | null {
    const { one, known } = this.#supplies.exactly(upsId);
    if (!one || one.unseen || isSilent(one, this.#moment())) return null;
    const { name, offers, outletGroups } = one.ups;
    return { name, offers, outletGroups, allowed: known?.commandsAllowed === true };
  }

  /** @throws FaultError `refused` when nobody knows it, `ups-lost` */
  async countdown(upsId: string, outlet: number | null = null): Promise<Countdown> {
    const details = await this.#sourceOf(upsId).details(upsId);
    if (outlet !== null) return groupCountdownOf(details, outlet);
    return countdownOf(details, this.#supplies.exactly(upsId).one?.reading ?? null);
  }

  /** @throws FaultError `refused` */
  #sourceOf(upsId: string): UpsSource {
    const source = this.#deps.sources.find((each) => each.has(upsId));
    if (source) return source;
    const where = this.#supplies.find(upsId)?.ups.name ?? upsId;
    const remedy = 'Connect it, and wait until it is found.';
    throw new FaultError({ code: 'refused', what: 'no such UPS has been found', where, remedy });
  }

  /** This computer slept: every UPS is asked anew before anything is concluded. */
  resumedFromSleep(): void {
    const at = this.#moment();
    // The monotonic clock may have stood still, the other one may have been set: the longer of the two.
    const gap = Math.max(at.mono - this.#lastTick.mono, at.wall - this.#lastTick.wall, 0);
    this.#lastTick = at;
    this.#supplies.forget(gap, at);
    // Nobody knows how much of the time for which it was put off is over.
    this.#decider.forgetPostponement();
    this.#changed('status');
  }

  #moment(): Moment {
    return { wall: this.#deps.clock.now(), mono: this.#deps.clock.monotonic() };
  }

  #learned(): void {
    this.#decider.learned();
    this.#changed('status');
  }

  #changed(what: EngineChange): void {
    // A view that fails must stop neither the watch nor a run.
    for (const listener of this.#listeners) this.#guarded(() => listener(what));
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#deps.report(error);
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

  #decide(): void {
    this.#decider.decide(this.#moment());
  }

  /** A reading may come before the tick that is overdue: what was known before it is just as old by then. */
  #noticeSleep(): void {
    if (this.#deps.clock.monotonic() - this.#lastTick.mono > sleptAfter) this.resumedFromSleep();
  }
}
