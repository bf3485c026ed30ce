import type { Host } from '../../shared/inventory.ts';
import { listed } from '../../shared/listed.ts';
import { isAlways } from '../../shared/meant.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { ReachView } from '../../shared/view.ts';
import { count } from '../../shared/words.ts';
import { isUnserved } from './failing.ts';
import { type FedGroup, failedIn, type PlanPower } from './feeding.ts';
import type { Moment } from './monitor.ts';
import { targetOf } from './plan/target-of.ts';
import type { StandingPlan } from './standing-plan.ts';

/**
 * The hosts to which connections should be open: those for whom a run would begin because of an outage, or of what looks
 * like one, and those whose turn in a run is still to come; with them those on which something is done always.
 */
export function toWarm(plan: StandingPlan, power: PlanPower, run: RunView | null, at: Moment): readonly Host[] {
  const goesDown = run?.phase === 'down' && run.cancelled === null;
  const due = power.groups.filter((group) => group.threatened && mayBringRun(group, run, at));
  if (due.length === 0 && !goesDown) return [];
  const ids = new Set(goesDown ? (run.wanted ?? run.hosts.map((host) => host.id)) : []);
  if (due.length > 0) {
    const wanted = plan.wantedFor(due, failedIn(power.groups, at).length);
    for (const host of plan.aimedAt) if (wanted?.has(host.id) !== false) ids.add(host.id);
  }
  for (const step of plan.compiled.sequence.stages.flatMap((stage) => stage.steps)) {
    const target = targetOf(step);
    if (target !== null && isAlways(step)) ids.add(target);
  }
  const aimedAt = new Set(plan.aimedAt.map((host) => host.id));
  const off = run === null || run.phase === 'ended' ? new Set() : toldOff(run);
  return plan.hosts.filter((host) => ids.has(host.id) && aimedAt.has(host.id) && !off.has(host.id));
}

/** It has not been confirmed, has had no run, or had one that was not for its hosts. */
function mayBringRun(group: FedGroup, run: RunView | null, at: Moment): boolean {
  if (!group.failing || group.supplies.some((one) => isUnserved(one, at))) return true;
  return run !== null && group.hosts.some((host) => run.wanted?.includes(host.id) === false);
}

/** The hosts that were told to go down: they would be signed in to on their way. */
function toldOff(run: RunView): Set<string> {
  const steps = run.sequence.stages.flatMap((stage) => stage.steps);
  const told = steps.flatMap((step) => (step.kind === 'power-off' && wasTold(run.steps[step.id]) ? [step.target] : []));
  return new Set(told);
}

const wasTold = (step: StepView | undefined): boolean =>
  step !== undefined && step.state !== 'waiting' && step.state !== 'skipped';

/** "; 2 hosts cannot be reached: nas-1, web", to be put behind a sentence; empty: all can, as far as is known. */
export function unreached(views: readonly ReachView[], hosts: readonly Host[]): string {
  const failed = views.filter((view) => view.state === 'failed');
  if (failed.length === 0) return '';
  const names = failed.map((view) => hosts.find((host) => host.id === view.hostId)?.name ?? view.hostId);
  return `; ${count(failed.length, 'host')} cannot be reached: ${listed(names)}`;
}
