import { type Fault, FaultError, toFault } from '../../shared/fault.ts';
import { applyRecord, type RunView, replayRun, type StepView } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Clock, Journal, StepTable } from './ports.ts';
import { targetOf } from './problems.ts';
import { runStep } from './step-runner.ts';

export interface RunDeps {
  clock: Clock;
  journal: Journal;
  steps: StepTable;
  /** The run's view has changed. */
  changed(): void;
}

const endedWell = (state: StepView['state']): boolean => state === 'done' || state === 'already';
const hasEnded = (state: StepView['state']): boolean => state !== 'waiting' && state !== 'active';

/** One run, driven from wherever its journal stands. Every change goes through the journal first. */
export class RunDriver {
  #view: RunView;
  readonly #deps: RunDeps;
  readonly #cancelListeners = new Set<() => void>();
  #cancelled: string | null = null;
  #lineReached: boolean;
  #queue: Promise<void> = Promise.resolve();
  /** Lines that steps told since they began; for the live view only, never needed to resume. */
  readonly telling = new Map<string, string>();

  constructor(records: readonly RunRecord[], deps: RunDeps) {
    this.#view = replayRun(records);
    this.#deps = deps;
    this.#lineReached = this.#view.noReturnAt !== null;
  }

  get view(): RunView {
    return this.#view;
  }

