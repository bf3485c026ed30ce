import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan } from '../../shared/view.ts';
import { branchesOf, marginNow } from './margins.ts';
import type { Moment } from './monitor.ts';
import { type ExpectedOf, schedule } from './plan/schedule.ts';
import { findProblems } from './problems/find-problems.ts';
import type { KnownUps } from './problems/ups-off.ts';
import { StandingPlan } from './standing-plan.ts';
import type { Supplies } from './supplies.ts';

export interface ToCheck {
  sequence: Sequence;
  hosts: readonly Host[];
  /** The hosts for which a secret is kept. */
  secretIds: ReadonlySet<string>;
  /** The other sequences that there are. */
  others: readonly Sequence[];
  /** The channels by which notices go out; absent: not to be checked. */
  channelIds?: ReadonlySet<string>;
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
  const upsFacts = { upses: knownUpses(plan.compiled.sequence, supplies), planned: steps };
  return { problems: findProblems({ ...asked, upsIds, budget, upsFacts }), needs, usually, steps };
}

/** The UPSes that steps turn off. Exactly those: one that was found in the place of another may be a stranger. */
function knownUpses({ stages }: Sequence, supplies: Supplies): Map<string, KnownUps> {
  const steps = stages.flatMap((stage) => stage.steps);
  return new Map(
    steps.flatMap((step) => {
      const { one, known } = supplies.exactly(step.kind === 'ups-off' ? step.ups : '');
      if (!one) return [];
      const allowed = known?.commandsAllowed === true;
      const { id, name, offers, outletGroups } = one.ups;
      return [[id, { name, allowed, offers: one.unseen ? null : offers, outletGroups }]];
    }),
  );
}
