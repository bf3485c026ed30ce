import type { Step } from '../../../shared/sequence.ts';

/** Which guests of a host, by name; undefined: all. */
type Choice = Extract<Step, { kind: 'start-guests' }>['guests'];

/** The most names that one step may carry. */
export const mostNames = 500;

/** These guests or, if not `isOnly`, all but these. */
export interface SomeGuests {
  names: ReadonlySet<string>;
  isOnly: boolean;
}

export function someGuests(choice: Choice): SomeGuests {
  if (choice && 'only' in choice) return only(choice.only);
  return allBut(only(choice?.except ?? []));
}

export const only = (names: Iterable<string>): SomeGuests => ({ names: new Set(names), isOnly: true });

const allBut = ({ names, isOnly }: SomeGuests): SomeGuests => ({ names, isOnly: !isOnly });

/** Those of both. */
export function both(one: SomeGuests, other: SomeGuests): SomeGuests {
  if (!one.isOnly && !other.isOnly) return { names: new Set([...one.names, ...other.names]), isOnly: false };
  const [few, more] = one.isOnly ? [one, other] : [other, one];
  return only([...few.names].filter((name) => more.names.has(name) === more.isOnly));
}

/** Those of the one that the other has not. */
export const without = (one: SomeGuests, other: SomeGuests): SomeGuests => both(one, allBut(other));

export const isNone = ({ names, isOnly }: SomeGuests): boolean => isOnly && names.size === 0;

/** As a step has it. There must be one of them at least. */
export function choiceOf({ names, isOnly }: SomeGuests): Choice {
  const list = [...names].slice(0, mostNames);
  if (isOnly) return { only: list };
  return list.length > 0 ? { except: list } : undefined;
}
