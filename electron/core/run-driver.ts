import type { DurationSample } from '../../shared/durations.ts';
import { FaultError } from '../../shared/fault.ts';
import { keptOn, nothingSaid, type UpsesSaid } from '../../shared/kept-on.ts';
import { isMeant } from '../../shared/meant.ts';
import type { Ups } from '../../shared/reading.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Shed, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { wasCalledOff } from '../../shared/turning-off.ts';
import { DagRunner } from './dag-runner.ts';
import type { Permit, Stop } from './permit.ts';
import { jobOf } from './plan/durations.ts';
import { targetOf } from './plan/target-of.ts';
import type { Clock, Journal, StepTable } from './ports.ts';
import { RunWriter } from './run-writer.ts';
import { placeOf } from './step-run.ts';
import { takenBack } from './taken-back.ts';
import { provenByRestart } from './this-computer.ts';

export interface RunDeps {
  clock: Clock;
  journal: Journal;
  steps: StepTable;
  /** The run's view has changed. */
  changed(): void;
  /** A step was proven, and took so long. */
  timed(sample: DurationSample): void;
}

/** Ms after which it is looked again at what goes on and has to be taken back. */
const takeBackAgain = 1000;

/** One run, driven from wherever its journal stands. Every change goes through the journal first. */
export class RunDriver {
  readonly #writer: RunWriter;
  readonly #deps: RunDeps;
  readonly #dag: DagRunner;
  readonly #isResumed: boolean;
  readonly #listeners = new Set<() => void>();
  /** As the journal will have it: what is asked of the run counts at once, and is on disk before anything is sent. */
  #wanted: ReadonlySet<string> | null;
  readonly #shed: Set<Shed>;
  #cancelled: string | null;
  #takingBack: Promise<void> = Promise.resolve();
  #isHalted = false;
  #isClosing = false;
  #lineReached: boolean;
  #said: UpsesSaid = nothingSaid;
  /** How many UPSes have failed now: conditions ask for it. */
  failedUpses = 0;

