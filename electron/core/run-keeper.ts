import { assertNever } from '../../shared/assert-never.ts';
import type { DecisionKind } from '../../shared/decision.ts';
import type { DurationSample } from '../../shared/durations.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { type RunView, replayRun } from '../../shared/run.ts';
import type { RunCause, RunRecord } from '../../shared/run-record.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { inTime, journalPatience } from './in-time.ts';
import type { Moment } from './monitor.ts';
import { nothingOwed, type Owed, owedBy } from './owed.ts';
import { expand } from './plan/expand.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import type { Clock, Journal, JournalStore, StepTable } from './ports.ts';
import { replayOrNothing, resumeAdvice } from './resume.ts';
import { RunDriver } from './run-driver.ts';
import { type ResumeWait, RunGuide } from './run-guide.ts';
import type { Supplies } from './supplies.ts';
import { provenByRestart } from './this-computer.ts';

export interface ActivePlan {
  sequence: Sequence;
  hash: string;
  armed: boolean;
}

export interface KeeperDeps {
  clock: Clock;
  journals: JournalStore;
  steps: StepTable;
  newRunId(at: number): string;
  report(error: unknown): void;
  changed(what: 'run' | 'runs'): void;
  /** How long steps take. */
  expected: ExpectedOf;
  /** A step was proven, and took so long. */
  timed(sample: DurationSample): void;
  /** What was decided for the run, in one sentence with its numbers. */
  decided(kind: DecisionKind, sentence: string, runId: string): void;
}

/** What a run is begun for. */
export interface Reason {
  cause: RunCause;
  why: string;
  /** Mains returning cancels it before the line and brings things back after it. */
  followsPower: boolean;
  /** The ids of the UPSes that fail. */
  upses: readonly string[];
  /** The ids of the hosts that it is for; null: all. */
  wanted: readonly string[] | null;
  /** The ids of the hosts that are signed in to: they are on. */
  met: readonly string[];
}

