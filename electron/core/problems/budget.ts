import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import type { BranchMargin } from '../../../shared/view.ts';
import { duration } from '../../../shared/words.ts';
import { limitOf } from '../plan/limits.ts';
import { jobOf, lastEnd } from '../plan/schedule.ts';
import { stageTimes } from '../plan/stage-times.ts';
import { startAt } from '../signs.ts';
import type { Places } from './places.ts';
import { listed, warning, whole } from './problem.ts';

/** Seconds. */
export interface Budget {
  /** What the way down takes (p90). */
  needs: number;
  /** What the batteries would give if the mains failed now; null: not known. */
  runtimeLeft: number | null;
  /** The same for hosts that hang on the same UPSes. */
  branches?: readonly Pick<BranchMargin, 'hostIds' | 'needs' | 'runtimeLeft'>[];
}

/** Whether the batteries last for the plan. */
export function budgetProblems(sequence: Sequence, places: Places, budget: Budget): Problem[] {
  const { needs, runtimeLeft } = budget;
  if (runtimeLeft !== null && runtimeLeft < needs) {
    return [tooLong('The plan', needs, runtimeLeft, sequence)];
  }
  const branches = (budget.branches ?? []).flatMap((branch) => {
    if (branch.runtimeLeft === null || branch.runtimeLeft >= branch.needs) return [];
    const names = branch.hostIds.map((id) => places.hosts.get(id)?.name ?? id);
    return [tooLong(`For ${listed(names)} the plan`, branch.needs, branch.runtimeLeft, sequence)];
  });
  if (branches.length > 0 || runtimeLeft === null) return branches;
  return [...atOnce(sequence, needs, runtimeLeft), ...longStages(places, runtimeLeft)];
}

function tooLong(who: string, needs: number, left: number, sequence: Sequence): Problem {
  const shed = sequence.shed.length > 0 ? 'something would be given up' : 'hosts would be cut hard';
  return warning(
    whole,
    `${who} needs ${duration(needs)}, and the batteries would last ${duration(left)}: ${shed}`,
    'Let more go on at once, shorten the limits, or use a larger battery.',
  );
}

/** A start that is due with a full battery is no waiting for the mains to come back. */
function atOnce({ triggers }: Sequence, needs: number, left: number): Problem[] {
  if (!triggers.runtime.enabled) return [];
  const start = startAt(triggers, needs);
  if (left > start) return [];
  const what = `Every outage of ${duration(triggers.settle)} would start a run: it must start at ${duration(start)} left, and the batteries would last ${duration(left)}`;
  return [warning(whole, what, 'Lower the factor or the floor, or let the plan take less time.')];
}

/** One stage alone that could outlast the batteries if its hosts hang. */
function longStages({ compiled }: Places, left: number): Problem[] {
  return compiled.stages.flatMap((stage) => {
    const jobs = stage.steps.map((step) => jobOf(step, limitOf(step), 'waiting'));
    const longest = lastEnd(stageTimes(jobs, 0, stage.parallel), 0);
    if (longest <= left) return [];
    const what = `If its hosts hang, this stage takes ${duration(longest)} by its limits, and the batteries would last ${duration(left)}`;
    return [warning({ stageId: stage.id, stepId: null }, what, 'Shorten the limits of its steps.')];
  });
}
