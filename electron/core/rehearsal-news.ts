import type { Rehearsal, RehearsedStep } from '../../shared/rehearsal.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { RehearsalSummary } from '../../shared/view.ts';
import { count } from '../../shared/words.ts';
import type { Notice } from './ports.ts';

/** So many are named in a notice. */
const mostNamed = 5;

/** What was ready in the rehearsal before and fails now, and which guests are new; null: neither. */
export function newsNotice(before: Rehearsal, now: Rehearsal): Notice | null {
  const wereReady = new Set(before.steps.filter((step) => step.verdict === 'ready').map(keyOf));
  const worse = now.steps.filter((step) => step.verdict === 'fails' && wereReady.has(keyOf(step)));
  const fresh = [...newByHost(now)];
  const lines = [...worse.map(lineOf), ...fresh.map(([host, names]) => newLine(host, names))];
  if (lines.length === 0) return null;
  const named = lines.slice(0, mostNamed);
  const more = lines.length - named.length;
  const many = new Set(fresh.flatMap(([, names]) => [...names])).size;
  return {
    category: 'failure',
    urgency: 'normal',
    title:
      worse.length > 0
        ? `Rehearsal: ${count(worse.length, 'step')} of “${now.sequenceName}” would fail now`
        : `Rehearsal: ${count(many, 'guest')} of “${now.sequenceName}” ${many === 1 ? 'is' : 'are'} new`,
    body: [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
  };
}

/** Names in each step the guests that no step was for in the rehearsal before. */
export function withNewGuests(before: Rehearsal, now: Rehearsal): Rehearsal {
  const listed = new Set(before.steps.filter((step) => guestsOf(step) !== undefined).map(keyOf));
  // One that was moved to another host is not new.
  const known = new Set(before.steps.flatMap((step) => guestsOf(step) ?? []));
  const marked = (step: RehearsedStep): RehearsedStep => {
    // Where they could not be listed before, all of them would be new.
    if (!listed.has(keyOf(step))) return step;
    const newGuests = (guestsOf(step) ?? []).filter((name) => !known.has(name));
    return newGuests.length === 0 ? step : { ...step, newGuests };
  };
  return { ...now, steps: now.steps.map(marked) };
}

const guestsOf = ({ checks }: RehearsedStep): readonly string[] | undefined =>
  checks.find(({ guests }) => guests !== undefined)?.guests;

/** By the name of their host; steps of both ways may be for the same guests. */
function newByHost({ steps }: Rehearsal): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { hostName, newGuests = [] } of steps) {
    if (newGuests.length > 0) found.set(hostName, new Set([...(found.get(hostName) ?? []), ...newGuests]));
  }
  return found;
}

const newLine = (host: string, names: ReadonlySet<string>): string =>
  `${host}: new since the last rehearsal: ${[...names].join(', ')}`.slice(0, 200);

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
