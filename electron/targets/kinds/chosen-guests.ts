import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';

/** Which of a host's guests, by name; undefined: all. */
export type GuestChoice = Extract<Step, { kind: 'shut-down-guests' | 'start-guests' }>['guests'];

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

/** What comes behind "every guest that ...". */
export function choiceWords(choice: GuestChoice): string {
  if (choice === undefined) return '';
  return ` (${'only' in choice ? choice.only.join(', ') : `not ${choice.except.join(', ')}`})`;
}

const namesIn = (choice: NonNullable<GuestChoice>): readonly string[] =>
  'only' in choice ? choice.only : choice.except;

/** The guests that a step left in the journal, which keeps ids and names side by side. `name`: null where none was left. */
export function guestsIn(data: StepData): { id: string; name: string | null }[] {
  const list = (value: StepData[string] | undefined): readonly string[] => (Array.isArray(value) ? value : []);
  const names = list(data.names);
  return list(data.guests).map((id, at) => ({ id, name: names[at] ?? null }));
}
