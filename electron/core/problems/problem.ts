import type { Problem } from '../../../shared/problem.ts';

export type Place = Pick<Problem, 'stageId' | 'stepId'>;

/** The plan as a whole, or the inventory. */
export const whole: Place = { stageId: null, stepId: null };

/** It must not be armed like this. */
export const error = (place: Place, what: string, remedy: string): Problem => ({
  severity: 'error',
  ...place,
  what,
  remedy,
});

/** It may be armed, and the user should know. */
export const warning = (place: Place, what: string, remedy: string): Problem => ({
  severity: 'warning',
  ...place,
  what,
  remedy,
});

/** "nas", "nas and web", "nas, web and 3 others". */
export function listed(names: readonly string[]): string {
  const [first, second, third] = names;
  if (first === undefined) return 'none';
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  if (names.length === 3) return `${first}, ${second} and ${third}`;
  return `${first}, ${second} and ${names.length - 2} others`;
}
