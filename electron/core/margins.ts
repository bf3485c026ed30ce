import type { BranchMargin, MarginView } from '../../shared/view.ts';
import type { FedGroup, PlanPower } from './feeding.ts';
import { failedIn } from './feeding.ts';
import { bindingRuntime, groupRuntime } from './group-runtime.ts';
import type { Moment } from './monitor.ts';
import { failedCounts } from './plan/conditions.ts';
import type { StandingPlan } from './standing-plan.ts';

/** Seconds left against seconds needed. */
export const marginOf = (runtimeLeft: number | null, needs: number): MarginView => ({
  runtimeLeft,
  needs,
  spare: runtimeLeft === null ? null : runtimeLeft - needs,
});

/** What would be for each group of hosts if its UPSes failed now, or is, if they do. */
export function branchesOf(plan: StandingPlan | null, power: PlanPower, at: Moment): BranchMargin[] {
  return power.groups.map((group) => {
    const failed = failedWith(group, power, at);
    const needs = plan === null ? 0 : plan.needs(plan.wantedFor([group], failed), failed);
    return {
      ...marginOf(groupRuntime(group, at), needs),
      upsIds: group.supplies.map((one) => one.ups.id),
      need: group.need,
      hostIds: group.hosts.map((host) => host.id),
      failing: group.failing,
    };
  });
}

/** Seconds that the way down takes for every host: as it is now; while no UPS fails, at the worst of what an outage may be. */
export function needsForAll(plan: StandingPlan, { groups }: PlanPower, at: Moment): number {
  const failed = failedIn(groups, at).length;
  if (failed > 0) return plan.needs(null, failed);
  const most = Math.max(1, new Set(groups.flatMap((group) => group.supplies)).size);
  const counts = failedCounts.filter((count) => count >= 1 && count <= most);
  return Math.max(...counts.map((count) => plan.needs(null, count)));
}

/** How many UPSes have failed once this group loses its power. */
function failedWith(group: FedGroup, { groups }: PlanPower, at: Moment): number {
  const failed = new Set(failedIn(groups, at));
  if (group.failing) return failed.size;
  const more = group.supplies.filter((one) => !failed.has(one)).length;
  return failed.size + (group.need === 'all' ? Math.min(1, more) : more);
}

/**
 * The margin of the whole: of the hosts that lose their power now; while nobody does, of everything together if a run is
 * for every host, otherwise of the branch that is worst off.
 */
export function marginNow(plan: StandingPlan | null, power: PlanPower, at: Moment): MarginView {
  if (plan === null) return marginOf(bindingRuntime(power, at), 0);
  const failing = power.groups.filter((group) => group.failing);
  if (plan.sequence.scope === 'all') {
    const groups = failing.length > 0 ? failing : power.groups;
    return marginOf(bindingRuntime({ groups }, at), needsForAll(plan, power, at));
  }
  if (failing.length > 0) {
    const failed = failedIn(power.groups, at).length;
    const needs = plan.needs(plan.wantedFor(failing, failed), failed);
    return marginOf(bindingRuntime({ groups: failing }, at), needs);
  }
  const [worst] = branchesOf(plan, power, at).sort((a, b) => spareOf(a) - spareOf(b));
  return worst ? marginOf(worst.runtimeLeft, worst.needs) : marginOf(null, 0);
}

/** What is not known is worse than anything. */
const spareOf = ({ spare }: MarginView): number => spare ?? Number.NEGATIVE_INFINITY;
