import { originOf } from '../../shared/origin.ts';
import type { StepView } from '../../shared/run.ts';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { type GroupedStep, isGrouped } from '../plan/guest-groups.ts';
import { allStages } from '../plan/step-words.ts';
import { listed } from '../supply/supply-names.ts';

/** More names would fill the row; the journal has them all. */
const mostNamed = 12;

/** The steps of a plan that have guests in groups, by id. */
export type GuestSteps = ReadonlyMap<string, GroupedStep>;

export function guestStepsOf(plan: Sequence | null): GuestSteps {
  const steps = (plan ? allStages(plan) : []).flatMap((stage) => stage.steps);
  return new Map(steps.flatMap((step) => (isGrouped(step) && step.groups.length > 0 ? [[step.id, step]] : [])));
}

/**
 * Which guests a step of a run is for, as "Low: web-1, web-2": those that it found on, before that those that it names.
 * @param named of the plan as it is now, which knows the names of the groups
 */
export function guestsNote(step: Step, view: StepView, named: GuestSteps): string | null {
  if (!isGrouped(step)) return null;
  const group = groupOf(step, named);
  const { names } = view.data;
  const known = Array.isArray(names) ? names.map(String) : step.guests && 'only' in step.guests ? step.guests.only : [];
  if (known.length === 0) return group;
  return `${group === null ? '' : `${group}: `}${listed(known, mostNamed)}`;
}

/**
 * The group that became this step; of an edited plan only one that still has these guests. Where nothing else is said,
 * guests come up by the groups in which they go down.
 */
function groupOf({ id, kind, guests }: GroupedStep, named: GuestSteps): string | null {
  const own = named.get(originOf(id));
  const groups = (own ? [own] : kind === 'start-guests' ? [...named.values()] : []).flatMap((step) => step.groups);
  if (groups.length === 0 || !guests) return null;
  if ('except' in guests) return 'In no group';
  const { only } = guests;
  const holds = ({ guests: members }: { guests: readonly string[] }) => only.every((name) => members.includes(name));
  return groups.find(holds)?.name ?? null;
}
