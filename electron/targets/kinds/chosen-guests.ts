import type { Step } from '../../../shared/sequence.ts';

/** Which of a host's guests, by name; undefined: all. */
export type GuestChoice = Extract<Step, { kind: 'shut-down-guests' }>['guests'];

/** The guests that a step is for. */
export function chosen<T extends { name: string }>(choice: GuestChoice, guests: readonly T[]): T[] {
  if (choice === undefined) return [...guests];
  const names = new Set(namesIn(choice));
  const isOnly = 'only' in choice;
  return guests.filter((guest) => names.has(guest.name) === isOnly);
}

/** Names of the choice that none of the host's guests has. */
export function unknownNames(choice: GuestChoice, guests: ReadonlyArray<{ name: string }>): string[] {
  if (choice === undefined) return [];
  const names = new Set(guests.map((guest) => guest.name));
  return namesIn(choice).filter((name) => !names.has(name));
}

const namesIn = (choice: NonNullable<GuestChoice>): readonly string[] =>
  'only' in choice ? choice.only : choice.except;