  /** @param isResumed another process has driven it before */
  constructor(records: readonly RunRecord[], deps: RunDeps, isResumed: boolean) {
    this.#deps = deps;
    this.#isResumed = isResumed;
    this.#writer = new RunWriter(records, deps.journal, deps.clock, deps.changed);
    this.#lineReached = this.view.noReturnAt !== null;
    this.#cancelled = this.view.cancelled;
    this.#wanted = this.view.wanted && new Set(this.view.wanted);
    this.#shed = new Set(this.view.shed);
    this.#dag = new DagRunner(
      this.#writer,
      {
        ...deps,
        permit: this.#permit(),
        failedUpses: () => this.failedUpses,
        provenBefore: isResumed ? provenByRestart(records, this.view, deps.clock.now()) : new Map(),
        timed: (step, seconds) => this.#timed(step, seconds),
      },
      isResumed,
    );
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
    return this.write({ type: 'note', at: this.#deps.clock.now(), sentence });
  }

  /** The hosts that it is for; null: all. */
  get wanted(): ReadonlySet<string> | null {
    return this.#wanted;
  }

  /** What the UPSes say now. One that has failed counts as failed from then on. */
  hear({ failed, mains }: UpsesSaid): void {
    const before = this.#said;
    this.#said = { failed: new Set([...before.failed, ...failed]), mains };
    const isNews = this.#said.failed.size > before.failed.size || [...before.mains].some((id) => !mains.has(id));
    if (isNews) this.#tell();
  }

  /** It was taken up again, and is to turn off a UPS that has not told of its power since. */
  get isUnheard(): boolean {
    return this.#allSteps().some((step) => {
      const view = this.view.steps[step.id];
      return this.#isUnheard(step) && (view?.state === 'waiting' || (view?.state === 'active' && !view.accepted));
    });
  }

  /** From now on it is for these hosts. False: it takes nobody in any more, nor lets anybody go. */
  want(hosts: readonly string[] | null, why: string): boolean {
    if (this.view.phase !== 'down' || this.#isClosing || this.#cancelled !== null) return false;
    this.#wanted = hosts && new Set(hosts);
    this.#tell();
    void this.write({ type: 'wanted', at: this.#deps.clock.now(), hosts: hosts && [...hosts], why });
    void this.#takeBack();
    return true;
  }

  /** These UPSes have failed since it began. */
  async alsoFailed(upses: readonly Ups[]): Promise<void> {
    const hosts = this.#wanted && [...this.#wanted];
    const why = `${upses.map(({ name }) => name).join(' and ')} failed, too`;
    await this.write({ type: 'wanted', at: this.#deps.clock.now(), hosts, upses: upses.map(({ id }) => id), why });
    this.#tell();
  }

  /**
   * The run with all that was asked of it, and with the times of what goes on as this process has measured them: the
   * clock of the journal may have been set since.
   */
  standing(now: number): RunView {
    const steps = { ...this.view.steps };
    for (const [id, ms] of this.#dag.underWay) {
      const step = steps[id];
      if (step?.state === 'active') steps[id] = { ...step, startedAt: now - ms };
    }
    return { ...this.view, steps, shed: [...this.#shed], wanted: this.#wanted && [...this.#wanted] };
  }

  giveUp(measure: Shed, why: string): void {
    this.#shed.add(measure);
    this.#tell();
    void this.write({ type: 'shed', at: this.#deps.clock.now(), measure, why });
  }

  /** Ends a step that goes on: it has had its time, and the battery is needed for others. */
  endLate(stepId: string, why: string): void {
    this.#dag.endEarly(stepId, { by: 'pressure', why });
  }

  /** @throws FaultError `refused` when there is no such step, or it has ended */
  skip(stepId: string): void {
    const step = this.#allSteps().find((each) => each.id === stepId);
    if (step && this.view.phase !== 'ended' && this.#dag.skip(step)) return;
    const what = step ? `the step "${stepId}" has ended` : `the run has no step "${stepId}"`;
    const remedy = 'Only steps that wait or go on can be skipped.';
    throw new FaultError({ code: 'refused', what, where: this.view.sequence.name, remedy });
  }

  /** Nothing more of it begins: what is held is given up, and nobody is taken in. */
  close(): void {
    this.#isClosing = true;
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
    void this.write({ type: 'cancelled', at: this.#deps.clock.now(), why });
    void this.#takeBack();
  }

  get isCancelled(): boolean {
    return this.#cancelled !== null;
  }

  get isHalted(): boolean {
    return this.#isHalted;
  }

  /** The power has failed again: the return stops where it stands, and can go on from there. */
  haltReturn(): void {
    this.#isHalted = true;
    this.#tell();
  }

  #permit(): Permit {
    return {
      stop: (step) => (this.view.phase === 'down' ? this.#stop(step) : null),
      isHalted: () => this.#isHalted && this.view.phase === 'return',
      isPressed: () => this.view.phase === 'down' && this.#shed.has('force'),
      onChange: (call) => {
        this.#listeners.add(call);
        return () => this.#listeners.delete(call);
      },
    };
  }

  #stop(step: Step): Stop | null {
    if (this.#cancelled !== null) return { how: 'refused', why: this.#cancelled };
    if (!isMeant(step, this.#wanted)) return { how: 'held' };
    const kept = this.#keptOn(step);
    if (kept !== null) return this.#wasSent(step) ? { how: 'refused', why: kept } : { how: 'held' };
    if (this.#isClosing) return { how: 'held' };
    if (!step.optional || !this.#shed.has('skip-optional')) return null;
    return { how: 'left-out', why: 'it is optional, and the battery would not last for everything' };
  }

  /** Why its UPS is left on; null: it has none, or nothing keeps it on. */
  #keptOn(step: Step): string | null {
    if (step.kind !== 'ups-off') return null;
    const { failed, mains } = this.#said;
    // They may be back since the process before this one heard of it.
    const said = this.#isUnheard(step) ? { failed, mains: new Set([...mains, step.ups]) } : this.#said;
    return keptOn(step, { ...this.view, wanted: this.#wanted && [...this.#wanted] }, said);
  }

  #isUnheard(step: Step): boolean {
    if (step.kind !== 'ups-off' || !this.#isResumed) return false;
    return !this.#said.failed.has(step.ups) && !this.#said.mains.has(step.ups);
  }

  #tell(): void {
    for (const call of this.#listeners) call();
  }

  /** Goes down up to the record `down-ended`. */
  async goDown(): Promise<void> {
    const { stages, pointOfNoReturn } = this.view.sequence;
    void this.#takeBack();
    const line = stages.findIndex((stage) => stage.id === pointOfNoReturn);
    await this.#dag.run({
      stages,
      before: (stage) => (stage >= line && !this.#lineReached ? this.#passLine() : null),
      closing: () => this.close(),
      heldWhy: (step) => `not begun: ${this.#keptOn(step) ?? this.#heldWhy(step)}`,
    });
    // What was under way when it was cancelled has been accepted by now.
    await this.#takeBack();
    await this.write({ type: 'down-ended', at: this.#deps.clock.now(), ...this.#downResult() });
  }

  /**
   * After a cancel, or when hosts are let go: what steps have begun and would go on by itself, as the countdown of a UPS,
   * is taken back. A step that goes on does that itself, and is looked at when it has ended.
   */
  #takeBack(): Promise<void> {
    const due = () =>
      this.#allSteps().filter(
        (step) => this.#wasSent(step) && !this.#isTakenBack(step) && this.#stop(step)?.how === 'refused',
      );
    // One that another process has begun is taken up by this one in a moment.
    const isUnderWay = ({ id }: Step): boolean => this.#dag.underWay.has(id) || this.view.steps[id]?.state === 'active';
    this.#takingBack = this.#takingBack.then(async () => {
      const ended = due().filter((step) => !isUnderWay(step));
      await Promise.all(ended.map((step) => this.#undo(step)));
      const goesOn = due().some((step) => isUnderWay(step) && this.#deps.steps[step.kind].undo);
      if (goesOn) this.#deps.clock.after(takeBackAgain, () => void this.#takeBack());
    });
    return this.#takingBack;
  }

  /** Something of it may have arrived. */
  #wasSent(step: Step): boolean {
    return (this.view.steps[step.id]?.attempt ?? 0) > 0;
  }

  /** By its own step, or after it; also by the process before this one. */
  #isTakenBack(step: Step): boolean {
    const view = this.view.steps[step.id];
    return view !== undefined && wasCalledOff(view);
  }

  async #undo(step: Step): Promise<void> {
    const { clock, steps } = this.#deps;
    const { undo } = steps[step.kind];
    if (!undo) return;
    const { isWell, sentence } = await takenBack(clock, () => undo(step));
    if (!isWell) return this.note(`${placeOf(step, null)}: ${sentence}`);
    await this.write({ type: 'taken-back', at: clock.now(), step: step.id, proof: sentence });
  }

  #passLine(): Promise<void> {
    this.#lineReached = true;
    return this.write({ type: 'no-return', at: this.#deps.clock.now() });
  }

  #downResult(): Pick<Extract<RunRecord, { type: 'down-ended' }>, 'result' | 'why'> {
    const steps = this.#viewsOf(this.view.sequence.stages);
    const failures = steps.filter((step) => step.state === 'failed').length;
    const skipped = steps.filter((step) => step.state === 'skipped').length;
    const result = this.#cancelled !== null ? 'cancelled' : failures > 0 ? 'failed' : 'done';
    const proven = steps.length - failures - skipped;
    const well = skipped > 0 ? `${proven} of ${steps.length} steps are proven, the others were not done` : '';
    const tally =
      failures > 0 ? `${failures} of ${steps.length} steps failed` : well || `all ${proven} steps are proven`;
    return { result, why: this.#cancelled ?? tally };
  }

  /** There is something that a return has to bring back: of this run, or still owed by earlier ones. */
  get hasToReturn(): boolean {
    const { view } = this;
    if (!view.followsPower && view.downResult !== 'cancelled') return false;
    const { owed, owedGuests, owedSettings } = view;
    const owes = owed.length + Object.keys(owedGuests).length + Object.keys(owedSettings).length;
    if (view.followsPower && owes > 0) return true;
    const steps = view.sequence.stages.flatMap((stage) => stage.steps);
    return steps.some((step) => stepKinds[step.kind].destructive && (view.steps[step.id]?.attempt ?? 0) > 0);
  }

  /** Brings things back, and ends the run; or stops where it stands when it is halted, with the phase still `return`. */
  async comeBack(why: string): Promise<void> {
    this.#isHalted = false;
    if (this.view.phase === 'return') await this.note(`The return goes on: ${why}`);
    else await this.write({ type: 'return-begun', at: this.#deps.clock.now(), why });
    const end = await this.#dag.run({
      stages: this.view.sequence.returnStages,
      before: () => null,
      closing: () => undefined,
      heldWhy: () => '',
    });
    if (end === 'ended') await this.end(null);
  }

  /** @param cut why it ends before everything is back; null: it has run its course */
  async end(cut: string | null, byHand = false): Promise<void> {
    const all = this.#viewsOf([...this.view.sequence.stages, ...this.view.sequence.returnStages]);
    const failures = all.filter((step) => step.state === 'failed').length;
    const result = failures > 0 ? 'failed' : (this.view.downResult ?? 'cancelled');
    const own =
      failures > 0
        ? `ended with ${failures} failed steps`
        : result === 'cancelled'
          ? 'ended after it was cancelled'
          : 'ended well';
    await this.write({ type: 'ended', at: this.#deps.clock.now(), result, byHand, why: cut ?? own });
  }

  #timed(step: Step, seconds: number): void {
    // What was forced at once tells nothing of how long it takes when it is given its time.
    if ('force' in step && step.force && this.#shed.has('force')) return;
    const guests = this.view.steps[step.id]?.data.guests;
    this.#deps.timed({
      kind: step.kind,
      hostId: targetOf(step),
      ...jobOf(step),
      guests: Array.isArray(guests) ? guests.length : null,
      seconds,
      at: this.#deps.clock.now(),
    });
  }

  #allSteps(): Step[] {
    const { stages, returnStages } = this.view.sequence;
    return [...stages, ...returnStages].flatMap((stage) => stage.steps);
  }

  #heldWhy(step: Step): string {
    const target = targetOf(step);
    if (target === null) return 'the run was over before';
    return `${this.view.hosts.find((host) => host.id === target)?.name ?? 'its host'} still has its power`;
  }

  #viewsOf(stages: readonly Stage[]): StepView[] {
    return stages.flatMap((stage) => stage.steps).flatMap((step) => this.view.steps[step.id] ?? []);
  }
}
