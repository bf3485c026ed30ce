import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Edited } from './edits.ts';
import { needsOf, wouldCircle } from './needs.ts';
import { newStep } from './new-step.ts';
import { allStages, findStep, stageOfStep, stepTitle } from './step-words.ts';

const unchanged = (sequence: Sequence, sentence: string, focus: string | null): Edited => ({
  sequence,
  sentence,
  focus,
});

/** Every stage, going down and coming back, through the same function. */
export function mapStages(sequence: Sequence, change: (stage: Stage) => Stage): Sequence {
  return { ...sequence, stages: sequence.stages.map(change), returnStages: sequence.returnStages.map(change) };
}

export function addStep(
  sequence: Sequence,
  stageId: string,
  kind: StepKind,
  hosts: readonly Host[],
  ups: string | null,
): Edited {
  const stage = allStages(sequence).find((each) => each.id === stageId);
  if (!stage) return unchanged(sequence, 'That stage is gone.', null);
  const step = newStep(sequence, stage, kind, hosts, ups);
  if (!step) {
    const thing = kind === 'ups-off' ? 'UPS' : 'host';
    return unchanged(sequence, `No ${thing} in Setup can be the target of "${stepKinds[kind].label}".`, null);
  }
  return {
    sequence: mapStages(sequence, (each) => (each.id === stageId ? { ...each, steps: [...each.steps, step] } : each)),
    sentence: `Added ${stepTitle(step, hosts)} to ${stage.name}.`,
    focus: step.id,
  };
}

/** Takes a step as the inspector left it. Its id, its kind and its place stay as they are. */
export function changeStep(sequence: Sequence, step: Step, hosts: readonly Host[]): Edited {
  const old = findStep(sequence, step.id);
  if (!old || old.kind !== step.kind) return unchanged(sequence, 'That step is gone.', null);
  return {
    sequence: mapStages(sequence, (stage) => ({
      ...stage,
      steps: stage.steps.map((each) => (each.id === step.id ? { ...step, needs: each.needs } : each)),
    })),
    sentence: `Changed ${stepTitle(step, hosts)}.`,
    focus: null,
  };
}

export function removeStep(sequence: Sequence, stepId: string, hosts: readonly Host[]): Edited {
  const stage = stageOfStep(sequence, stepId);
  const at = stage?.steps.findIndex((step) => step.id === stepId) ?? -1;
  const step = stage?.steps[at];
  if (!stage || !step) return unchanged(sequence, 'That step is gone.', null);
  const neighbour = stage.steps[at + 1] ?? stage.steps[at - 1];
  return {
    sequence: mapStages(sequence, (each) => (each.id === stage.id ? without(each, stepId) : each)),
    sentence: `Removed ${stepTitle(step, hosts)} from ${stage.name}.`,
    focus: neighbour?.id ?? null,
    focusStage: stage.id,
  };
}

export function shiftStep(sequence: Sequence, stepId: string, by: -1 | 1, hosts: readonly Host[]): Edited {
  const stage = stageOfStep(sequence, stepId);
  const at = stage?.steps.findIndex((step) => step.id === stepId) ?? -1;
  const step = stage?.steps[at];
  if (!stage || !step) return unchanged(sequence, 'That step is gone.', null);
  const title = stepTitle(step, hosts);
  if (!stage.steps[at + by]) {
    return unchanged(sequence, `${title} is already the ${by < 0 ? 'first' : 'last'} of ${stage.name}.`, stepId);
  }
  const steps = stage.steps.filter((each) => each.id !== stepId);
  steps.splice(at + by, 0, step);
  return {
    sequence: mapStages(sequence, (each) => (each.id === stage.id ? { ...each, steps } : each)),
    sentence: `Moved ${title} ${by < 0 ? 'up' : 'down'}: ${at + by + 1} of ${steps.length} in ${stage.name}.`,
    focus: stepId,
  };
}

export function stepToNeighbourStage(sequence: Sequence, stepId: string, by: -1 | 1, hosts: readonly Host[]): Edited {
  const stages = allStages(sequence);
  const at = stages.findIndex((stage) => stage.steps.some((step) => step.id === stepId));
  const next = stages[at + by];
  if (at < 0) return unchanged(sequence, 'That step is gone.', null);
  if (!next) return unchanged(sequence, `There is no stage ${by < 0 ? 'before' : 'after'} this one.`, stepId);
  return moveStep(sequence, stepId, next.id, null, hosts);
}

export function moveStep(
  sequence: Sequence,
  stepId: string,
  stageId: string,
  beforeId: string | null,
  hosts: readonly Host[],
): Edited {
  const from = stageOfStep(sequence, stepId);
  const step = findStep(sequence, stepId);
  const to = allStages(sequence).find((stage) => stage.id === stageId);
  if (!from || !step || !to) return unchanged(sequence, 'That step or stage is gone.', null);
  const title = stepTitle(step, hosts);
  if (beforeId === stepId) return unchanged(sequence, `${title} stays where it is.`, stepId);
  // What a step needs must be of its own stage, so needs do not follow it into another one.
  const moved = from.id === to.id ? step : { ...step, needs: [] };
  const left = mapStages(sequence, (stage) => {
    if (stage.id !== from.id) return stage;
    return from.id === to.id
      ? { ...stage, steps: stage.steps.filter((each) => each.id !== stepId) }
      : without(stage, stepId);
  });
  const next = mapStages(left, (stage) => (stage.id === to.id ? insert(stage, moved, beforeId) : stage));
  const place = allStages(next).find((stage) => stage.id === to.id)?.steps ?? [];
  const at = place.findIndex((each) => each.id === stepId) + 1;
  const cut = moved.needs.length < step.needs.length || needsOf(from, stepId).length > 0;
  const dropped = from.id !== to.id && cut ? ' Its needs were removed.' : '';
  return {
    sequence: next,
    sentence: `Moved ${title} to ${to.name}, ${at} of ${place.length}.${dropped}`,
    focus: stepId,
  };
}

export function toggleNeed(sequence: Sequence, stepId: string, needId: string, hosts: readonly Host[]): Edited {
  const stage = stageOfStep(sequence, stepId);
  const step = stage?.steps.find((each) => each.id === stepId);
  const need = stage?.steps.find((each) => each.id === needId);
  if (!stage || !step || !need || step === need) return unchanged(sequence, 'That step is gone.', null);
  const has = step.needs.includes(needId);
  if (!has && wouldCircle(stage, stepId, needId)) {
    return unchanged(sequence, `${stepTitle(need, hosts)} itself waits for this step.`, null);
  }
  const needs = has ? step.needs.filter((id) => id !== needId) : [...step.needs, needId];
  const words = has ? 'no longer waits for' : 'now waits for';
  return {
    sequence: mapStages(sequence, (each) => ({
      ...each,
      steps: each.steps.map((other) => (other.id === stepId ? { ...other, needs } : other)),
    })),
    sentence: `${stepTitle(step, hosts)} ${words} ${stepTitle(need, hosts)}.`,
    focus: null,
  };
}

/** A stage without a step, and without anyone needing it. */
function without(stage: Stage, stepId: string): Stage {
  const steps = stage.steps
    .filter((step) => step.id !== stepId)
    .map((step) => ({ ...step, needs: step.needs.filter((id) => id !== stepId) }));
  return { ...stage, steps };
}

function insert(stage: Stage, step: Step, beforeId: string | null): Stage {
  const at = stage.steps.findIndex((each) => each.id === beforeId);
  const steps = [...stage.steps];
  steps.splice(at < 0 ? steps.length : at, 0, step);
  return { ...stage, steps };
}
