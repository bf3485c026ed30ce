import { assertNever } from '../../shared/assert-never.ts';
import { type HostKind, platforms } from '../../shared/platforms.ts';
import type { Check, Rehearsal, RehearsalVerdict } from '../../shared/rehearsal.ts';
import type { RehearsalSummary } from '../../shared/view.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';

interface Words {
  icon: IconName;
  words: string;
  tone: Tone;
}

/** Three verdicts only. What cannot be checked is never green. */
export function verdictWords(verdict: RehearsalVerdict): Words {
  switch (verdict) {
    case 'ready':
      return { icon: 'check', words: 'Ready', tone: 'good' };
    case 'fails':
      return { icon: 'cross', words: 'Fails', tone: 'bad' };
    case 'cannot-check':
      return { icon: 'question', words: 'Can’t check', tone: 'calm' };
    default:
      return assertNever(verdict, 'verdict');
  }
}

const checkLabels: Readonly<Record<Check['what'], string>> = {
  reach: 'Reachable',
  'host-key': 'Host key',
  login: 'Signed in',
  privilege: 'Allowed',
  guests: 'Guests',
  tools: 'Guest tools',
  mac: 'MAC address',
  time: 'Time',
};

/** A host with an API proves itself with a certificate. */
export const checkLabel = (what: Check['what'], kind: HostKind | null): string =>
  what === 'host-key' && kind !== null && platforms[kind].by === 'soap' ? 'Certificate' : checkLabels[what];

function countsOf({ steps }: Pick<Rehearsal, 'steps'>): RehearsalSummary['counts'] {
  const of = (verdict: RehearsalVerdict) => steps.filter((step) => step.verdict === verdict).length;
  return { ready: of('ready'), fails: of('fails'), 'cannot-check': of('cannot-check') };
}

type Outcome = Pick<RehearsalSummary, 'counts' | 'brokenOff'>;

export const outcomeOf = (rehearsal: Pick<Rehearsal, 'steps' | 'brokenOff'>): Outcome => ({
  counts: countsOf(rehearsal),
  brokenOff: rehearsal.brokenOff,
});

/** "11 of 12 ready, 1 can’t be checked". How many steps one that was broken off did not come to is not known. */
export function countWords({ counts, brokenOff }: Outcome): string {
  const { ready, fails, 'cannot-check': open } = counts;
  return [
    `${ready} of ${ready + fails + open} ready`,
    fails > 0 && `${fails} ${fails === 1 ? 'fails' : 'fail'}`,
    open > 0 && `${open} can’t be checked`,
    brokenOff !== null && 'then broken off',
  ]
    .filter(Boolean)
    .join(', ');
}

/** A whole rehearsal by its worst. Only one that went to its end and in which everything is ready is green. */
export function summaryWords({ counts, brokenOff }: Outcome): Words {
  const { ready, fails, 'cannot-check': open } = counts;
  const whole = ready + fails + open;
  if (fails > 0) return { ...verdictWords('fails'), words: `${fails} of ${whole} ${fails === 1 ? 'fails' : 'fail'}` };
  if (brokenOff !== null) return { icon: 'stop', words: 'Broken off', tone: 'warn' };
  if (whole === ready && ready > 0) return { ...verdictWords('ready'), words: 'All ready' };
  return { ...verdictWords('cannot-check'), words: `${ready} of ${whole} ready` };
}
