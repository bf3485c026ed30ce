import type { Decision } from '../../../shared/decision.ts';
import type { RunView } from '../../../shared/run.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import type { SimulatedStep, SimulationView, WhatIf } from '../../../shared/view.ts';
import { targetOf } from '../plan/target-of.ts';
import type { Clock } from '../ports.ts';
import type { HostModels } from './host-models.ts';

/** Seconds between two points of the curve. */
const pointEvery = 10;
/** Points of the curve: more than that no strip can draw. */
const mostPoints = 400;

interface Scene {
  whatIf: WhatIf;
  /** Every step aimed at one host. */
  compiled: Sequence;
  models: HostModels;
  /** Ms. */
  cutAt: number;
}

/** Writes down what happens, in seconds after the cut. */
export class Recorder {
  readonly #scene: Scene;
  readonly #sentences: { at: number; text: string }[] = [];
  readonly #battery: { at: number; percent: number }[] = [];
  /** When each host was off for the first time, ms. */
  readonly #offAt = new Map<string, number>();

  constructor(scene: Scene, clock: Clock) {
    this.#scene = scene;
    const { models } = scene;
    for (const model of models.all) {
      models.onChange(model, () => {
        if (model.power === 'off' && !this.#offAt.has(model.host.id)) this.#offAt.set(model.host.id, clock.now());
      });
    }
  }

  readonly decided = ({ at, sentence }: Decision): void => this.say(at, sentence);

  /** @param at ms */
  say(at: number, text: string): void {
    if (at >= this.#scene.cutAt) this.#sentences.push({ at: this.#seconds(at), text });
  }

  battery(at: number, percent: number): void {
    const seconds = this.#seconds(at);
    const last = this.#battery.at(-1);
    if (seconds < 0 || (last && seconds - last.at < pointEvery && percent > 0)) return;
    if (last?.percent === percent && percent === 0) return;
    this.#battery.push({ at: seconds, percent: Math.round(percent * 10) / 10 });
  }

  /** @param run the run that came of it; null: none did */
  view(run: RunView | null, endedAt: number, emptyAt: number | null): SimulationView {
    const at = (ms: number | null | undefined) => (typeof ms === 'number' ? this.#seconds(ms) : null);
    return {
      whatIf: this.#scene.whatIf,
      startsAt: at(run?.begunAt),
      noReturnAt: at(run?.noReturnAt),
      downAt: at(run && this.#downAt(run)),
      returnedAt: run?.phase === 'ended' && run.returnBegunAt !== null ? at(run.endedAt) : null,
      endsAt: this.#seconds(endedAt),
      emptyAt: emptyAt === null ? null : Math.floor(emptyAt),
      steps: this.#steps(run, at),
      cutHard: this.#cutHard,
      shed: run?.shed ?? [],
      battery: thinned(this.#battery),
      sentences: this.#sentences,
    };
  }

  get #cutHard(): string[] {
    return this.#scene.models.all.filter(({ cuts }) => cuts > 0).map(({ host }) => host.id);
  }

  #steps(run: RunView | null, at: (ms: number | null | undefined) => number | null): SimulatedStep[] {
    const { stages, returnStages } = run?.sequence ?? this.#scene.compiled;
    const of = (list: Sequence['stages'], phase: SimulatedStep['phase']) =>
      list
        .flatMap((stage) => stage.steps)
        .map((step): SimulatedStep => {
          const seen = run?.steps[step.id];
          const about = { id: step.id, hostId: targetOf(step), phase, startedAt: at(seen?.startedAt) };
          // Of the computer that Glidepath runs on nobody is left to prove that it is off.
          const offAt = this.#offAt.get(about.hostId ?? '');
          if (step.kind === 'power-off' && seen?.state === 'active' && offAt !== undefined)
            return { ...about, endedAt: at(offAt), state: 'done' };
          return { ...about, endedAt: at(seen?.endedAt), state: seen?.state ?? 'waiting' };
        });
    return [...of(stages, 'down'), ...of(returnStages, 'return')];
  }

  /** When the last host that the run is for was off; null: not all of them went off in order. */
  #downAt(run: RunView): number | null {
    const targets = run.sequence.stages
      .flatMap((stage) => stage.steps)
      .flatMap((step) => (step.kind === 'power-off' && run.wanted?.includes(step.target) !== false ? step.target : []));
    if (targets.length === 0) return run.downResult === 'cancelled' ? null : run.downEndedAt;
    if (targets.some((id) => !this.#offAt.has(id) || this.#cutHard.includes(id))) return null;
    return Math.max(...targets.map((id) => this.#offAt.get(id) ?? 0));
  }

  #seconds(ms: number): number {
    return Math.round((ms - this.#scene.cutAt) / 100) / 10;
  }
}

function thinned<T>(points: readonly T[]): T[] {
  const every = Math.ceil(points.length / mostPoints);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
