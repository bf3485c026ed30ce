import type { Host } from '../../../shared/inventory.ts';
import { originOf } from '../../../shared/origin.ts';
import type { Sequence, Stage, Step } from '../../../shared/sequence.ts';
import type { Compiled } from '../plan/expand.ts';
import { targetOf } from '../plan/target-of.ts';
import { type IsBefore, stageOrder } from './stage-order.ts';

/** A step of the compiled sequence with what stands around it. */
export interface PlacedStep {
  step: Step;
  stage: Stage;
  /** Which stage of its way it stands in. */
  at: number;
  /** null: its kind has none, or nobody has it. */
  host: Host | null;
  /** The step that the user made. */
  place: { stageId: string; stepId: string };
}

/** The compiled sequence, to be asked for its order. */
export interface Places {
  compiled: Sequence;
  hosts: ReadonlyMap<string, Host>;
  down: readonly PlacedStep[];
  back: readonly PlacedStep[];
  /** The hosts that steps of either way are aimed at, in the order of the inventory. */
  targets: readonly Host[];
  /** Whether the one has surely ended when the other begins. Both stand on the same way. */
  isBefore(one: PlacedStep, other: PlacedStep): boolean;
  /** The stages that became too large, so that steps of theirs were left out. */
  cut: ReadonlySet<string>;
  /** Compiled steps that an authored one became. */
  partsOf(stepId: string): readonly PlacedStep[];
}

export function placesOf(sequence: Sequence, made: Compiled, hosts: readonly Host[]): Places {
  const { sequence: compiled, from, cut } = made;
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const parts = new Map<string, PlacedStep[]>(
    [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps.map((step) => [step.id, []])),
  );
  const way = (stages: readonly Stage[]): PlacedStep[] =>
    stages.flatMap((stage, at) =>
      stage.steps.map((step) => {
        const stepId = from.get(step.id) ?? originOf(step.id);
        const host = byId.get(targetOf(step) ?? '') ?? null;
        const placed = { step, stage, at, host, place: { stageId: stage.id, stepId } };
        parts.get(stepId)?.push(placed);
        return placed;
      }),
    );
  const down = way(compiled.stages);
  const back = way(compiled.returnStages);
  const aimed = new Set([...down, ...back].map(({ host }) => host));
  const orders = new Map<Stage, IsBefore>();
  const orderOf = (stage: Stage): IsBefore => {
    const order = orders.get(stage) ?? stageOrder(stage.steps);
    orders.set(stage, order);
    return order;
  };
  return {
    compiled,
    hosts: byId,
    down,
    back,
    targets: hosts.filter((host) => aimed.has(host)),
    isBefore: (one, other) =>
      one.at < other.at || (one.at === other.at && orderOf(one.stage)(one.step.id, other.step.id)),
    cut,
    partsOf: (stepId) => parts.get(stepId) ?? [],
  };
}

/** Steps by the id of their host, in their order. */
export function byHost(way: readonly PlacedStep[]): ReadonlyMap<string, readonly PlacedStep[]> {
  const found = new Map<string, PlacedStep[]>();
  for (const placed of way) {
    if (placed.host === null) continue;
    const list = found.get(placed.host.id);
    if (list) list.push(placed);
    else found.set(placed.host.id, [placed]);
  }
  return found;
}
