import type { z } from 'zod';
import { FaultError } from '../../shared/fault.ts';
import type { RequestName } from '../../shared/ipc.ts';
import { formWords } from './form-words.ts';

type Issue = z.core.$ZodIssue;

/** More would push the form away that they are about. */
const mostTold = 5;

/**
 * Why the input of a request was refused: which field of its form is wrong and why, in words. What stands in no field is
 * our own doing. Nothing that was entered is repeated but what the thing is called: it may be a secret.
 */
export function inputFault(name: RequestName, input: unknown, issues: readonly Issue[]): FaultError {
  const words = formWords[name];
  const fields = words?.fields(input) ?? {};
  const told = new Map<string, string>();
  for (const issue of issues) {
    const found = fieldOf(issue, fields);
    // Of a field that is wrong in several ways the first is said.
    if (found && !told.has(found.field)) told.set(found.field, `${found.field}: ${found.reason}.`);
  }
  if (words && told.size > 0) {
    const more = told.size > mostTold ? [`${told.size - mostTold} more fields are not right either.`] : [];
    return fault(
      words.subject(input) || name,
      [...[...told.values()].slice(0, mostTold), ...more].join(' '),
      'Correct it and try again.',
    );
  }
  const [first] = issues;
  const place = first?.path.join('.') || 'input';
  return fault(
    name,
    `${place}: ${first?.message ?? 'invalid'}`,
    'This is a defect in Glidepath: please report it with the log.',
  );
}

const fault = (where: string, what: string, remedy: string): FaultError =>
  new FaultError({ code: 'invalid-input', what: what.slice(0, 2000), where, remedy });

/** null: what is wrong there stands in no field. */
function fieldOf(issue: Issue, fields: Readonly<Record<string, string>>): { field: string; reason: string } | null {
  const names = issue.path.filter((part) => typeof part !== 'number');
  const numbers = issue.path.filter((part) => typeof part === 'number');
  for (let length = names.length; length > 0; length -= 1) {
    const label = fields[names.slice(0, length).join('.')];
    if (label === undefined) continue;
    const field = `${placeOf(names, numbers)}“${label}” is not right${entryOf(names, numbers)}`;
    return { field, reason: why(issue) };
  }
  return null;
}

/** "Stage 2, step 3: ". */
function placeOf(names: readonly PropertyKey[], [stage, step]: readonly number[]): string {
  if (stage === undefined || !isOfStage(names)) return '';
  const way = names[1] === 'returnStages' ? 'Return stage' : 'Stage';
  return `${way} ${stage + 1}${step === undefined || names[2] !== 'steps' ? '' : `, step ${step + 1}`}: `;
}

/** ", entry 2", of a list that is entered into one field. */
function entryOf(names: readonly PropertyKey[], [at]: readonly number[]): string {
  return at === undefined || isOfStage(names) ? '' : `, entry ${at + 1}`;
}

const isOfStage = ([, list]: readonly PropertyKey[]): boolean => list === 'stages' || list === 'returnStages';

/** Ours are words already; zod's own name types and patterns. */
function why(issue: Issue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? 'it has characters that it cannot have' : issue.message;
    case 'too_big':
      return `${issue.maximum} ${issue.origin === 'string' ? 'characters ' : ''}at most`;
    case 'too_small':
      return issue.origin === 'string' ? 'it must not be empty' : `${issue.minimum} at least`;
    default:
      return 'it is missing, or nothing that can stand there';
  }
}
