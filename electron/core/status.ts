import type { MarginView, StatusView } from '../../shared/view.ts';
import type { Decider } from './decider.ts';
import { decisionView } from './decision-view.ts';
import { criticalHosts, failedIn } from './feeding.ts';
import { bindingRuntime } from './group-runtime.ts';
import { groupsOf } from './judging.ts';
import { branchesOf, marginNow, marginOf } from './margins.ts';
import type { Moment } from './monitor.ts';
import { remaining } from './plan/remaining.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import type { RunKeeper } from './run-keeper.ts';
import type { Supplies } from './supplies.ts';
import type { Warmth } from './warmth.ts';

export interface Shown {
  decider: Decider;
  supplies: Supplies;
  keeper: RunKeeper;
  warmth: Warmth | null;
  expected: ExpectedOf;
}

/** Everything that is shown of the present. */
export function statusOf(shown: Shown, at: Moment): StatusView {
  const { decider, supplies, keeper, warmth } = shown;
  const { power, verdict, isWidening } = decider.present(at);
  return {
    powers: supplies.views(at),
    critical: criticalHosts(power, at, decider.hosts),
    trouble: supplies.trouble,
    decision: decisionView({
      armed: decider.armed,
      run: keeper.view,
      isStarting: keeper.isStarting,
      waitsFor: keeper.waitsFor,
      verdict,
      isWidening,
      postponedUntil: decider.postponedUntil(at),
      besides: decider.unreached,
    }),
    margin: runMargin(shown, at) ?? marginNow(decider.plan, power, at),
    branches: branchesOf(decider.plan, power, at),
    reach: warmth?.views() ?? [],
  };
}

/** What a run that goes down still needs, against the batteries of its hosts; null: none does. */
function runMargin({ decider, expected }: Shown, at: Moment): MarginView | null {
  const going = decider.going(at);
  if (!going) return null;
  const meant = groupsOf(going.power, going.run.wanted);
  const losing = meant.filter((group) => group.failing);
  const groups = losing.length > 0 ? losing : meant;
  const failed = failedIn(going.power.groups, at).length;
  return marginOf(bindingRuntime({ groups }, at), remaining(going.run, at.wall, expected, failed));
}
