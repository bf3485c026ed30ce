import type { Step } from '../../shared/sequence.ts';
import { duration } from '../parts/format.ts';
import { limitOf } from './step-words.ts';

export type GuestsStep = Extract<Step, { kind: 'shut-down-guests' }>;
/** Its guests may go in groups, down or up. */
export type GroupedStep = Extract<Step, { kind: 'shut-down-guests' | 'start-guests' }>;
export type GuestGroup = GroupedStep['groups'][number];

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

export const isGrouped = (step: Step): step is GroupedStep =>
  step.kind === 'shut-down-guests' || step.kind === 'start-guests';

/** The new one is the last of them. The same step when there are as many as there can be. */
export function addGroup<T extends GroupedStep>(step: T, guests: string[]): T {
  if (step.groups.length >= mostGroups || guests.length === 0) return step;
  const taken = new Set(step.groups.map((group) => group.name));
  let number = step.groups.length + 1;
  while (taken.has(`Group ${number}`)) number += 1;
  return { ...step, groups: [...step.groups, { name: `Group ${number}`, guests }] };
}

export function changeGroup<T extends GroupedStep>(step: T, at: number, group: GuestGroup): T {
  return { ...step, groups: step.groups.map((each, index) => (index === at ? group : each)) };
}

export function moveGroup<T extends GroupedStep>(step: T, at: number, by: -1 | 1): T {
  return { ...step, groups: moved(step.groups, at, by) };
}

export function removeGroup<T extends GroupedStep>(step: T, at: number): T {
  return { ...step, groups: step.groups.filter((_, index) => index !== at) };
}

/**
 * The priority groups of PowerChute Network Shutdown in the order in which it shuts them down, then what the guests
 * themselves stand on.
 * @see the help of PowerChute Network Shutdown 5.0 (SPD_ARAJ-PCNS50LNX_EN), VM Prioritization
 */
export const powerChuteGroups = ['Group 2', 'Group 1', 'Low', 'Medium', 'High', 'vCenter', 'Directory'] as const;

/** These groups in their order, without those that are empty, after the groups of other names. Limits that were there stay. */
export function withPowerChuteGroups(step: GuestsStep, groups: readonly GuestGroup[]): GuestsStep {
  const names = new Set(groups.map(({ name }) => name));
  const own = step.groups.filter(({ name }) => !names.has(name));
  const filled = groups
    .filter(({ guests }) => guests.length > 0)
    .map((group) => ({ ...step.groups.find(({ name }) => name === group.name), ...group }));
  return { ...step, groups: [...own, ...filled] };
}

/** In seconds; one that has a limit already gets this one. */
export function withGuestLimit(step: GuestsStep, guest: string, limit: number): GuestsStep {
  const has = step.guestLimits.some((each) => each.guest === guest);
  const guestLimits = has
    ? step.guestLimits.map((each) => (each.guest === guest ? { guest, limit } : each))
    : [...step.guestLimits, { guest, limit }];
  return { ...step, guestLimits };
}

/** Why a guest's own limit may never come, one sentence; empty: it comes before that of its group or step. */
export function neverComes(step: GuestsStep, { guest, limit }: GuestsStep['guestLimits'][number]): string {
  const own = step.groups.find(({ guests }) => guests.includes(guest))?.limit;
  const whole = own ?? limitOf(step);
  if (limit < whole) return '';
  return `The limit of its ${own === undefined ? 'step' : 'group'}, ${duration(whole)}, is over by then: it may never be powered off.`;
}

export function withoutGuestLimit(step: GuestsStep, guest: string): GuestsStep {
  return { ...step, guestLimits: step.guestLimits.filter((each) => each.guest !== guest) };
}

/** One of a list moved up or down; the very same list at its ends. */
export function moved<T>(list: T[], at: number, by: -1 | 1): T[] {
  const one = list[at];
  if (one === undefined || list[at + by] === undefined) return list;
  const rest = list.filter((_, index) => index !== at);
  rest.splice(at + by, 0, one);
  return rest;
}