/** The life of the one run there can be: begun or resumed, down, waiting for the power, back, ended. */
export class RunKeeper {
  readonly #deps: KeeperDeps;
  #driver: RunDriver | null = null;
  #journal: Journal | null = null;
  /** Something is being done for the run: nothing else may be set going. */
  #busy = false;
  #guide: RunGuide | null = null;
  #endByHand = false;
  #owed: Owed = nothingOwed;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  get view(): RunView | null {
    return this.#driver?.view ?? null;
  }

  /** What the run waits for, in words; empty when it does not wait. */
  get waitsFor(): string {
    const phase = this.view?.phase;
    return phase === undefined || phase === 'ended' ? '' : (this.#guide?.waitsFor ?? '');
  }

  /** Only a run going down excludes another: one that waits for its return, or returns, gives way to a new outage. */
  get mayBegin(): boolean {
    return !this.#busy && this.view?.phase !== 'down';
  }

  /** It takes nothing more away. At once, while the journal and the view of the run tell it only when it is on disk. */
  get isCancelled(): boolean {
    return this.#driver?.isCancelled ?? false;
  }

  get isStarting(): boolean {
    return this.#busy && (this.view === null || this.view.phase === 'ended');
  }

  /**
   * Takes up the run that a crash left unfinished. True: it was made for an outage that may still last. Not so where this
   * computer was off and is on again: what is on battery then has to go down once more.
   */
  async load(): Promise<boolean> {
    const { clock, journals } = this.#deps;
    const found = await journals.unfinished();
    const ended = replayOrNothing(await journals.latestEnded());
    if (ended) this.#owed = owedBy(ended);
    if (!found) return false;
    const { records } = found;
    const run = replayRun(records);
    const now = clock.now();
    const proven = provenByRestart(records, run, now);
    const advice = resumeAdvice(run, proven, records.at(-1)?.at ?? 0, now);
    const wait = advice.wait ? { sinceMono: clock.monotonic(), recent: advice.recent } : null;
    const driver = this.#drive(records, found.journal, { wait });
    if (advice.isDown) driver.close();
    await driver.write({ type: 'resumed', at: clock.now(), why: advice.sentence });
    const { phase, followsPower } = driver.view;
    const mayLast = advice.recent || advice.isDown;
    return phase === 'waiting-for-return' || (phase === 'down' && followsPower && mayLast && proven.size === 0);
  }

  /** @throws FaultError `refused` while a run goes down */
  async begin(
    plan: ActivePlan,
    hosts: Host[],
    { cause, why, followsPower, upses, wanted, met }: Reason,
  ): Promise<void> {
    if (!this.mayBegin) {
      const remedy = 'Wait until it has ended.';
      throw new FaultError({ code: 'refused', what: 'a run is going on', where: plan.sequence.name, remedy });
    }
    this.#busy = true;
    try {
      if (this.#driver && this.view?.phase !== 'ended') {
        await this.#driver.end('gave way to a new run, which brings back what this one still owes');
        this.#finish();
      }
      const at = this.#deps.clock.now();
      const runId = this.#deps.newRunId(at);
      const { hash } = plan;
      const { sequence } = expand(plan.sequence, hosts);
      const { hosts: owed, guests: owedGuests, settings: owedSettings, waking } = this.#owed;
      const power = { followsPower, upses: [...upses], owed, owedGuests, owedSettings, waking, met: [...met] };
      const meant = wanted ? { wanted: [...wanted] } : {};
      const of = { runId, cause, why, sequence, hash, ...power, hosts, ...meant };
      const begun: RunRecord = { type: 'begun', version: 3, at, ...of };
      await this.#drive([begun], await this.#open(runId), null).writeFirst(begun);
      this.#deps.decided('started', why, runId);
    } finally {
      this.#busy = false;
    }
    this.#deps.changed('run');
    this.#deps.changed('runs');
  }

  /**
   * Going down: sends nothing more. Waiting for the return, or returning: ends the run, and nothing more comes back.
   * @throws FaultError `refused` past the point of no return, or when nothing is going on
   */
  cancel(why: string): void {
    const driver = this.#driver;
    if (!driver || driver.view.phase === 'ended') {
      const remedy = 'There is nothing to stop.';
      throw new FaultError({ code: 'refused', what: 'no run is going on', where: 'stop', remedy });
    }
    if (driver.view.phase === 'down') {
      driver.cancel(why);
      this.#deps.decided('cancelled', `Cancelled: ${why}`, driver.view.runId);
    } else {
      this.#endByHand = true;
      driver.haltReturn();
      this.#deps.decided('cancelled', `Cancelled: ${why}, nothing more is brought back`, driver.view.runId);
    }
    this.#deps.changed('run');
  }

  /**
   * More UPSes have failed: a run going down takes in these hosts too, null: all. Nothing is repeated or undone.
   * False: it takes nobody in any more, since it was cancelled or its way down is over: they need a run of their own.
   */
  widen(wanted: readonly string[] | null, why: string): boolean {
    const driver = this.#driver;
    if (driver?.view.phase !== 'down') return false;
    const before = driver.wanted;
    if (before === null) return !driver.isCancelled;
    const all = wanted && [...new Set([...before, ...wanted])];
    if (all?.length === before.size) return !driver.isCancelled;
    if (!driver.want(all, why)) return false;
    this.#deps.decided('widened', why, driver.view.runId);
    return true;
  }

  /**
   * A step that waits is left out; one that was sent is not waited for any longer.
   * @throws FaultError `refused` when it has ended, or another run is meant
   */
  skip(runId: string, stepId: string): void {
    const driver = this.#driver;
    if (!driver || driver.view.runId !== runId) {
      const remedy = 'Look at the run that is going on now.';
      throw new FaultError({ code: 'refused', what: 'this run is over', where: runId, remedy });
    }
    driver.skip(stepId);
  }

  /**
   * Sets going whatever the run's phase and the power allow. Called on every event and every second. `runtimeLeft`:
   * seconds of battery on which the hosts that the run is for can count; null: not known.
   */
  advance(supplies: Supplies, at: Moment, runtimeLeft: number | null): void {
    const driver = this.#driver;
    const guide = this.#guide;
    if (!driver || !guide || driver.view.phase === 'ended') return;
    const power = guide.look(supplies, at, runtimeLeft);
    if (this.#busy) return;
    const { phase } = driver.view;
    switch (phase) {
      case 'down':
        if (guide.mayGoDown(power, at)) this.#spawn(() => driver.goDown());
        break;
      case 'waiting-for-return':
      case 'return':
        this.#waitForReturn(driver, () => guide.mayReturn(power, at));
        break;
      default:
        assertNever(phase, 'run phase');
    }
  }

  #waitForReturn(driver: RunDriver, mayReturn: () => string | null): void {
    if (this.#endByHand) {
      this.#spawn(() => driver.end('ended by hand: nothing more is brought back', true));
      return;
    }
    if (!driver.hasToReturn) {
      this.#spawn(() => driver.end(null));
      return;
    }
    const why = mayReturn();
    if (why !== null) this.#spawn(() => driver.comeBack(why));
  }

  #spawn(work: () => Promise<void>): void {
    this.#busy = true;
    const ended = () => {
      this.#busy = false;
      if (this.view?.phase === 'ended') this.#finish();
      this.#deps.changed('run');
    };
    work()
      .catch((error: unknown) => this.#deps.report(error))
      .finally(ended);
  }

  #finish(): void {
    if (this.view) this.#owed = owedBy(this.view);
    this.#endByHand = false;
    this.#journal?.close().catch((error: unknown) => this.#deps.report(error));
    this.#journal = null;
    this.#deps.changed('runs');
  }

  async #open(runId: string): Promise<Journal> {
    try {
      return await inTime(this.#deps.clock, journalPatience, this.#deps.journals.create(runId));
    } catch (error) {
      this.#deps.report(error);
      return { append: () => Promise.reject(error), close: () => Promise.resolve() };
    }
  }

  /** @param resumed another process has driven it before; null: it is new */
  #drive(records: readonly RunRecord[], journal: Journal, resumed: { wait: ResumeWait | null } | null): RunDriver {
    this.#journal = journal;
    this.#endByHand = false;
    const { clock, steps, changed, timed } = this.#deps;
    const deps = { clock, journal, steps, timed, changed: () => changed('run') };
    const driver = new RunDriver(records, deps, resumed !== null);
    this.#driver = driver;
    this.#guide = new RunGuide(driver, this.#deps, resumed?.wait ?? null);
    return driver;
  }
}
