import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence, StepKind } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { parseTarget } from '../../../shared/target.ts';
import type { PlacedStep, Places } from './places.ts';
import { error, listed, warning } from './problem.ts';
import { mayBothBeDone } from './together.ts';
import { type Mates, matesIn } from './vsan-clusters.ts';
import { vsanWayBack } from './vsan-way-back.ts';

/**
 * A vSAN cluster that goes down as a whole: it is prepared from one host, after all of its hosts ignore member updates
 * and before they enter maintenance mode, and brought together from one host when all have left it.
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsan.html (Manually Shut Down and Restart the vSAN Cluster)
 */
export function vsanProblems(sequence: Sequence, places: Places): Problem[] {
  const isWhole = ({ step }: PlacedStep) => byOneHost.includes(step.kind) || step.kind === 'ignore-member-updates';
  if (![...places.down, ...places.back].some(isWhole)) return [];
  const mates = matesIn(sequence);
  return [
    ...groups(sequence),
    ...twice(places.down, places, mates),
    ...twice(places.back, places, mates),
    ...misplaced(places.down, places, mates, {
      kind: 'prepare-vsan',
      behind: 'ignore-member-updates',
      before: 'enter-maintenance',
    }),
    ...misplaced(places.back, places, mates, {
      kind: 'recover-vsan',
      behind: 'exit-maintenance',
      before: 'heed-member-updates',
    }),
    ...stillHeeding(places, mates),
    ...vsanWayBack(places, mates),
  ];
}

/** What one host does for its whole cluster. */
const byOneHost: readonly StepKind[] = ['prepare-vsan', 'recover-vsan'];

const labelOf = (kind: StepKind): string => `"${stepKinds[kind].label}"`;

/** One step for several hosts would be done by all of them at once, or by another one when tags change. */
function groups(sequence: Sequence): Problem[] {
  return [...sequence.stages, ...sequence.returnStages].flatMap((stage) =>
    stage.steps.flatMap((step) => {
      if (!byOneHost.includes(step.kind) || !('target' in step) || parseTarget(step.target).kind === 'host') return [];
      const what = `${labelOf(step.kind)} is aimed at several hosts, and they would get in each other's way`;
      return [
        error({ stageId: stage.id, stepId: step.id }, what, 'Aim it at one host of the cluster, not at its witness.'),
      ];
    }),
  );
}

function twice(way: readonly PlacedStep[], places: Places, mates: Mates): Problem[] {
  const all = way.filter(({ step, host }) => byOneHost.includes(step.kind) && host !== null);
  return all.flatMap((one, at) =>
    all.slice(at + 1).flatMap((other) => {
      if (one.host === null || other.host === null || one.step.kind !== other.step.kind) return [];
      // Parts of one step are told of as such.
      if (one.place.stepId === other.place.stepId || !mayBothBeDone(one, other, places)) return [];
      const relation = mates(one.host, other.host);
      const inTurn = places.isBefore(one, other) || places.isBefore(other, one);
      if (relation === 'other' || (relation === 'maybe' && inTurn)) return [];
      const [first, second] = [one.host.name, other.host.name];
      const label = labelOf(one.step.kind);
      const remedy = 'Leave one of the two out: one host does it for all.';
      if (inTurn)
        return [warning(other.place, `${label} on ${second} is for nothing: ${first} does it for all`, remedy)];
      if (relation === 'same')
        return [error(other.place, `${label} would be done by ${first} and ${second} of one cluster at once`, remedy)];
      const what = `${label} would be done by ${first} and ${second} at once, which must not be members of one cluster`;
      return [warning(other.place, what, `${remedy} Or aim the vSAN steps at a tag of each cluster.`)];
    }),
  );
}

interface Order {
  kind: 'prepare-vsan' | 'recover-vsan';
  behind: StepKind;
  before: StepKind;
}

/** Steps of the cluster's other hosts that stand on the wrong side of the one that is done for all. */
function misplaced(way: readonly PlacedStep[], places: Places, mates: Mates, order: Order): Problem[] {
  return way.flatMap((placed) => {
    const { host, step, place } = placed;
    if (host === null || step.kind !== order.kind) return [];
    const ofCluster = (kind: StepKind) =>
      way.filter(
        (other) =>
          other.step.kind === kind &&
          other.host !== null &&
          mates(host, other.host) !== 'other' &&
          mayBothBeDone(placed, other, places),
      );
    const late = ofCluster(order.behind).filter((other) => !places.isBefore(other, placed));
    const early = ofCluster(order.before).filter((other) => !places.isBefore(placed, other));
    const label = labelOf(step.kind);
    return [
      ...told(late, (names) =>
        warning(
          place,
          `${label} would be done before, or beside, ${labelOf(order.behind)} on ${names}`,
          `Put ${labelOf(order.behind)} on all hosts of the cluster before it.`,
        ),
      ),
      ...told(early, (names) =>
        warning(
          place,
          `${label} would be done after, or beside, ${labelOf(order.before)} on ${names}`,
          `Put ${labelOf(order.before)} on all hosts of the cluster behind it.`,
        ),
      ),
    ];
  });
}

const namesOf = (steps: readonly PlacedStep[]): string =>
  listed([...new Set(steps.flatMap(({ host }) => host?.name ?? []))]);

const namesIn = (hosts: readonly Host[]): string => listed(hosts.map(({ name }) => name));

const told = (steps: readonly PlacedStep[], problem: (names: string) => Problem): Problem[] =>
  steps.length > 0 ? [problem(namesOf(steps))] : [];

/** Hosts of the cluster that go down and would follow what a vCenter makes of it meanwhile. */
function stillHeeding({ down, hosts }: Places, mates: Mates): Problem[] {
  const withStep = (kind: StepKind) => new Set(down.filter(({ step }) => step.kind === kind).map(({ host }) => host));
  const [ignoring, goingOff] = [withStep('ignore-member-updates'), withStep('power-off')];
  return down.flatMap(({ step, host, place }) => {
    if (step.kind !== 'prepare-vsan' || host === null) return [];
    const others = [...hosts.values()].filter((other) => platforms[other.kind].offInMaintenance && goingOff.has(other));
    const surely = others.filter((other) => other !== host && mates(host, other) === 'same');
    // Where the plan names the members by a tag, it names them all.
    const cluster = surely.length > 0 ? surely : others.filter((other) => mates(host, other) === 'maybe');
    const heeding = [host, ...cluster].filter((each) => !ignoring.has(each));
    if (heeding.length === 0) return [];
    const what = `Nothing tells ${namesIn(heeding)} to ignore cluster member updates before the vSAN cluster is prepared`;
    const remedy = `Aim ${labelOf('ignore-member-updates')} at every host of the cluster.`;
    // The API knows no such thing.
    const byApi = heeding.filter(({ kind }) => !platforms[kind].vsan);
    const first = `Choose “${platforms.esxi.label}” under Setup as the kind of ${namesIn(byApi)}. `;
    return [warning(place, what, byApi.length > 0 ? `${first}${remedy}` : remedy)];
  });
}
