import { assertNever } from '../../../shared/assert-never.ts';
import type { Condition } from '../../../shared/condition.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Sequence } from '../../../shared/sequence.ts';

export interface Circumstances {
  /** The step's host; null: it has none. */
  host: Host | null;
  /** How many UPSes have failed now; null: not known yet, and what hangs on it counts as holding. */
  failedUpses: number | null;
  sequence: Sequence;
}

/** Every number of failed UPSes that conditions can tell apart: none asks for more than 8. */
export const failedCounts: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Why a step is not done under these circumstances, in words; null: every condition holds. */
export function unmet(when: readonly Condition[], circumstances: Circumstances): string | null {
  for (const condition of when) {
    const why = unmetOne(condition, circumstances);
    if (why !== null) return why;
  }
  return null;
}

const upses = (count: number): string => (count === 1 ? '1 UPS has' : `${count} UPSes have`);

function unmetOne(condition: Condition, { host, failedUpses, sequence }: Circumstances): string | null {
  switch (condition.is) {
    case 'within-tolerance':
    case 'beyond-tolerance': {
      if (failedUpses === null) return null;
      const level = sequence.faultTolerance?.level ?? 0;
      const within = failedUpses <= level;
      if (within === (condition.is === 'within-tolerance')) return null;
      const limit = level === 0 ? 'none may fail' : `${level} may fail`;
      const is = within ? 'within' : 'beyond';
      return `${upses(failedUpses)} failed, which is ${is} what the rack tolerates (${limit})`;
    }
    case 'failed-upses':
      if (failedUpses === null || failedUpses >= condition.atLeast) return null;
      return `${upses(failedUpses)} failed, and it is done from ${condition.atLeast} on`;
    case 'host-kind':
      if (host === null) return `it has no host, and it is done on a host of kind ${condition.kind} only`;
      return host.kind === condition.kind ? null : `${host.name} is of kind ${host.kind}, not ${condition.kind}`;
    case 'parameter': {
      if (!Object.hasOwn(sequence.parameters, condition.name)) return `there is no parameter "${condition.name}"`;
      const value = sequence.parameters[condition.name];
      if (value === condition.equals) return null;
      return `the parameter "${condition.name}" is ${JSON.stringify(value)}, not ${JSON.stringify(condition.equals)}`;
    }
    default:
      return assertNever(condition, 'condition');
  }
}
