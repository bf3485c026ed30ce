import type { Problem } from '../../../shared/problem.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import type { PlacedStep, Places } from './places.ts';
import { listed, warning } from './problem.ts';
import type { Mates } from './vsan-clusters.ts';

/** What of a vSAN cluster would stay as a run left it. */
export const vsanWayBack = (places: Places, mates: Mates): Problem[] => [
  ...leftApart(places, mates),
  ...leftIgnoring(places),
];

/** A cluster that was prepared stays split up, and its data out of reach, until it is brought together. */
function leftApart({ down, back }: Places, mates: Mates): Problem[] {
  const recovers = back.filter(({ step }) => step.kind === 'recover-vsan');
  return down.flatMap(({ step, host, place }) => {
    if (step.kind !== 'prepare-vsan' || host === null) return [];
    if (recovers.some((other) => other.host !== null && mates(host, other.host) !== 'other')) return [];
    const what = `Nothing brings the vSAN cluster of ${host.name} together again when power returns`;
    return [warning(place, what, `Add "${stepKinds['recover-vsan'].label}" to a return stage.`)];
  });
}

function leftIgnoring({ down, back }: Places): Problem[] {
  const heeding = new Set(back.filter(({ step }) => step.kind === 'heed-member-updates').map(({ host }) => host));
  const left = new Map<string, PlacedStep[]>();
  for (const placed of down) {
    if (placed.step.kind !== 'ignore-member-updates' || placed.host === null || heeding.has(placed.host)) continue;
    left.set(placed.place.stepId, [...(left.get(placed.place.stepId) ?? []), placed]);
  }
  return [...left.values()].flatMap((steps) => {
    const [first] = steps;
    if (!first) return [];
    const what = `Nothing lets ${listed(steps.map(({ host }) => host?.name ?? ''))} heed cluster member updates again when power returns`;
    return [warning(first.place, what, `Add "${stepKinds['heed-member-updates'].label}" for them to a return stage.`)];
  });
}
