import { assertNever } from '../../shared/assert-never.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { RunView } from '../../shared/run.ts';
import type { RunCause, RunRecord } from '../../shared/run-record.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { hostsOf, type PlanPower } from './feeding.ts';
import type { Moment } from './monitor.ts';
import { nothingOwed, type Owed, owedBy } from './owed.ts';
import type { Clock, Journal, JournalStore, StepTable } from './ports.ts';
import { replayOrNothing, resumeAdvice, waitForPower } from './resume.ts';
import { mayReturn } from './return-gate.ts';
import { RunDriver } from './run-driver.ts';
import type { Supplies } from './supplies.ts';

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
}

/** What a run is begun for. */
export interface Reason {
  cause: RunCause;
  why: string;
  /** Mains returning cancels it before the line and brings things back after it. */
  followsPower: boolean;
  /** The ids of the UPSes that fail. */
  upses: readonly string[];
}

/** The life of the one run there can be: begun or resumed, down, waiting for the power, back, ended. */
export class RunKeeper {
  readonly #deps: KeeperDeps;
  #driver: RunDriver | null = null;
  #journal: Journal | null = null;
  /** Something is being done for the run: nothing else may be set going. */
  #busy = false;
  #resumeWait: { sinceMono: number; recent: boolean } | null = null;
  #endByHand = false;
  #owed: Owed = nothingOwed;
  /** The power as the journal last told it. */
  #toldPower: 'mains' | 'battery' | 'not known' | null = null;
  /** What the run waits for, in words; empty when it does not wait. */
  waitsFor = '';

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  get view(): RunView | null {
    return this.#driver?.view ?? null;
  }

  /** Only a run going down excludes another: one that waits for its return, or returns, gives way to a new outage. */
  get mayBegin(): boolean {
    return !this.#busy && this.view?.phase !== 'down';
  }

  get isStarting(): boolean {
    return this.#busy && (this.view === null || this.view.phase === 'ended');
  }

  /** Takes up the run that a crash left unfinished. True: it was made for an outage that may still last. */
  async load(): Promise<boolean> {
    const { clock, journals } = this.#deps;
    const found = await journals.unfinished();
    const ended = replayOrNothing(await journals.latestEnded());
    if (ended) this.#owed = owedBy(ended);
    if (!found) return false;
    const driver = this.#drive(found.records, found.journal);
    const advice = resumeAdvice(driver.view, found.records.at(-1)?.at ?? 0, clock.now());
    if (advice.wait) this.#resumeWait = { sinceMono: clock.monotonic(), recent: advice.recent };
    await driver.write({ type: 'resumed', at: clock.now(), why: advice.sentence });
    const { phase, followsPower } = driver.view;
    return phase === 'waiting-for-return' || (phase === 'down' && followsPower && advice.recent);
  }

  /** @throws FaultError `refused` while a run goes down */
  async begin(plan: ActivePlan, hosts: Host[], { cause, why, followsPower, upses }: Reason): Promise<void> {
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
      const { sequence, hash } = plan;
      const { hosts: owed, guests: owedGuests } = this.#owed;
      const power = { followsPower, upses: [...upses], owed, owedGuests };
      const begun: RunRecord = { type: 'begun', version: 1, at, runId, cause, why, sequence, hash, ...power, hosts };
      await this.#drive([begun], await this.#open(runId)).writeFirst(begun);
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
    } else {
      this.#endByHand = true;
      driver.haltReturn();
    }
    this.#deps.changed('run');
  }

  /** Sets going whatever the run's phase and the power allow. Called on every event and every second. */
  advance(supplies: Supplies, at: Moment): void {
    const driver = this.#driver;
    if (!driver) return;
    const { view } = driver;
    // What matters is the power of the hosts that this run is about, as they were when it began.
    const power = supplies.powerFor(hostsOf(view.sequence, view.hosts), at, view.upses);
    if (view.phase !== 'ended') this.#tellPower(driver, supplies, power, at);
    if (view.phase === 'down' && view.followsPower && power.mains && driver.canBeCancelled) {
      driver.cancel('the mains are back before the point of no return');
    }
    if (view.phase === 'return' && power.failing) driver.haltReturn();
    if (this.#busy) return;
    this.waitsFor = '';
    switch (view.phase) {
      case 'down':
        if (this.#mayGoDown(driver, power, at)) this.#spawn(() => driver.goDown());
        break;
      case 'waiting-for-return':
      case 'return':
        this.#waitForReturn(driver, power, at);
        break;
      case 'ended':
        break;
      default:
        assertNever(view.phase, 'run phase');
    }
  }

  #waitForReturn(driver: RunDriver, power: PlanPower, at: Moment): void {
    if (this.#endByHand) {
      this.#spawn(() => driver.end('ended by hand: nothing more is brought back', true));
      return;
    }
    if (!driver.hasToReturn) {
      this.#spawn(() => driver.end(null));
      return;
    }
    const verdict = mayReturn(power, driver.view.sequence.returnWhen, at);
    this.waitsFor = verdict.sentence;
    if (verdict.ready) this.#spawn(() => driver.comeBack(verdict.sentence));
  }

  #tellPower(driver: RunDriver, supplies: Supplies, { failing, mains }: PlanPower, at: Moment): void {
    const power = failing ? 'battery' : mains ? 'mains' : 'not known';
    if (power === this.#toldPower) return;
    this.#toldPower = power;
    const detail = supplies.views(at).map((view) => `${view.ups.name}: ${view.sentence}`);
    void driver.note(`Power: ${power}. ${detail.join('; ')}`);
  }

  /**
   * A resumed run goes down only with proof, and only if it is recent: an old one belongs to an outage that is over,
   * and whether this one needs a shutdown is for the triggers to say.
   */
  #mayGoDown(driver: RunDriver, power: PlanPower, at: Moment): boolean {
    const wait = this.#resumeWait;
    if (!wait || driver.isCancelled) return true;
    if (!power.failing && !power.mains) {
      this.waitsFor = 'Waiting for the UPS to say where the power comes from';
      if (at.mono - wait.sinceMono < waitForPower || !wait.recent) return false;
    }
    if (!wait.recent)
      driver.abandon('it is too old to go on: what it did is brought back, and a new outage gets a run of its own');
    else if (power.mains) driver.abandon('the mains were back when Glidepath was started again');
    this.#resumeWait = null;
    return true;
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
      return await this.#deps.journals.create(runId);
    } catch (error) {
      this.#deps.report(error);
      return { append: () => Promise.reject(error), close: () => Promise.resolve() };
    }
  }

  #drive(records: readonly RunRecord[], journal: Journal): RunDriver {
    this.#journal = journal;
    this.#resumeWait = null;
    this.#endByHand = false;
    this.#toldPower = null;
    const { clock, steps, changed } = this.#deps;
    this.#driver = new RunDriver(records, { clock, journal, steps, changed: () => changed('run') });
    return this.#driver;
  }
}
