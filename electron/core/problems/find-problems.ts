import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import { expand } from '../plan/expand.ts';
import { alwaysProblems } from './always.ts';
import { type Budget, budgetProblems } from './budget.ts';
import { carrierProblems } from './carriers.ts';
import { hostProblems } from './hosts.ts';
import { managedProblems } from './managed.ts';
import { notifiedProblems } from './notified.ts';
import { nowhereToGo } from './nowhere-to-go.ts';
import { orderProblems } from './order.ts';
import { overlaps } from './overlaps.ts';
import { placesOf } from './places.ts';
import { referenceProblems } from './references.ts';
import { shapeProblems } from './shape.ts';
import { thisComputerProblems } from './this-computer.ts';
import { type UpsFacts, upsOffProblems } from './ups-off.ts';
import { vsanProblems } from './vsan.ts';
import { vsanScopeProblems } from './vsan-scope.ts';
import { wayBackProblems } from './way-back.ts';
import { weakProofs } from './weak-proofs.ts';
import { witnessProblems } from './witness.ts';

export interface Checked {
  sequence: Sequence;
  hosts: readonly Host[];
  /** The hosts for which a secret is kept. */
  secretIds: ReadonlySet<string>;
  /** The UPSes that are known; absent: not to be checked. */
  upsIds?: ReadonlySet<string>;
  /** The channels by which notices go out; absent: not to be checked. */
  channelIds?: ReadonlySet<string>;
  /** The other stored sequences. */
  others?: readonly Sequence[];
  /** What the plan takes and what the batteries give; absent: not to be checked. */
  budget?: Budget;
  /** What steps that turn off UPSes are checked against; absent: not to be checked. */
  upsFacts?: UpsFacts;
}

/**
 * Everything wrong with a sequence, from its shape to its budget, located at what the user made, with what to do.
 * Errors are what must not be armed. Never throws.
 */
export function findProblems({
  sequence,
  hosts,
  secretIds,
  upsIds,
  channelIds,
  others = [],
  budget,
  upsFacts,
}: Checked): Problem[] {
  const places = placesOf(sequence, expand(sequence, hosts), hosts);
  const found = [
    ...shapeProblems(sequence, hosts, places),
    ...referenceProblems(sequence, places, secretIds),
    ...hostProblems(sequence, places, upsIds),
    ...managedProblems(places, secretIds),
    ...nowhereToGo(places),
    ...(channelIds ? notifiedProblems(places, channelIds) : []),
    ...orderProblems(sequence, places),
    ...alwaysProblems(sequence, places),
    ...thisComputerProblems(places),
    ...carrierProblems(places),
    ...vsanProblems(sequence, places),
    ...vsanScopeProblems(sequence, places),
    ...witnessProblems(sequence, places),
    ...wayBackProblems(places),
    ...weakProofs(places),
    ...(budget ? budgetProblems(sequence, places, budget) : []),
    ...(upsFacts ? upsOffProblems(places, upsFacts) : []),
    ...overlaps(sequence, others, hosts),
  ];
  return [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()];
}
