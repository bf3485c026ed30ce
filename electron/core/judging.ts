import type { RunView } from '../../shared/run.ts';
import { type FedGroup, failedIn, type PlanPower } from './feeding.ts';
import { needsForAll } from './margins.ts';
import type { Moment, Monitored } from './monitor.ts';
import type { StandingPlan, Wanted } from './standing-plan.ts';
import { judge, type Verdict } from './trigger.ts';

export interface Judged {
  verdict: Verdict;
  /** Whom a run would be for, or would take in as well; null: all. */
  wanted: Wanted;
}

/** Hosts of the group are not among those for whom the newest run is, or was. */
const isOutside = (group: FedGroup, run: RunView | null): boolean => {
  if (!run || run.wanted === null) return false;
  const wanted = new Set(run.wanted);
  return group.hosts.some((host) => !wanted.has(host.id));
};

/** That its UPSes have had a run does not count for hosts that were not in it. */
const asUnserved = (group: FedGroup): FedGroup => ({ ...group, supplies: group.supplies.map(unserved) });
const unserved = (one: Monitored): Monitored => ({ ...one, served: { battery: false, forced: false } });

/**
 * Whether a run should begin now, and for whom. `run`: the newest there is, going on or not; `postponed`: seconds for which
 * the user has put the start off.
 */
export function judgeStart(
  plan: StandingPlan,
  power: PlanPower,
  run: RunView | null,
  postponed: number,
  at: Moment,
): Judged {
  const groups = power.groups.map((group) => (group.failing && isOutside(group, run) ? asUnserved(group) : group));
  const failed = failedIn(power.groups, at).length;
  const failing = groups.filter((group) => group.failing);
  // On mains it is what the whole plan needs that counts.
  const wanted = failing.length > 0 ? plan.wantedFor(failing, failed) : null;
  const needs = failing.length > 0 ? plan.needs(wanted, failed) : needsForAll(plan, power, at);
  const verdict = judge({ ...power, groups }, plan.sequence.triggers, needs, at, postponed);
  return { verdict, wanted };
}

/**
 * Whether a run that goes down should take in more hosts: those of groups outside it that lose their power by now, or all
 * once more UPSes have failed than the rack tolerates. `plan`, `power`: as the run sees them. null: there is nothing that
 * it could take in.
 */
export function judgeWidening(plan: StandingPlan, power: PlanPower, run: RunView, at: Moment): Judged | null {
  if (run.wanted === null || run.phase !== 'down' || run.cancelled !== null) return null;
  const failing = power.groups.filter((group) => group.failing);
  const failed = failedIn(power.groups, at).length;
  const isBeyond = plan.isBeyondTolerance(failed);
  const groups = (isBeyond ? failing : failing.filter((group) => isOutside(group, run))).map(asUnserved);
  if (groups.length === 0) return null;
  const wanted = plan.wantedFor(groups, failed);
  const verdict = judge({ ...power, groups }, plan.sequence.triggers, plan.needs(wanted, failed), at);
  return { verdict, wanted };
}

/** The groups with hosts for whom a run is; null: for all. */
export function groupsOf({ groups }: PlanPower, wanted: readonly string[] | null): readonly FedGroup[] {
  if (wanted === null) return groups;
  const ids = new Set(wanted);
  return groups.filter((group) => group.hosts.length === 0 || group.hosts.some((host) => ids.has(host.id)));
}
