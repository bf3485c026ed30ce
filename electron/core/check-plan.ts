import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan } from '../../shared/view.ts';
import { branchesOf, marginNow } from './margins.ts';
import type { Moment } from './monitor.ts';
import { type ExpectedOf, schedule } from './plan/schedule.ts';
import { findProblems } from './problems/find-problems.ts';
import { StandingPlan } from './standing-plan.ts';
import type { Supplies } from './supplies.ts';

export interface ToCheck {
  sequence: Sequence;
  hosts: readonly Host[];
  /** The hosts for which a secret is kept. */
  secretIds: ReadonlySet<string>;
  /** The other sequences that there are. */
  others: readonly Sequence[];
}

/** What is wrong with a sequence, and how long it takes, with what is known of the hosts and the UPSes by now. */
export function checkPlan(asked: ToCheck, expected: ExpectedOf, supplies: Supplies, at: Moment): CheckedPlan {
  const { sequence, hosts } = asked;
  const plan = new StandingPlan(sequence, hosts, expected);
  const power = supplies.powerFor(plan.aimedAt, at);
  const named = hosts.flatMap((host) => host.fedBy.upses);
  const upsIds = new Set(named.filter((id) => supplies.find(id) !== undefined));
  const budget = { ...marginNow(plan, power, at), branches: branchesOf(plan, power, at) };
  const { steps, needs, usually } = schedule(plan.compiled, hosts, expected);
  return { problems: findProblems({ ...asked, upsIds, budget }), needs, usually, steps };
}
