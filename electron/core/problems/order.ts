import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence, Stage, StepKind } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { isOwnCarrier, thisComputer } from '../../../shared/this-computer.ts';
import { byHost, type PlacedStep, type Places } from './places.ts';
import { error, listed, warning } from './problem.ts';
import { areDoneWith } from './together.ts';
import { isWitnessAppliance } from './witness.ts';

/** Steps that wait for each other, and hypervisors that would go off with their guests. */
export function orderProblems(sequence: Sequence, places: Places): Problem[] {
  return [...[...sequence.stages, ...sequence.returnStages].flatMap(cycles), ...hypervisors(places)];
}

/** Steps that wait for each other would never start. */
function cycles(stage: Stage): Problem[] {
  const open = new Map(stage.steps.map((step) => [step.id, new Set(step.needs).size]));
  const dependents = new Map<string, string[]>();
  for (const step of stage.steps) {
    for (const need of new Set(step.needs)) {
      const list = dependents.get(need);
      if (list) list.push(step.id);
      else dependents.set(need, [step.id]);
    }
  }
  const free = stage.steps.filter((step) => step.needs.length === 0).map((step) => step.id);
  for (const id of free) {
    open.delete(id);
    for (const next of dependents.get(id) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) free.push(next);
    }
  }
  return stage.steps
    .filter((step) => open.has(step.id))
    .map((step) =>
      error(
        { stageId: stage.id, stepId: step.id },
        `This step waits for itself through ${listed(step.needs)}`,
        'Remove one of the steps it needs.',
      ),
    );
}

/** What has to be done on a hypervisor before, or its guests are cut hard; null: nothing. */
function before({ step, host }: PlacedStep, own: Host | null): StepKind | null {
  const { offInMaintenance, guestsFirst } = platforms[host?.kind ?? 'other'];
  // Under the guest in which Glidepath runs it enters that mode by itself.
  if (host !== null && isOwnCarrier(host, own))
    return step.kind === 'power-off' && guestsFirst ? 'shut-down-guests' : null;
  if (step.kind === 'power-off')
    return offInMaintenance ? 'enter-maintenance' : guestsFirst ? 'shut-down-guests' : null;
  return step.kind === 'enter-maintenance' && offInMaintenance ? 'shut-down-guests' : null;
}

/** A hypervisor goes off after its guests are down and it is in maintenance mode; else its guests are cut hard. */
function hypervisors(places: Places): Problem[] {
  const acts = byHost(places.down);
  const own = thisComputer([...places.hosts.values()]);
  return places.down.flatMap((placed) => {
    const { host, step, place } = placed;
    const kind = before(placed, own);
    if (host === null || kind === null) return [];
    const done = (acts.get(host.id) ?? []).filter(
      (other) => other.step.kind === kind && places.isBefore(other, placed),
    );
    if (kind === 'shut-down-guests' && isWitnessAppliance(host)) return [];
    if (done.length > 0) {
      if (areDoneWith(placed, done, places)) return [];
      const what = `"${stepKinds[kind].label}" on ${host.name} may be left out where this step is done, which then fails`;
      return [warning(place, what, 'Give both the same conditions, and let both be optional or neither.')];
    }
    if (kind === 'enter-maintenance') {
      return [
        error(
          place,
          `${host.name} would be powered off outside maintenance mode, which it refuses`,
          `Put "Enter maintenance mode" on ${host.name} in an earlier stage.`,
        ),
      ];
    }
    return [
      warning(
        place,
        step.kind === 'power-off'
          ? `Nothing shuts down the guests of ${host.name} before: it stays on while one of them runs`
          : `Nothing shuts down the guests of ${host.name} before`,
        `Put "Shut down guests" on ${host.name} in an earlier stage.`,
      ),
    ];
  });
}
