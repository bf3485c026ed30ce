import { asFed } from '../../../shared/as-fed.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import { failedCounts, unmet } from '../plan/conditions.ts';
import type { PlacedStep, Places } from './places.ts';
import { listed, warning } from './problem.ts';
import { matesIn } from './vsan-clusters.ts';

/**
 * Preparing splits up a whole cluster. In a run that is for some of its hosts only, it would take the storage from under
 * the guests of those that keep their power.
 */
export function vsanScopeProblems(sequence: Sequence, places: Places): Problem[] {
  const prepares = places.down.filter(({ step }) => step.kind === 'prepare-vsan');
  if (sequence.scope === 'all' || prepares.length === 0) return [];
  const mates = matesIn(sequence);
  const all = asFed([...places.hosts.values()]);
  const feedOf = (host: Host) => JSON.stringify(all.find(({ id }) => id === host.id)?.fedBy ?? null);
  return prepares.flatMap((placed) => {
    const { host, place } = placed;
    if (host === null || isForAll(placed, places.compiled)) return [];
    const others = [...places.hosts.values()].filter(
      (other) => mates(host, other) !== 'other' && feedOf(other) !== feedOf(host),
    );
    if (others.length === 0) return [];
    const names = listed(others.map(({ name }) => name));
    const what = `A run for ${host.name} alone would split up its whole vSAN cluster, with ${names} still on`;
    const remedy = 'Let it be done beyond the fault tolerance only, and let a run be for all hosts then.';
    return [warning(place, what, remedy)];
  });
}

/** Wherever UPSes have failed and it is done, the run is for every host. */
function isForAll({ step, host }: PlacedStep, sequence: Sequence): boolean {
  const { faultTolerance } = sequence;
  return failedCounts.every(
    (failedUpses) =>
      failedUpses === 0 ||
      unmet(step.when, { host, failedUpses, sequence }) !== null ||
      (faultTolerance?.beyond === 'all' && failedUpses > faultTolerance.level),
  );
}
