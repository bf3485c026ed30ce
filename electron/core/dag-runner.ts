import { type Fault, toFault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { StepData } from '../../shared/run-record.ts';
import { type Stage, type Step, stepSchema } from '../../shared/sequence.ts';
import { Delays } from './delays.ts';
import { byHand, leftOut } from './left-out.ts';
import { look } from './looking.ts';
import { mayBeDying, wasMet } from './owed.ts';
import type { Permit } from './permit.ts';
import { targetOf } from './plan/target-of.ts';
import type { Clock, Probe, StepContext, StepTable } from './ports.ts';
import { type Moves, nextMoves } from './readiness.ts';
import type { RunWriter } from './run-writer.ts';
import { type Early, StepControl } from './step-control.ts';
import { placeOf } from './step-run.ts';
import { runStep } from './step-runner.ts';

/** Ms that a host may go on answering after a power-off that was sent and not proven. */
const dyingFor = 120_000;

/** Ms that a host may be silent after it was woken: servers test their memory for minutes. */
const bootingFor = 300_000;

export interface DagDeps {
  clock: Clock;
  steps: StepTable;
  permit: Permit;
  failedUpses(): number;
  /** Proofs of steps that end without a look, by the id of the step. */
  provenBefore: ReadonlyMap<string, string>;
  /** A step was begun and proven by this process. */
  timed(step: Step, seconds: number): void;
}

/** One way of a run, down or back. */
export interface Way {
  stages: readonly Stage[];
  /** What has to be in the journal before a step of the stage of that index begins; null: nothing more. */
  before(stage: number): Promise<void> | null;
  /** Nothing is left but what is held, and that is given up now: from here on nobody is taken in. */
  closing(): void;
  /** Why a step that was held to the end was not done. */
  heldWhy(step: Step): string;
}

/** Runs all steps of a way: what is ready at once, whatever stage it stands in. */
export class DagRunner {
  readonly #writer: RunWriter;
  readonly #deps: DagDeps;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #going = new Map<string, StepControl>();
  readonly #ending = new Set<string>();
  /** What the looks at one host remember between steps hangs on a signal, as that of a step on its own. */
  readonly #silences = new Map<string, { signal: AbortSignal }>();
  readonly #putBack = new Set<string>();
  readonly #delays: Delays;
  #isPoked = false;
  #wake: () => void = () => undefined;

  constructor(writer: RunWriter, deps: DagDeps, isResumed: boolean) {
    this.#writer = writer;
    this.#deps = deps;
    this.#hosts = new Map(writer.view.hosts.map((host) => [host.id, host]));
    this.#delays = new Delays(deps.clock, isResumed, () => this.#poke());
  }

  /** Resolves when every step has ended, or when all stand still because the run is halted. */
  async run(way: Way): Promise<'ended' | 'halted'> {
    const { permit } = this.#deps;
    const stopListening = permit.onChange(() => this.#poke());
    try {
      for (;;) {
        if (permit.isHalted()) {
          if (this.#going.size === 0) return 'halted';
          await this.#change();
          continue;
        }
        const moves = this.#moves(way);
        await this.#make(moves, way);
        if (moves.begin.length > 0 || moves.skip.length > 0) continue;
        if (this.#going.size > 0 || this.#ending.size > 0 || this.#delays.areRunning) await this.#change();
        else if (moves.waiting.length > 0) await this.#giveUp(way, moves.waiting);
        else {
          way.closing();
          await Promise.all(moves.held.map((step) => this.#skip(step, way.heldWhy(step), leftOut('not-wanted'))));
          return 'ended';
        }
      }
    } finally {
      stopListening();
      this.#delays.stop();
    }
  }

  /** Leaves out a step that waits; one that was sent is not waited for any longer. False: it has ended. */
  skip(step: Step): boolean {
    const { state } = this.#stateOf(step);
    if ((state !== 'waiting' && state !== 'active') || this.#ending.has(step.id)) return false;
    if (!this.endEarly(step.id, { by: 'hand' })) void this.#skip(step, 'skipped by hand', byHand);
    return true;
  }

  /** False: this process is not doing it. */
  endEarly(stepId: string, early: Early): boolean {
    const control = this.#going.get(stepId);
    control?.end(early);
    return control !== undefined;
  }

  /** Ms for which this process has been doing each step, by the clock that never jumps. */
  get underWay(): ReadonlyMap<string, number> {
    const now = this.#deps.clock.monotonic();
    return new Map([...this.#going].map(([id, { since }]) => [id, now - since]));
  }

  get #view(): RunView {
    return this.#writer.view;
  }

  #stateOf(step: Step): StepView {
    const view = this.#view.steps[step.id];
    if (!view) throw new Error(`step ${step.id} is not in its own run`);
    return view;
  }

  #moves({ stages }: Way): Moves {
    return this.#delays.looking((hasWaited) =>
      nextMoves({
        run: this.#view,
        stages,
        hosts: this.#hosts,
        going: new Set(this.#going.keys()),
        ending: this.#ending,
        putBack: this.#putBack,
        failedUpses: this.#deps.failedUpses(),
        stop: (step) => this.#deps.permit.stop(step),
        hasWaited,
      }),
    );
  }

  async #make(moves: Moves, way: Way): Promise<void> {
    for (const { step, stage } of moves.begin) {
      const before = way.before(stage);
      if (before) {
        // Much may be otherwise when it is written: what may begin then is asked again.
        await before;
        return;
      }
      this.#begin(step);
    }
    await Promise.all(
      moves.skip.map(({ step, why, leftOut: reason }) => this.#skip(step, why, reason ? leftOut(reason) : {})),
    );
  }

  /** Steps that wait for each other: those of the first stage that has such. */
  async #giveUp({ stages }: Way, waiting: readonly Step[]): Promise<void> {
    const stuck = new Set(waiting);
    const first = stages.find((stage) => stage.steps.some((step) => stuck.has(step)));
    for (const step of first?.steps ?? []) {
      if (stuck.has(step)) await this.#skip(step, 'never ready: the steps it needs wait for each other');
    }
  }

  async #skip(step: Step, proof: string, data: StepData = {}): Promise<void> {
    this.#ending.add(step.id);
    const at = this.#deps.clock.now();
    await this.#writer.write({ type: 'step-ended', at, step: step.id, result: 'skipped', proof, fault: null, data });
    this.#ending.delete(step.id);
    this.#poke();
  }

  #begin(step: Step): void {
    const control = new StepControl(this.#putBack.delete(step.id), this.#deps.clock.monotonic());
    this.#going.set(step.id, control);
    this.#runStep(step, control)
      .catch((error: unknown) => this.#broke(step, error))
      .finally(() => {
        this.#going.delete(step.id);
        this.#poke();
      });
  }

  /** A defect of ours in one step must not leave all others running until the battery is empty. */
  #broke(step: Step, error: unknown): Promise<void> {
    const at = this.#deps.clock.now();
    const fault = toFault(error, placeOf(step, this.#hostOf(step)));
    const { state } = this.#stateOf(step);
    if (state !== 'waiting' && state !== 'active')
      return this.#writer.write({ type: 'note', at, sentence: `${fault.where}: ${fault.what}` });
    return this.#writer.write({ type: 'step-ended', at, step: step.id, result: 'failed', proof: '', fault, data: {} });
  }

  #hostOf(step: Step): Host | null {
    const target = targetOf(step);
    return (target !== null && this.#hosts.get(target)) || null;
  }

  async #runStep(step: Step, control: StepControl): Promise<void> {
    const { clock, steps, permit } = this.#deps;
    const target = targetOf(step);
    const host = this.#hostOf(step);
    if (target !== null && host === null) {
      const end = {
        type: 'step-ended',
        at: clock.now(),
        step: step.id,
        result: 'failed',
        proof: '',
        data: {},
      } as const;
      return this.#writer.write({ ...end, fault: noHost(target) });
    }
    const isBack = this.#view.phase === 'return';
    const end = await runStep({
      step,
      view: () => this.#stateOf(step),
      actions: steps[step.kind],
      clock,
      write: (record) => this.#writer.write(record),
      permit,
      control,
      provenBefore: this.#deps.provenBefore.get(step.id) ?? null,
      timed: (seconds) => this.#deps.timed(step, seconds),
      persistent: isBack,
      lookOff: host && this.#mayBeOff(step, host) ? (context) => this.#lookOff(host, context) : null,
      wasSwitchedOff: this.#wasSwitchedOff(target),
      doubtUntil: clock.monotonic() + this.#doubtMs(step, target),
      context: {
        step,
        host,
        earlier: this.#earlier(),
        isCancelled: () => permit.stop(step)?.how === 'refused',
        isPressed: () => permit.isPressed(),
        spared: () => this.#spared(),
        tell: (line) =>
          void this.#writer.write({ type: 'note', at: clock.now(), sentence: `${placeOf(step, host)}: ${line}` }),
      },
    });
    if (end === 'stands' && !permit.isHalted()) this.#putBack.add(step.id);
  }

  /**
   * That its host is off would be what the step is for: nothing runs there any more. Not so if the host was seen in this
   * run: then its silence may be that of the network, and its guests may run on. A command is left out on a host that is
   * known to be off.
   */
  #mayBeOff({ kind }: Step, host: Host): boolean {
    if (kind === 'command') return this.#wasSwitchedOff(host.id);
    if (kind !== 'shut-down-guests' && kind !== 'enter-maintenance') return false;
    if (!wasMet(this.#view, host.id)) return true;
    const guests = this.#view.sequence.stages
      .flatMap((stage) => stage.steps)
      .filter((step) => step.kind === 'shut-down-guests' && step.target === host.id)
      .map((step) => this.#stateOf(step).state);
    const areDown = guests.length > 0 && guests.every((state) => state === 'done' || state === 'already');
    return kind === 'enter-maintenance' && areDown;
  }

  /** By an earlier run; nothing has brought it back since, and nobody was signed in to it when this one began. */
  #wasSwitchedOff(target: string | null): boolean {
    const { phase, owed, met } = this.#view;
    return phase === 'down' && target !== null && owed.includes(target) && !met.includes(target);
  }

  #spared(): Host[] {
    const { wanted, hosts } = this.#view;
    return wanted === null ? [] : hosts.filter(({ id }) => !wanted.includes(id));
  }

  /** Whether a host is off is told by the looks of a power-off: what one step has seen of it counts for the next. */
  #lookOff(host: Host, context: StepContext): Promise<Probe> {
    const step = stepSchema.parse({ id: context.step.id, kind: 'power-off', target: host.id, until: 'silent' });
    const { signal } = this.#silences.get(host.id) ?? new AbortController();
    this.#silences.set(host.id, { signal });
    return look(this.#deps.steps['power-off'], { ...context, step, signal }, placeOf(context.step, host));
  }

  /** Ms for which what is seen of its host may still change by itself. */
  #doubtMs(step: Step, target: string | null): number {
    if (target === null) return 0;
    if (this.#view.phase === 'return') return step.kind === 'wake' && mayBeDying(this.#view, target) ? dyingFor : 0;
    const wokenAt = this.#view.waking[target];
    if (wokenAt === undefined) return 0;
    // A clock that was set back must not draw it out.
    return Math.min(bootingFor, Math.max(0, wokenAt + bootingFor - this.#deps.clock.now()));
  }

  /** What steps left, after what earlier runs still owe. */
  #earlier(): StepContext['earlier'] {
    const owed = Object.entries(this.#view.owedGuests).map(([target, guests], at) => ({
      step: stepSchema.parse({ id: `owed-${at}`, kind: 'shut-down-guests', target }),
      data: { guests },
    }));
    const settings = Object.entries(this.#view.owedSettings).flatMap(([target, all]) =>
      all.map(({ kind, data }, at) => ({ step: stepSchema.parse({ id: `owed-setting-${at}`, kind, target }), data })),
    );
    const own = [...this.#view.sequence.stages, ...this.#view.sequence.returnStages]
      .flatMap((stage) => stage.steps)
      .filter((step) => Object.keys(this.#stateOf(step).data).length > 0)
      .map((step) => ({ step, data: this.#stateOf(step).data }));
    return [...owed, ...settings, ...own];
  }

  #poke(): void {
    this.#isPoked = true;
    this.#wake();
  }

  /** Resolves when something has changed since it was last asked. */
  async #change(): Promise<void> {
    if (!this.#isPoked) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isPoked = false;
  }
}

const noHost = (id: string): Fault => ({
  code: 'reference-missing',
  what: `there is no host "${id}"`,
  where: id,
  remedy: 'Add the host under Setup, or choose another target.',
});
