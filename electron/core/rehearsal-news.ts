import type { Rehearsal, RehearsedStep } from '../../shared/rehearsal.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { RehearsalSummary } from '../../shared/view.ts';
import { count } from '../../shared/words.ts';
import type { Notice } from './ports.ts';

/** So many are named in a notice. */
const mostNamed = 5;

/** What was ready in the rehearsal before and fails now; null: nothing. */
export function worseNotice(before: Rehearsal | null, now: Rehearsal): Notice | null {
  if (before === null || before.sequenceId !== now.sequenceId) return null;
  const wereReady = new Set(before.steps.filter((step) => step.verdict === 'ready').map(keyOf));
  const worse = now.steps.filter((step) => step.verdict === 'fails' && wereReady.has(keyOf(step)));
  if (worse.length === 0) return null;
  const named = worse.slice(0, mostNamed).map(lineOf);
  const more = worse.length - named.length;
  return {
    category: 'failure',
    urgency: 'normal',
    title: `Rehearsal: ${count(worse.length, 'step')} of “${now.sequenceName}” would fail now`,
    body: [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
  };
}

export function lateNotice(days: number, why: string | null): Notice {
  return {
    category: 'failure',
    urgency: 'normal',
    title: 'The plan could not be rehearsed',
    body: `No rehearsal has gone to its end for ${count(days, 'day')}.${why === null ? '' : ` ${why}`}`,
  };
}

export function summaryOf({ id, begunAt, sequenceName, steps, brokenOff }: Rehearsal): RehearsalSummary {
  const counts: RehearsalSummary['counts'] = { ready: 0, fails: 0, 'cannot-check': 0 };
  for (const { verdict } of steps) counts[verdict] += 1;
  return { id, begunAt, sequenceName, counts, brokenOff };
}

/** A step that is aimed at something else, or does something else, by now is another step. */
const keyOf = ({ stepId, kind, hostId }: RehearsedStep): string => JSON.stringify([stepId, kind, hostId]);

function lineOf({ kind, hostName, checks }: RehearsedStep): string {
  const label = Object.entries(stepKinds).find(([id]) => id === kind)?.[1].label ?? kind;
  const why = checks.find((check) => check.verdict === 'fails')?.detail ?? '';
  return `${hostName || label}${hostName ? `, ${label.toLowerCase()}` : ''}: ${why}`.slice(0, 200);
}