  /** Records are written in the order in which they are made; the view changes once a record is on disk. */
  write(record: RunRecord): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      await this.#append(record);
      this.#view = applyRecord(this.#view, record);
      this.#deps.changed();
    });
    return this.#queue;
  }

  /** A full disk must not leave the hosts running until the battery is empty: it goes on in memory, and says so. */
  async #append(record: RunRecord): Promise<void> {
    try {
      await this.#deps.journal.append(record);
    } catch (error) {
      this.#view = applyRecord(this.#view, { type: 'note', at: record.at, sentence: journalTrouble(error) });
    }
  }

  /** Puts the record that the view was made from on disk. */
  persistFirst(begun: RunRecord): Promise<void> {
    this.#queue = this.#queue.then(() => this.#append(begun));
    return this.#queue;
  }

  note(sentence: string): Promise<void> {
    return this.write({ type: 'note', at: this.#deps.clock.now(), sentence });
  }

  /** @throws FaultError `refused` when the point of no return has been reached. */
  cancel(why: string): void {
    if (this.#lineReached || this.#view.phase !== 'down') {
      throw new FaultError({
        code: 'refused',
        what: 'the run has passed its point of no return: it is completed, then the return follows',
        where: this.#view.sequence.name,
        remedy: 'Wait until it has ended; what was powered off is woken when the power is stable.',
      });
    }
    this.abandon(why);
  }

  /** Sends nothing more, wherever the run stands: it is so old that the world has moved on. */
  abandon(why: string): void {
    this.#cancelled ??= why;
    for (const call of this.#cancelListeners) call();
  }

  get canBeCancelled(): boolean {
    return !this.#lineReached && this.#view.phase === 'down' && this.#cancelled === null;
  }

  /** Goes down, stage by stage, up to the record `down-ended`. */
  async goDown(): Promise<void> {
    let stopped = false;
    let past = false;
    for (const stage of this.#view.sequence.stages) {
      past ||= stage.id === this.#view.sequence.pointOfNoReturn;
      if (past && !this.#lineReached && this.#cancelled === null && !stopped) {
        this.#lineReached = true;
        await this.write({ type: 'no-return', at: this.#deps.clock.now() });
      }
      stopped = !(await this.#runStage(stage, stopped ? 'not begun: an earlier step failed' : null)) || stopped;
    }
    const steps = this.#stepsOf(this.#view.sequence.stages);
    const failures = steps.filter((step) => step.state === 'failed').length;
    const result = this.#cancelled !== null ? 'cancelled' : failures > 0 ? 'failed' : 'done';
    const why =
      this.#cancelled ??
      (failures > 0 ? `${failures} of ${steps.length} steps failed` : `all ${steps.length} steps are proven`);
    await this.write({ type: 'down-ended', at: this.#deps.clock.now(), result, why });
  }

  /** True when something was sent that the return has to bring back. */
  get hasActed(): boolean {
    const steps = this.#view.sequence.stages.flatMap((stage) => stage.steps);
    return steps.some((step) => stepKinds[step.kind].destructive && this.#stateOf(step).attempt > 0);
  }

  /** Brings things back; `stillPowered` is asked before each stage. Ends the run. */
  async comeBack(why: string, stillPowered: () => boolean): Promise<void> {
    const { clock } = this.#deps;
    if (this.#view.phase !== 'return') await this.write({ type: 'return-begun', at: clock.now(), why });
    let stopped: string | null = null;
    for (const stage of this.#view.sequence.returnStages) {
      if (stopped === null && !stillPowered()) stopped = 'not begun: the power has failed again';
      const went = await this.#runStage(stage, stopped);
      if (!went && stopped === null) stopped = 'not begun: an earlier step failed';
    }
    await this.end();
  }

  async end(): Promise<void> {
    const all = this.#stepsOf([...this.#view.sequence.stages, ...this.#view.sequence.returnStages]);
    const failures = all.filter((step) => step.state === 'failed').length;
    const result = failures > 0 ? 'failed' : (this.#view.downResult ?? 'done');
    const why =
      failures > 0
        ? `ended with ${failures} failed steps`
        : result === 'cancelled'
          ? 'ended after it was cancelled'
          : 'ended well';
    await this.write({ type: 'ended', at: this.#deps.clock.now(), result, why });
  }

  #stepsOf(stages: readonly Stage[]): StepView[] {
    return stages.flatMap((stage) => stage.steps.map((step) => this.#stateOf(step)));
  }

  #stateOf(step: Step): StepView {
    const view = this.#view.steps[step.id];
    if (!view) throw new Error(`step ${step.id} is not in its own run`);
    return view;
  }

  /** Runs what is ready, at once; resolves when every step has ended. False: a `stop` step failed. */
  async #runStage(stage: Stage, stopped: string | null): Promise<boolean> {
    const active = new Map<string, Promise<void>>();
    let halted = stopped;
    for (;;) {
      for (const step of stage.steps) {
        const state = this.#stateOf(step);
        if (active.has(step.id) || hasEnded(state.state)) continue;
        const blocked = halted ?? this.#cancelledBefore(state) ?? this.#needMissing(step) ?? this.#offBefore(step);
        if (blocked !== null) await this.#skip(step, blocked);
        else if (step.needs.every((need) => endedWell(this.#view.steps[need]?.state ?? 'waiting'))) {
          active.set(
            step.id,
            this.#runStep(step).finally(() => active.delete(step.id)),
          );
        }
      }
      if (active.size === 0) break;
      await Promise.race(active.values());
      if (stage.steps.some((step) => step.onFailure === 'stop' && this.#stateOf(step).state === 'failed')) {
        halted ??= 'not begun: an earlier step failed';
      }
    }
    for (const step of stage.steps) {
      if (!hasEnded(this.#stateOf(step).state))
        await this.#skip(step, 'never ready: the steps it needs wait for each other');
    }
    return !stage.steps.some((step) => step.onFailure === 'stop' && this.#stateOf(step).state === 'failed');
  }

  /** What was sent before the cancel (or before a crash) is followed to its end. */
  #cancelledBefore(state: StepView): string | null {
    if (this.#cancelled === null || this.#view.phase !== 'down') return null;
    return state.inDoubt || state.accepted ? null : `not begun: ${this.#cancelled}`;
  }

  #needMissing(step: Step): string | null {
    const bad = step.needs.find((need) => {
      const state = this.#view.steps[need]?.state ?? 'failed';
      return state === 'failed' || state === 'skipped';
    });
    return bad === undefined ? null : `not begun: it needs ${bad}, which did not end well`;
  }

  /** A host that was off before the run stays off. */
  #offBefore(step: Step): string | null {
    const target = targetOf(step);
    if (this.#view.phase !== 'return' || target === null || this.#view.owed.includes(target)) return null;
    const offSteps = this.#view.sequence.stages
      .flatMap((stage) => stage.steps)
      .filter((other) => other.kind === 'power-off' && other.target === target);
    const wasOff = offSteps.length > 0 && offSteps.every((other) => this.#stateOf(other).state === 'already');
    return wasOff ? 'left as it was: the host was off before the run' : null;
  }

  #skip(step: Step, proof: string): Promise<void> {
    return this.write({
      type: 'step-ended',
      at: this.#deps.clock.now(),
      step: step.id,
      result: 'skipped',
      proof,
      fault: null,
      data: {},
    });
  }

  async #runStep(step: Step): Promise<void> {
    const target = targetOf(step);
    const host = this.#view.hosts.find((each) => each.id === target) ?? null;
    if (target !== null && host === null) {
      await this.write({
        type: 'step-ended',
        at: this.#deps.clock.now(),
        step: step.id,
        result: 'failed',
        proof: '',
        fault: noHost(target),
        data: {},
      });
      return;
    }
    await runStep({
      step,
      view: () => this.#stateOf(step),
      actions: this.#deps.steps[step.kind],
      clock: this.#deps.clock,
      write: (record) => this.write(record),
      isCancelled: () => this.#cancelled !== null && this.#view.phase === 'down',
      onCancel: (call) => {
        this.#cancelListeners.add(call);
        return () => this.#cancelListeners.delete(call);
      },
      context: {
        step,
        host,
        earlier: this.#earlierData(),
        tell: (line) => {
          this.telling.set(step.id, line);
          this.#deps.changed();
        },
      },
    });
  }

  #earlierData(): { step: Step; data: StepView['data'] }[] {
    return [...this.#view.sequence.stages, ...this.#view.sequence.returnStages]
      .flatMap((stage) => stage.steps)
      .filter((step) => Object.keys(this.#stateOf(step).data).length > 0)
      .map((step) => ({ step, data: this.#stateOf(step).data }));
  }
}

const noHost = (id: string): Fault => ({
  code: 'reference-missing',
  what: `there is no host "${id}"`,
  where: id,
  remedy: 'Add the host under Setup, or choose another target.',
});

const journalTrouble = (error: unknown): string =>
  `The journal could not be written (${toFault(error, 'journal').what}): the run goes on without it, and could not be resumed after a crash`;
