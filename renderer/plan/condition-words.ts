import { assertNever } from '../../shared/assert-never.ts';
import type { Condition, ParameterValue } from '../../shared/condition.ts';
import { platforms } from '../../shared/platforms.ts';
import { count } from '../parts/format.ts';

export const conditionNames: Readonly<Record<Condition['is'], string>> = {
  'within-tolerance': 'Failed UPSes are within the tolerance',
  'beyond-tolerance': 'More UPSes failed than tolerated',
  'failed-upses': 'So many UPSes failed',
  'host-kind': 'The host is of a kind',
  parameter: 'A parameter has a value',
};

/** "if beyond tolerance", short enough for a row. */
export function conditionWords(condition: Condition): string {
  switch (condition.is) {
    case 'within-tolerance':
      return 'if within tolerance';
    case 'beyond-tolerance':
      return 'if beyond tolerance';
    case 'failed-upses':
      return `if ${count(condition.atLeast, 'UPS', 'UPSes')} failed`;
    case 'host-kind':
      return `if ${platforms[condition.kind].label}`;
    case 'parameter':
      return `if ${condition.name} is ${condition.equals}`;
    default:
      return assertNever(condition, 'condition');
  }
}

/** A condition as it begins; null: it asks for a parameter and the plan has none. */
export function newCondition(
  is: Condition['is'],
  parameters: Readonly<Record<string, ParameterValue>>,
): Condition | null {
  switch (is) {
    case 'within-tolerance':
    case 'beyond-tolerance':
      return { is };
    case 'failed-upses':
      return { is, atLeast: 2 };
    case 'host-kind':
      return { is, kind: 'esxi' };
    case 'parameter': {
      const [first] = Object.entries(parameters);
      return first ? { is, name: first[0], equals: first[1] } : null;
    }
    default:
      return assertNever(is, 'condition');
  }
}
