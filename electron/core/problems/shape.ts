import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence, Stage, Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { mostInAll, mostSteps } from '../plan/expand.ts';
import { filled, mayStand, parametersIn, textsOf } from '../plan/fill.ts';
import { isGuestsStep } from '../plan/guest-groups.ts';
import { mostNames } from '../plan/some-guests.ts';
import type { PlacedStep, Places } from './places.ts';
import { error, type Place, warning, whole } from './problem.ts';

/** The most conditions that a step may have, those of its stage included. */
const mostConditions = 8;

/** What can be seen in the sequence itself. */
export function shapeProblems(sequence: Sequence, hosts: readonly Host[], places: Places): Problem[] {
  const stages = [...sequence.stages, ...sequence.returnStages];
  return [
    ...nothingToDo(sequence),
    ...stages.flatMap((stage) => [
      ...conditionsOfStage(stage, sequence),
      ...tooMany(stage, places, hosts),
      ...stage.steps.flatMap((step) => {
        const place = { stageId: stage.id, stepId: step.id };
        return [
          ...parameters(step, sequence, place),
          ...conditions(step, stage, sequence, place),
          ...groups(step, place),
        ];
      }),
    ]),
    ...twice(places.down),
    ...twice(places.back),
  ];
}

function nothingToDo(sequence: Sequence): Problem[] {
  if (sequence.stages.some((stage) => stage.steps.length > 0)) return [];
  return [error(whole, 'The plan has no step: an outage would change nothing', 'Add a step to a stage.')];
}

function tooMany(stage: Stage, { cut }: Places, hosts: readonly Host[]): Problem[] {
  if (!cut.has(stage.id)) return [];
  return [
    error(
      { stageId: stage.id, stepId: null },
      `With ${hosts.length} hosts this stage has more than ${mostSteps} steps, or the plan more than ${mostInAll}: what is beyond would not be done`,
      'Make several stages of it, or aim its steps at fewer hosts.',
    ),
  ];
}

function parameters(step: Step, sequence: Sequence, place: Place): Problem[] {
  const texts = textsOf(step);
  const unknown = texts.flatMap(parametersIn).filter((name) => !Object.hasOwn(sequence.parameters, name));
  const found = [...new Set(unknown)].map((name) =>
    error(
      place,
      `There is no parameter "${name}": {{${name}}} would stand there as it is`,
      'Add the parameter to the plan, or write its value.',
    ),
  );
  for (const text of texts) {
    const news = filled(text, sequence.parameters);
    if (news === text || mayStand(step, news)) continue;
    const what = news.trim() === '' ? 'is empty' : `is too long (${news.length} characters)`;
    found.push(
      error(
        place,
        `With its parameters filled in, the text of this step ${what}`,
        'Make the text or the values shorter.',
      ),
    );
  }
  return found;
}

const asksTolerance = ({ is }: { is: string }): boolean => is === 'within-tolerance' || is === 'beyond-tolerance';

function conditionsOfStage(stage: Stage, sequence: Sequence): Problem[] {
  return conditionProblems(stage.when, sequence, { stageId: stage.id, stepId: null });
}

function conditions(step: Step, stage: Stage, sequence: Sequence, place: Place): Problem[] {
  const found = conditionProblems(step.when, sequence, place);
  const all = new Set([...stage.when, ...step.when].map((condition) => JSON.stringify(condition)));
  if (all.size > mostConditions) {
    const what = `It has ${all.size} conditions with those of its stage, and ${mostConditions} are the most`;
    found.push(error(place, what, 'Remove some of them.'));
  }
  if (step.when.some(({ is }) => is === 'host-kind') && !('target' in step)) {
    found.push(
      warning(place, 'It asks for the kind of its host and has none, so it is never done', 'Remove the condition.'),
    );
  }
  return found;
}

function conditionProblems(when: Step['when'], sequence: Sequence, place: Place): Problem[] {
  const found: Problem[] = [];
  for (const condition of when) {
    if (condition.is === 'parameter' && !Object.hasOwn(sequence.parameters, condition.name)) {
      const what = `It asks for the parameter "${condition.name}", which there is not, so it is never done`;
      found.push(error(place, what, 'Add the parameter to the plan, or remove the condition.'));
    }
  }
  if (sequence.faultTolerance === null && when.some(asksTolerance)) {
    found.push(
      warning(
        place,
        'It asks for the fault tolerance, which is not set: no UPS may fail then',
        'Say how many UPSes may fail, or remove the condition.',
      ),
    );
  }
  return found;
}

function groups(step: Step, place: Place): Problem[] {
  if (!isGuestsStep(step) || step.groups.length === 0) return [];
  const goes = step.kind === 'start-guests' ? 'comes up' : 'goes down';
  const found: Problem[] = [];
  const groupOf = new Map<string, string>();
  for (const group of step.groups) {
    for (const guest of group.guests) {
      const first = groupOf.get(guest);
      if (first !== undefined && first !== group.name) {
        const what = `The guest "${guest}" is in the groups ${first} and ${group.name}: it ${goes} with ${first}`;
        found.push(warning(place, what, 'Take it out of one of them.'));
      } else groupOf.set(guest, group.name);
    }
  }
  const except = step.guests && 'except' in step.guests ? step.guests.except : [];
  const named = new Set([...groupOf.keys(), ...except]).size;
  if (named > mostNames && !(step.guests && 'only' in step.guests)) {
    const what = `It names ${named} guests in its groups, and ${mostNames} are the most`;
    found.push(error(place, what, 'Make two steps of it.'));
  }
  return found;
}

/** Commands may well be run twice, and guests may go down or come up some now and some later. */
function isMeantTwice(step: Step): boolean {
  return step.kind === 'command' || (isGuestsStep(step) && step.guests !== undefined);
}

function twice(way: readonly PlacedStep[]): Problem[] {
  const first = new Map<string, PlacedStep>();
  const told = new Set<string>();
  return way.flatMap((placed) => {
    const { step, host, place } = placed;
    if (host === null || isMeantTwice(step) || step.when.length > 0) return [];
    const key = `${step.kind} ${host.id}`;
    const before = first.get(key);
    if (!before) {
      first.set(key, placed);
      return [];
    }
    const pair = `${before.place.stepId} ${place.stepId}`;
    if (before.place.stepId === place.stepId || told.has(pair)) return [];
    told.add(pair);
    const what = `"${stepKinds[step.kind].label}" on ${host.name} stands in the plan twice, first in ${before.stage.name}`;
    return [warning(place, what, 'Remove one of the two.')];
  });
}
