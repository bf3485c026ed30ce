import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import type { Edited } from './edits.ts';
import { freshId, stageIds } from './ids.ts';
import { badName, isName } from './names.ts';
import { mapStages } from './step-edits.ts';
import { allStages } from './step-words.ts';

/** A stage with its defaults. */
export const emptyStage = (id: string, name: string, steps: Step[] = []): Stage => ({
  id,
  name,
  steps,
  onFailure: 'continue',
  when: [],
});

type Phase = 'stages' | 'returnStages';

const phaseOf = (sequence: Sequence, stageId: string): Phase =>
  sequence.stages.some((stage) => stage.id === stageId) ? 'stages' : 'returnStages';

const gone = (sequence: Sequence): Edited => ({ sequence, sentence: 'That stage is gone.', focus: null });

export function addStage(sequence: Sequence, phase: 'down' | 'return', afterId: string | null): Edited {
  const key: Phase = phase === 'down' ? 'stages' : 'returnStages';
  const name = `Stage ${sequence[key].length + 1}`;
  const id = freshId(`${phase}-stage-${sequence[key].length + 1}`, stageIds(sequence));
  const stage: Stage = emptyStage(id, name);
  const at = sequence[key].findIndex((each) => each.id === afterId);
  const stages = [...sequence[key]];
  stages.splice(at < 0 ? stages.length : at + 1, 0, stage);
  return { sequence: { ...sequence, [key]: stages }, sentence: `Added ${name}.`, focus: null };
}

export function renameStage(sequence: Sequence, stageId: string, name: string): Edited {
  const stage = allStages(sequence).find((each) => each.id === stageId);
  if (!stage) return gone(sequence);
  if (!isName(name)) return { sequence, sentence: badName, focus: null };
  return {
    sequence: mapStages(sequence, (each) => (each.id === stageId ? { ...each, name: name.trim() } : each)),
    sentence: `${stage.name} is now called ${name.trim()}.`,
    focus: null,
  };
}

/** Takes a stage as its settings were left. Its steps, its id and its name stay as they are. */
export function changeStage(sequence: Sequence, stage: Stage): Edited {
  const old = allStages(sequence).find((each) => each.id === stage.id);
  if (!old) return gone(sequence);
  return {
    sequence: mapStages(sequence, (each) =>
      each.id === stage.id ? { ...stage, name: each.name, steps: each.steps } : each,
    ),
    sentence: `Changed ${old.name}.`,
    focus: null,
  };
}

export function removeStage(sequence: Sequence, stageId: string): Edited {
  const stage = allStages(sequence).find((each) => each.id === stageId);
  if (!stage) return gone(sequence);
  const key = phaseOf(sequence, stageId);
  const at = sequence[key].findIndex((each) => each.id === stageId);
  const stages = sequence[key].filter((each) => each.id !== stageId);
  const heir = stages[at] ?? stages[at - 1];
  if (key === 'stages' && !heir) {
    return { sequence, sentence: `${stage.name} is the only stage going down: a plan needs one.`, focus: null };
  }
  // The line stays at its place: before what is now there, or before the last stage if it stood before the last.
  const pointOfNoReturn = sequence.pointOfNoReturn === stageId && heir ? heir.id : sequence.pointOfNoReturn;
  const count = stage.steps.length;
  const next = heir ?? sequence.stages.at(-1);
  const steps = count === 0 ? '' : ` with its ${count} ${count === 1 ? 'step' : 'steps'}`;
  return {
    sequence: { ...sequence, [key]: stages, pointOfNoReturn },
    sentence: `Removed ${stage.name}${steps}.`,
    focus: null,
    ...(next ? { focusStage: next.id } : {}),
  };
}

export function moveStage(sequence: Sequence, stageId: string, by: -1 | 1): Edited {
  const key = phaseOf(sequence, stageId);
  const at = sequence[key].findIndex((each) => each.id === stageId);
  const stage = sequence[key][at];
  if (!stage) return gone(sequence);
  if (!sequence[key][at + by]) {
    return { sequence, sentence: `${stage.name} is already the ${by < 0 ? 'first' : 'last'}.`, focus: null };
  }
  const stages = sequence[key].filter((each) => each.id !== stageId);
  stages.splice(at + by, 0, stage);
  const line = key === 'stages' && sequence.pointOfNoReturn === stageId ? ' The point of no return moved with it.' : '';
  return {
    sequence: { ...sequence, [key]: stages },
    sentence: `Moved ${stage.name} ${by < 0 ? 'up' : 'down'}, ${at + by + 1} of ${stages.length}.${line}`,
    focus: null,
  };
}

export function moveLine(sequence: Sequence, stageId: string): Edited {
  const stage = sequence.stages.find((each) => each.id === stageId);
  if (!stage) return { sequence, sentence: 'The line can only stand before a stage going down.', focus: null };
  return {
    sequence: { ...sequence, pointOfNoReturn: stageId },
    sentence: `The point of no return is now before ${stage.name}.`,
    focus: null,
  };
}
