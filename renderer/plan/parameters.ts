import type { ParameterValue } from '../../shared/condition.ts';

/** As shared/condition.ts wants the names of parameters. */
export const isParameterName = (text: string): boolean => /^[a-z][a-z0-9-]{0,31}$/.test(text);

export const badParameterName = 'Small letters, digits and "-", 32 at most';

/** As shared/condition.ts wants their values: nothing on which a shell acts. */
export const isParameterText = (text: string): boolean => /^[\w@%+=:,./-]{0,200}$/.test(text.trim());

export const badParameterText = 'Letters, digits and @ % + = : , . / _ - only';

/** What was typed: true and false, a number, or a word. A number that would be written otherwise stays a word. */
export function parameterOf(text: string): ParameterValue {
  const typed = text.trim();
  if (typed === 'true' || typed === 'false') return typed === 'true';
  const number = Number(typed);
  return typed !== '' && Number.isFinite(number) && String(number) === typed ? number : typed;
}
