import { assertNever } from '../../../../shared/assert-never.ts';
import type { Proof } from './recipe.ts';

interface Values {
  /** Raw values: what was sent, what was there before, what is there now. */
  sent: number;
  before: number | null;
  found: number;
}

/** Seconds by which a countdown may be shorter: some tick once in five seconds. Minutes may have lost one. */
const slack = 5;
const minute = 60;

/**
 * Whether a write was taken, judged by reading back `waited` seconds later. Null: not, or not yet. `counting`: the seconds
 * that it counts down, as it says; null: it counts nothing down.
 */
export function judge(proof: Proof, values: Values, waited: number): { counting: number | null } | null {
  const { sent, before, found } = values;
  switch (proof.kind) {
    case 'same':
      return found === sent ? { counting: null } : null;
    case 'counting': {
      const left = proof.seconds(found);
      if (left === null || left < leastLeft(proof, waited)) return null;
      // What stood there before and was not sent is no proof: a minute that has gone by looks like a write that was ignored.
      if (found === before && found !== sent) return null;
      // Shown for people: a second that has gone by is not a shorter delay.
      return { counting: left <= proof.from ? proof.from : left };
    }
    case 'idle':
      return proof.seconds(found) === null ? { counting: null } : null;
    case 'testing':
      return isTesting(sent, before, found) ? { counting: null } : null;
    case 'not-testing':
      return found !== running ? { counting: null } : null;
    default:
      return assertNever(proof, 'proof');
  }
}

function leastLeft({ from, seconds }: Extract<Proof, { kind: 'counting' }>, waited: number): number {
  // Counted in minutes: 2 min read as 1 as soon as a second is over.
  const inMinutes = seconds(1) === minute;
  return inMinutes ? from - minute : from - waited - slack;
}

/** The specification's values of Test: 5 in progress, 6 none initiated, 1 to 4 how the last one ended. */
const running = 5;
const none = 6;

/**
 * Some keep showing the result of the test before, and that may be the same number as was sent: then the device has
 * accepted it, and says no more.
 */
function isTesting(sent: number, before: number | null, found: number): boolean {
  if (found === running) return true;
  return found !== none && (found !== before || found === sent);
}
