import type { Step } from '../../../shared/sequence.ts';
import { limitOf } from './limits.ts';

export type GuestsStep = Extract<Step, { kind: 'shut-down-guests' }>;

/** The most names that one step may carry. */
export const mostNames = 500;

/**
 * The parts of a step in the order in which they go: the guests in no group first, then each group with its own limit.
 * What the step itself leaves out is in no part; a part without a guest is none.
 */
export function guestParts(step: GuestsStep): GuestsStep[] {
  if (step.groups.length === 0) return [step];
  const { guests } = step;
  const named = new Set(step.groups.flatMap((group) => group.guests));
  const plain = { ...step, groups: [] };
  const parts: GuestsStep[] = [];
  if (guests && 'only' in guests) {
    const only = guests.only.filter((name) => !named.has(name));
    if (only.length > 0) parts.push({ ...plain, guests: { only } });
  } else {
    const except = [...new Set([...(guests?.except ?? []), ...named])].slice(0, mostNames);
    parts.push({ ...plain, guests: { except } });
  }
  const taken = new Set<string>();
  for (const group of step.groups) {
    const only = group.guests.filter((name) => isMeant(guests, name) && !taken.has(name));
    for (const name of only) taken.add(name);
    if (only.length > 0) parts.push({ ...plain, guests: { only }, limit: group.limit ?? limitOf(step) });
  }
  return parts;
}

function isMeant(guests: GuestsStep['guests'], name: string): boolean {
  if (!guests) return true;
  return 'only' in guests ? guests.only.includes(name) : !guests.except.includes(name);
}
