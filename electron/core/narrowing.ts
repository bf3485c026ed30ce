import { asFed } from '../../shared/as-fed.ts';
import type { Host } from '../../shared/inventory.ts';
import { isAlways } from '../../shared/meant.ts';
import type { RunView } from '../../shared/run.ts';
import { isFailing } from './failing.ts';
import { type FedGroup, failedIn, hostsOf } from './feeding.ts';
import { type Moment, powerState } from './monitor.ts';
import { withDependents } from './plan/dependents.ts';
import { targetOf } from './plan/target-of.ts';
import type { Supplies } from './supplies.ts';

/** The hosts of a run whose power decides what it does, with what feeds them. */
export function hostsThatMatter(run: RunView, wanted: ReadonlySet<string> | null): Host[] {
  if (wanted === null) return hostsOf(run.sequence, run.hosts);
  const hosts = asFed(run.hosts);
  if (run.phase === 'down') return hosts.filter((host) => wanted.has(host.id));
  // On the way back also those from which something was taken before their power was back, or by earlier runs.
  const touched = new Set([...run.owed, ...Object.keys(run.owedGuests), ...Object.keys(run.owedSettings)]);
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    const target = targetOf(step);
    if (target !== null && (run.steps[step.id]?.attempt ?? 0) > 0 && !isAlways(step)) touched.add(target);
  }
  return hosts.filter((host) => wanted.has(host.id) || touched.has(host.id));
}

/**
 * Which of the hosts of a run are not let go: those of which no UPS of their own says that the mains are there, and what
 * depends on them. Silence lets nobody go, above all when Glidepath was only just started again.
 */
export function stillLosing(run: RunView, wanted: ReadonlySet<string>, groups: readonly FedGroup[]): string[] {
  const losing = groups.filter((group) => !group.mains || group.supplies.length === 0);
  const kept = withDependents(
    losing.flatMap((group) => group.hosts.map((host) => host.id)),
    run.hosts,
  );
  return run.hosts.map((host) => host.id).filter((id) => wanted.has(id) && kept.has(id));
}

/**
 * How many UPSes of the run's hosts have failed now. One for whose failure it was begun counts until it says itself that
 * the mains are back: a run that is taken up again must not find its conditions changed before anybody has spoken.
 */
export function countFailed(run: RunView, supplies: Supplies, at: Moment): number {
  const power = supplies.powerFor(hostsOf(run.sequence, run.hosts), at, run.upses);
  const failed = new Set(failedIn(power.groups, at).map((one) => one.ups.id));
  for (const id of run.upses) {
    const one = supplies.find(id);
    if (!one || isFailing(one, at) || powerState(one, at) !== 'mains') failed.add(one?.ups.id ?? id);
  }
  return failed.size;
}
