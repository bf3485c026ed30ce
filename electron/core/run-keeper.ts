import { assertNever } from '../../shared/assert-never.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { type RunView, replayRun } from '../../shared/run.ts';
import type { RunCause, RunRecord } from '../../shared/run-record.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { Moment } from './monitor.ts';
import { owedBy } from './owed.ts';
import type { Clock, Journal, JournalStore, StepTable } from './ports.ts';
import { resumeAdvice, waitForPower } from './resume.ts';
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

/** The life of the one run there can be: begun or resumed, down, waiting for the power, back, ended. */
export class RunKeeper {
  readonly #deps: KeeperDeps;
  #driver: RunDriver | null = null;
  #journal: Journal | null = null;
  /** Something is being done for the run: nothing else may be set going. */
  #busy = false;
  #resumeWait: { sinceMono: number; recent: boolean } | null = null;
  #owed: string[] = [];
  /** What the run waits for, in words; empty when it does not wait. */
  waitsFor = '';
  /** The power as the journal last told it. */
  #toldPower: 'mains' | 'battery' | 'not known' | null = null;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  get view(): RunView | null {
    return this.#driver?.view ?? null;
  }

  get isLive(): boolean {
    return this.#busy || (this.#driver !== null && this.#driver.view.phase !== 'ended');
  }

  get canBeCancelled(): boolean {
    return this.#driver?.canBeCancelled ?? false;
  }

  /** Takes up the run that a crash left unfinished. */
  async load(): Promise<void> {
    const { clock, journals } = this.#deps;
    const ended = await journals.latestEnded();
    if (ended) this.#owed = owedBy(replayRun(ended));
    const found = await journals.unfinished();
    if (!found) return;
    const driver = this.#drive(found.records, found.journal);
    const advice = resumeAdvice(driver.view, found.records.at(-1)?.at ?? 0, clock.now());
    await driver.write({ type: 'resumed', at: clock.now(), why: advice.sentence });
    if (advice.wait) this.#resumeWait = { sinceMono: clock.monotonic(), recent: advice.recent };
  }

  async begin(plan: ActivePlan, hosts: Host[], cause: RunCause, why: string, followsPower: boolean): Promise<void> {
    if (this.isLive)
      throw new FaultError({
        code: 'refused',
        what: 'a run is going on',
        where: plan.sequence.name,
        remedy: 'Wait until it has ended.',
      });
    this.#busy = true;
    try {
      const at = this.#deps.clock.now();
      const runId = this.#deps.newRunId(at);
      const begun: RunRecord = {
        type: 'begun',
        version: 1,
        at,
        runId,
        cause,
        why,
        sequence: plan.sequence,
        hash: plan.hash,
        followsPower,
        owed: this.#owed,
        hosts,
      };
      const journal = await this.#open(runId);
      const driver = this.#drive([begun], journal);
      await driver.persistFirst(begun);
    } finally {
      this.#busy = false;
    }
    this.#deps.changed('run');
    this.#deps.changed('runs');
  }

  /** @throws FaultError `refused` past the point of no return, or when nothing is going on. */
  cancel(why: string): void {
    if (!this.#driver || !this.isLive) {
      throw new FaultError({
        code: 'refused',
        what: 'no run is going on',
        where: 'stop',
        remedy: 'There is nothing to stop.',
      });
    }
    this.#driver.cancel(why);
    this.#deps.changed('run');
  }

  /** Sets going whatever the run's phase and the power allow. Called on every event and every second. */
  advance(supplies: Supplies, at: Moment): void {
    const driver = this.#driver;
    if (!driver) return;
    const { view } = driver;
    const onMains = supplies.onMains(at);
    if (view.phase !== 'ended') this.#tellPower(driver, supplies, onMains, at);
    if (view.phase === 'down' && view.followsPower && onMains && driver.canBeCancelled) {
      driver.cancel('the mains are back before the point of no return');
    }
    if (this.#busy) return;
    this.waitsFor = '';
    switch (view.phase) {
      case 'down':
        if (this.#mayGoDown(driver, supplies, onMains, at)) this.#spawn(() => driver.goDown());
        break;
      case 'waiting-for-return':
        this.#waitForReturn(driver, supplies, at);
        break;
      case 'return':
        this.waitsFor = onMains ? '' : 'Waiting for the power before the return goes on';
        if (onMains) this.#spawn(() => driver.comeBack('the return goes on', () => !supplies.onBattery));
        break;
      case 'ended':
        break;
      default:
        assertNever(view.phase, 'run phase');
    }
  }

  #waitForReturn(driver: RunDriver, supplies: Supplies, at: Moment): void {
    if (!driver.view.followsPower || !driver.hasActed) {
      this.#spawn(() => driver.end());
      return;
    }
    const verdict = mayReturn(supplies.all, driver.view.sequence.returnWhen, at);
    this.waitsFor = verdict.sentence;
    if (verdict.ready) this.#spawn(() => driver.comeBack(verdict.sentence, () => !supplies.onBattery));
  }

  #tellPower(driver: RunDriver, supplies: Supplies, onMains: boolean, at: Moment): void {
    const power = onMains ? 'mains' : supplies.onBattery ? 'battery' : 'not known';
    if (power === this.#toldPower) return;
    this.#toldPower = power;
    const detail = supplies.views(at).map((view) => `${view.ups.name}: ${view.sentence}`);
    driver.note(`Power: ${power}. ${detail.join('; ')}`).catch((error: unknown) => this.#deps.report(error));
  }

  /** A resumed run goes down only with proof: on battery, or cut off so recently that silence is no answer. */
  #mayGoDown(driver: RunDriver, supplies: Supplies, onMains: boolean, at: Moment): boolean {
    const wait = this.#resumeWait;
    if (!wait) return true;
    if (!supplies.onBattery && !onMains) {
      const patient = at.mono - wait.sinceMono < waitForPower;
      this.waitsFor = 'Waiting for the UPS to say where the power comes from';
      if (patient || !wait.recent) return false;
    }
    if (onMains) driver.abandon('the mains were back when Glidepath was started again');
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
    this.#toldPower = null;
    const { clock, steps, changed } = this.#deps;
    this.#driver = new RunDriver(records, { clock, journal, steps, changed: () => changed('run') });
    return this.#driver;
  }
}
