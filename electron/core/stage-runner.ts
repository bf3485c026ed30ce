import type { Fault } from '../../shared/fault.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import { type Stage, type Step, stepSchema } from '../../shared/sequence.ts';
import { offFailed, wasMet } from './owed.ts';
import type { Permit } from './permit.ts';
import type { Clock, StepContext, StepTable } from './ports.ts';
import { targetOf } from './problems.ts';
import type { RunWriter } from './run-writer.ts';
import { placeOf, runStep } from './step-runner.ts';

/** Ms that a host may go on answering after a power-off that was sent and not proven. */
const dyingFor = 120_000;

const endedWell = (state: StepView['state']): boolean => state === 'done' || state === 'already';
const hasEnded = (state: StepView['state']): boolean => state !== 'waiting' && state !== 'active';

/** Runs the steps of one stage: what is ready at once, what needs others after them. */
export class StageRunner {
  readonly #writer: RunWriter;
  readonly #deps: { clock: Clock; steps: StepTable; changed(): void };
  readonly #permit: Permit;

  constructor(writer: RunWriter, deps: { clock: Clock; steps: StepTable; changed(): void }, permit: Permit) {
    this.#writer = writer;
    this.#deps = deps;
    this.#permit = permit;
  }

  /** Resolves when every step has ended, or all stand still because the run is halted. False: a `stop` step failed. */
  async run(stage: Stage, stopped: string | null): Promise<boolean> {
    const active = new Map<string, Promise<unknown>>();
    const failedForGood = () =>
      stage.steps.some((step) => step.onFailure === 'stop' && this.#stateOf(step).state === 'failed');
    for (;;) {
      const halt = stopped ?? (failedForGood() ? 'not begun: an earlier step failed' : null);
      for (const step of stage.steps) {
        if (this.#permit.isHalted()) break;
        if (active.has(step.id) || hasEnded(this.#stateOf(step).state)) continue;
        const blocked = halt ?? this.#refused(step) ?? this.#needMissing(step) ?? this.#offBefore(step);
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
    }
    if (this.#permit.isHalted()) return true;
    for (const step of stage.steps) {
      if (!hasEnded(this.#stateOf(step).state)) {
        await this.#skip(step, 'never ready: the steps it needs wait for each other');
      }
    }
    return !failedForGood();
  }

  get #view(): RunView {
    return this.#writer.view;
  }

  #stateOf(step: Step): StepView {
    const view = this.#view.steps[step.id];
    if (!view) throw new Error(`step ${step.id} is not in its own run`);
    return view;
  }

  #refused(step: Step): string | null {
    const why = this.#permit.refusal();
    const state = this.#stateOf(step);
    return why === null || state.inDoubt || state.accepted ? null : `not begun: ${why}`;
  }

  #needMissing(step: Step): string | null {
    const bad = step.needs.find((need) => {
      const state = this.#view.steps[need]?.state ?? 'failed';
      return state === 'failed' || state === 'skipped';
    });
    return bad === undefined ? null : `not begun: it needs ${bad}, which did not end well`;
  }

  /** What this run did not take away it does not bring back: a host that was off before stays off. */
  #offBefore(step: Step): string | null {
    const target = targetOf(step);
    const view = this.#view;
    if (view.phase !== 'return' || target === null) return null;
    if (view.owed.includes(target) || target in view.owedGuests || wasMet(view, target)) return null;
    const offSteps = view.sequence.stages
      .flatMap((stage) => stage.steps)
      .filter((other) => other.kind === 'power-off' && other.target === target)
      .map((other) => this.#stateOf(other));
    const never = offSteps.every(({ state }) => state === 'already' || state === 'skipped');
    return offSteps.length > 0 && never ? 'left as it was: this run did not switch the host off' : null;
  }

  #skip(step: Step, proof: string): Promise<void> {
    const at = this.#deps.clock.now();
    return this.#writer.write({
      type: 'step-ended',
      at,
      step: step.id,
      result: 'skipped',
      proof,
      fault: null,
      data: {},
    });
  }

  async #runStep(step: Step): Promise<void> {
    const { clock, steps } = this.#deps;
    const target = targetOf(step);
    const host = this.#view.hosts.find((each) => each.id === target) ?? null;
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
    await runStep({
      step,
      view: () => this.#stateOf(step),
      actions: steps[step.kind],
      clock,
      write: (record) => this.#writer.write(record),
      permit: this.#permit,
      persistent: this.#view.phase === 'return',
      doubtMs:
        step.kind === 'wake' && this.#view.phase === 'return' && offFailed(this.#view, step.target) ? dyingFor : 0,
      context: {
        step,
        host,
        earlier: this.#earlier(),
        isCancelled: () => this.#permit.refusal() !== null,
        tell: (line) =>
          void this.#writer.write({ type: 'note', at: clock.now(), sentence: `${placeOf(step, host)}: ${line}` }),
      },
    });
  }

  /** What steps left, after what earlier runs still owe. */
  #earlier(): StepContext['earlier'] {
    const owed = Object.entries(this.#view.owedGuests).map(([target, guests], at) => ({
      step: stepSchema.parse({ id: `owed-${at}`, kind: 'shut-down-guests', target }),
      data: { guests },
    }));
    const own = [...this.#view.sequence.stages, ...this.#view.sequence.returnStages]
      .flatMap((stage) => stage.steps)
      .filter((step) => Object.keys(this.#stateOf(step).data).length > 0)
      .map((step) => ({ step, data: this.#stateOf(step).data }));
    return [...owed, ...own];
  }
}

const noHost = (id: string): Fault => ({
  code: 'reference-missing',
  what: `there is no host "${id}"`,
  where: id,
  remedy: 'Add the host under Setup, or choose another target.',
});
