import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Sequence, StepKind } from '../../../shared/sequence.ts';
import { parseTarget } from '../../../shared/target.ts';

/** Steps that only hosts of a vSAN cluster have. */
const vsanKinds: ReadonlySet<StepKind> = new Set([
  'ignore-member-updates',
  'heed-member-updates',
  'wait-resync',
  'prepare-vsan',
  'recover-vsan',
]);

/** Whether two hosts are members of one vSAN cluster, as far as a plan tells: `maybe` when nothing speaks against it. */
export type Mates = (one: Host, other: Host) => 'same' | 'maybe' | 'other';

/**
 * The inventory knows no clusters. Hosts are of one if vSAN steps are aimed at a tag of both, and of two if they are aimed
 * at different tags of theirs, or different vCenters manage them.
 */
export function matesIn(sequence: Sequence): Mates {
  const aimedAt = new Set(
    [...sequence.stages, ...sequence.returnStages]
      .flatMap((stage) => stage.steps)
      .flatMap((step) => {
        const target = vsanKinds.has(step.kind) && 'target' in step ? parseTarget(step.target) : null;
        return target?.kind === 'tag' ? [target.tag] : [];
      }),
  );
  return (one, other) => {
    const [ones, others] = [one, other].map(({ tags }) => tags.filter((tag) => aimedAt.has(tag)));
    if (one === other || ones?.some((tag) => others?.includes(tag))) return 'same';
    if (!platforms[one.kind].offInMaintenance || !platforms[other.kind].offInMaintenance) return 'other';
    const areApart = one.managedBy !== other.managedBy || (ones?.length && others?.length);
    return areApart ? 'other' : 'maybe';
  };
}
