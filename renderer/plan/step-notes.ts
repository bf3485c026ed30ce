import type { Stage, Step } from '../../shared/sequence.ts';
import { count, duration } from '../parts/format.ts';
import { conditionWords } from './condition-words.ts';
import { isGrouped } from './guest-groups.ts';
import { isGroup } from './targets.ts';

/** What of a step is not as it usually is, in short words for its row. */
export function stepNotes(step: Step): string[] {
  return [
    'target' in step && isGroup(step.target) && step.each === 'one-by-one' && 'one by one',
    isGrouped(step) && step.guests && 'except' in step.guests && `all but ${few(step.guests.except)}`,
    isGrouped(step) && step.groups.length > 0 && count(step.groups.length, 'group'),
    step.kind === 'shut-down-guests' &&
      step.guestLimits.length > 0 &&
      count(step.guestLimits.length, 'limit of its own', 'limits of their own'),
    step.kind === 'enter-maintenance' && step.evacuation !== 'no-action' && 'moves its vSAN data',
    step.kind === 'command' && step.always && 'also where the power stays',
    step.kind === 'ups-off' && !step.returns && 'stays off',
    step.kind === 'notify' &&
      step.channels &&
      (step.channels.length === 0 ? 'on this computer only' : `by ${count(step.channels.length, 'channel')}`),
    step.after > 0 && `waits ${duration(step.after)} first`,
    ...step.when.map(conditionWords),
    step.optional && 'optional',
    step.onFailure === 'stop' && 'stops the run if it fails',
  ].filter((each) => typeof each === 'string');
}

export function stageNotes(stage: Stage): string[] {
  return [
    stage.parallel !== undefined && `${stage.parallel} at once`,
    ...stage.when.map(conditionWords),
    stage.onFailure === 'stop' && 'stops the run if a step fails',
  ].filter((each) => typeof each === 'string');
}

const few = (names: readonly string[]): string =>
  names.length === 1 ? (names[0] ?? '') : count(names.length, 'guest');
