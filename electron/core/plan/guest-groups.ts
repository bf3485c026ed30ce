import type { Step } from '../../../shared/sequence.ts';
import { limitOf } from './limits.ts';
import { both, choiceOf, isNone, only, type SomeGuests, someGuests, without } from './some-guests.ts';

type DownStep = Extract<Step, { kind: 'shut-down-guests' }>;
type UpStep = Extract<Step, { kind: 'start-guests' }>;

/** A step whose guests may go in groups, down or up. */
export type GuestsStep = DownStep | UpStep;

export const isGuestsStep = (step: Step): step is GuestsStep =>
  step.kind === 'shut-down-guests' || step.kind === 'start-guests';

/**
 * The parts of a step in the order in which they go, each group with its own limit. The guests in no group go down first
 * and come up last. What the step itself leaves out is in no part; a part without a guest is none.
 */
export function guestParts(step: GuestsStep): GuestsStep[] {
  if (step.groups.length === 0) return [step];
  let left = someGuests(step.guests);
  const parts: GuestsStep[] = [];
  for (const { guests, limit = limitOf(step) } of step.groups) {
    const those = both(left, only(guests));
    if (!isNone(those)) parts.push({ ...partOf(step, those), limit });
    left = without(left, those);
  }
  const rest = isNone(left) ? [] : [partOf(step, left)];
  return step.kind === 'start-guests' ? [...parts, ...rest] : [...rest, ...parts];
}

/**
 * The parts in which the guests of a host come up, if the step does not say it: in the reverse of the order in which they
 * go down. The limits of going down do not count.
 * @param down what takes the guests of this host down, in order
 */
export function partsBack(step: UpStep, down: readonly DownStep[]): GuestsStep[] {
  if (step.guests !== undefined || step.groups.length > 0) return guestParts(step);
  let left = someGuests(undefined);
  const parts: SomeGuests[] = [];
  for (const { guests } of down.flatMap(guestParts)) {
    parts.unshift(both(left, someGuests(guests)));
    left = without(left, someGuests(guests));
  }
  const back = parts.filter((those) => !isNone(those));
  if (back.length < 2) return [step];
  // What no step takes down may still be owed by an earlier run.
  return [...back, ...(isNone(left) ? [] : [left])].map((those) => partOf(step, those));
}

function partOf(step: GuestsStep, those: SomeGuests): GuestsStep {
  const { guests: _, ...rest } = { ...step, groups: [] };
  const guests = choiceOf(those);
  return guests === undefined ? rest : { ...rest, guests };
}
