import { FaultError } from '../../shared/fault.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Permit } from './permit.ts';
import type { Clock, Journal, StepTable } from './ports.ts';
import { RunWriter } from './run-writer.ts';
import { StageRunner } from './stage-runner.ts';

export interface RunDeps {
  clock: Clock;
  journal: Journal;
  steps: StepTable;
  /** The run's view has changed. */
  changed(): void;
}

/** One run, driven from wherever its journal stands. Every change goes through the journal first. */
export class RunDriver {
  readonly #writer: RunWriter;
  readonly #clock: Clock;
  readonly #stages: StageRunner;
  readonly #listeners = new Set<() => void>();
  #cancelled: string | null;
  #isHalted = false;
  #lineReached: boolean;

  constructor(records: readonly RunRecord[], deps: RunDeps) {
    this.#clock = deps.clock;
    this.#writer = new RunWriter(records, deps.journal, deps.clock, deps.changed);
    this.#lineReached = this.view.noReturnAt !== null;
    this.#cancelled = this.view.cancelled;
    const permit: Permit = {
      refusal: () => (this.view.phase === 'down' ? this.#cancelled : null),
      isHalted: () => this.#isHalted && this.view.phase === 'return',
      onChange: (call) => {
        this.#listeners.add(call);
        return () => this.#listeners.delete(call);
      },
    };
    this.#stages = new StageRunner(this.#writer, deps, permit);
  }

  get view(): RunView {
    return this.#writer.view;
  }

  write(record: RunRecord): Promise<void> {
    return this.#writer.write(record);
  }

  writeFirst(begun: RunRecord): Promise<void> {
    return this.#writer.writeFirst(begun);
  }

  note(sentence: string): Promise<void> {
    return this.write({ type: 'note', at: this.#clock.now(), sentence });
  }

  get canBeCancelled(): boolean {
    return !this.#lineReached && this.view.phase === 'down' && this.#cancelled === null;
  }

  /** @throws FaultError `refused` when the point of no return has been reached. */
  cancel(why: string): void {
    if (this.#lineReached) {
      throw new FaultError({
        code: 'refused',
        what: 'the run has passed its point of no return: it is completed, then the return follows',
        where: this.view.sequence.name,
        remedy: 'Wait until it has ended; what was powered off is woken when the power is stable.',
      });
    }
    this.abandon(why);
  }

  /** Sends nothing more, wherever the run stands. What was sent is followed to its end. */
  abandon(why: string): void {
    if (this.#cancelled !== null) return;
    this.#cancelled = why;
    this.#tell();
    void this.write({ type: 'cancelled', at: this.#clock.now(), why });
  }

  get isCancelled(): boolean {
    return this.#cancelled !== null;
  }

  /** The power has failed again: the return stops where it stands, and can go on from there. */
  haltReturn(): void {
    this.#isHalted = true;
    this.#tell();
  }

  #tell(): void {
    for (const call of this.#listeners) call();
  }

  /** Goes down, stage by stage, up to the record `down-ended`. */
  async goDown(): Promise<void> {
    let stopped = false;
    let past = false;
    for (const stage of this.view.sequence.stages) {
      past ||= stage.id === this.view.sequence.pointOfNoReturn;
      if (past && !this.#lineReached && this.#cancelled === null && !stopped) {
        this.#lineReached = true;
        await this.write({ type: 'no-return', at: this.#clock.now() });
      }
      const went = await this.#stages.run(stage, stopped ? 'not begun: an earlier step failed' : null);
      stopped ||= !went;
    }
    const steps = this.#stepsOf(this.view.sequence.stages);
    const failures = steps.filter((step) => step.state === 'failed').length;
    const result = this.#cancelled !== null ? 'cancelled' : failures > 0 ? 'failed' : 'done';
    const tally = failures > 0 ? `${failures} of ${steps.length} steps failed` : `all ${steps.length} steps are proven`;
    await this.write({ type: 'down-ended', at: this.#clock.now(), result, why: this.#cancelled ?? tally });
  }

  /** There is something that a return has to bring back: of this run, or still owed by earlier ones. */
  get hasToReturn(): boolean {
    const { view } = this;
    if (!view.followsPower && view.downResult !== 'cancelled') return false;
    if (view.followsPower && (view.owed.length > 0 || Object.keys(view.owedGuests).length > 0)) return true;
    const steps = view.sequence.stages.flatMap((stage) => stage.steps);
    return steps.some((step) => stepKinds[step.kind].destructive && (view.steps[step.id]?.attempt ?? 0) > 0);
  }

  /** Brings things back, and ends the run; or stops where it stands when it is halted, with the phase still `return`. */
  async comeBack(why: string): Promise<void> {
    this.#isHalted = false;
    if (this.view.phase === 'return') await this.note(`The return goes on: ${why}`);
    else await this.write({ type: 'return-begun', at: this.#clock.now(), why });
    let stopped: string | null = null;
    for (const stage of this.view.sequence.returnStages) {
      const went = await this.#stages.run(stage, stopped);
      if (this.#isHalted) return;
      if (!went) stopped ??= 'not begun: an earlier step failed';
    }
    await this.end(null);
  }

  /** @param cut why it ends before everything is back; null: it has run its course */
  async end(cut: string | null, byHand = false): Promise<void> {
    const all = this.#stepsOf([...this.view.sequence.stages, ...this.view.sequence.returnStages]);
    const failures = all.filter((step) => step.state === 'failed').length;
    const result = failures > 0 ? 'failed' : (this.view.downResult ?? 'cancelled');
    const own =
      failures > 0
        ? `ended with ${failures} failed steps`
        : result === 'cancelled'
          ? 'ended after it was cancelled'
          : 'ended well';
    await this.write({ type: 'ended', at: this.#clock.now(), result, byHand, why: cut ?? own });
  }

  #stepsOf(stages: readonly Stage[]): StepView[] {
    const steps: Step[] = stages.flatMap((stage) => stage.steps);
    return steps.flatMap((step) => this.view.steps[step.id] ?? []);
  }
}
