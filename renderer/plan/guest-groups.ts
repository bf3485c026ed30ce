import type { Step } from '../../shared/sequence.ts';

export type GuestsStep = Extract<Step, { kind: 'shut-down-guests' }>;
export type GuestGroup = GuestsStep['groups'][number];

export const mostGroups = 8;

/** One name a line; none twice. */
export const namesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((name) => name.trim())
      .filter(Boolean),
  ),
];

/** As shared/sequence.ts wants them. */
export const areNames = (text: string): boolean => {
  const names = namesOf(text);
  return names.length > 0 && names.length <= 500 && names.every((name) => name.length <= 100);
};

export const badNames = 'Names of guests, one a line, each of 100 characters at most';

/** Which guests of the host; `null`: all. */
export function withGuests(step: GuestsStep, guests: GuestsStep['guests'] | null): GuestsStep {
  const { guests: _, ...rest } = step;
  return guests ? { ...rest, guests } : rest;
}

/** The new one goes down last. The same step when there are as many as there can be. */
export function addGroup(step: GuestsStep, guests: string[]): GuestsStep {
  if (step.groups.length >= mostGroups || guests.length === 0) return step;
  const taken = new Set(step.groups.map((group) => group.name));
  let number = step.groups.length + 1;
  while (taken.has(`Group ${number}`)) number += 1;
  return { ...step, groups: [...step.groups, { name: `Group ${number}`, guests }] };
}

export function changeGroup(step: GuestsStep, at: number, group: GuestGroup): GuestsStep {
  return { ...step, groups: step.groups.map((each, index) => (index === at ? group : each)) };
}

export function moveGroup(step: GuestsStep, at: number, by: -1 | 1): GuestsStep {
  return { ...step, groups: moved(step.groups, at, by) };
}

export function removeGroup(step: GuestsStep, at: number): GuestsStep {
  return { ...step, groups: step.groups.filter((_, index) => index !== at) };
}

/** One of a list moved up or down; the very same list at its ends. */
export function moved<T>(list: T[], at: number, by: -1 | 1): T[] {
  const one = list[at];
  if (one === undefined || list[at + by] === undefined) return list;
  const rest = list.filter((_, index) => index !== at);
  rest.splice(at + by, 0, one);
  return rest;
}
