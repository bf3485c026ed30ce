import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { lostBy } from './losses.ts';
import type { PlacedStep, Places } from './places.ts';
import { listed, warning } from './problem.ts';
import { mayBothBeDone } from './together.ts';
import { matesIn } from './vsan-clusters.ts';

/** The tag by which an inventory tells that an ESXi host is the witness of a vSAN cluster. */
const witnessTag = 'witness';

/**
 * The witness of a vSAN cluster that is a VM itself: an ESXi in which no VM is ever run.
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsan.html (Deploying a vSAN Witness Appliance)
 */
export const isWitnessAppliance = ({ tags, runsOn }: Host): boolean =>
  runsOn !== undefined && tags.includes(witnessTag);

/**
 * The witness of a vSAN cluster, and the host that it runs on, go down after all hosts that hold data: as long as one of
 * those is up, the witness decides which of them is right. A witness is told by its tag.
 */
export function witnessProblems(sequence: Sequence, places: Places): Problem[] {
  const all = [...places.hosts.values()];
  const witnesses = all.filter(({ kind, tags }) => platforms[kind].offInMaintenance && tags.includes(witnessTag));
  if (witnesses.length === 0) return [];
  const mates = matesIn(sequence);
  const under = new Set(witnesses.map(({ runsOn }) => runsOn));
  const holdsData = (host: Host) =>
    platforms[host.kind].offInMaintenance && !witnesses.includes(host) && !under.has(host.id);
  const offs = places.down.filter(({ step, host }) => step.kind === 'power-off' && host !== null && holdsData(host));
  const seen = new Set<string>();
  return places.down.flatMap((taking) => {
    const taken = takenBy(taking, places).filter((host) => witnesses.includes(host));
    return taken.flatMap((witness) => {
      const late = offs.filter(
        (off) =>
          off.host !== null &&
          mates(witness, off.host) !== 'other' &&
          !places.isBefore(off, taking) &&
          mayBothBeDone(off, taking, places),
      );
      const names = listed([...new Set(late.flatMap(({ host }) => host?.name ?? []))]);
      const key = `${taking.place.stepId} ${witness.id}`;
      if (late.length === 0 || seen.has(key)) return [];
      seen.add(key);
      const label = `"${stepKinds[taking.step.kind].label}"${taking.host ? ` on ${taking.host.name}` : ''}`;
      const what = `${witness.name}, a witness, would go before, or beside, ${names}, which hold data`;
      return [warning(taking.place, what, `Put ${label} behind "Power off" of ${names}.`)];
    });
  });
}

/** A host in maintenance mode is no member of its cluster any more. */
function takenBy(taking: PlacedStep, places: Places): readonly Host[] {
  const isLeaving = taking.step.kind === 'enter-maintenance' && taking.host !== null;
  return isLeaving && taking.host ? [taking.host] : lostBy(taking, places);
}
