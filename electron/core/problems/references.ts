import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence, Stage, Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { parseTarget } from '../../../shared/target.ts';
import type { PlacedStep, Places } from './places.ts';
import { error, type Place, warning } from './problem.ts';

/** What steps are aimed at: whether it is there, and whether it can be reached and signed in to. */
export function referenceProblems(sequence: Sequence, places: Places, secretIds: ReadonlySet<string>): Problem[] {
  const told = new Set<string>();
  return [...sequence.stages, ...sequence.returnStages].flatMap((stage) =>
    stage.steps.flatMap((step) => [
      ...targetProblems(stage, step, places),
      ...meantForSome(sequence, stage, step, places),
      ...accessProblems(places.partsOf(step.id), step, secretIds, told),
    ]),
  );
}

/** A run that is for every host takes those along that keep their power. */
function meantForSome({ scope }: Sequence, stage: Stage, step: Step, { partsOf }: Places): Problem[] {
  if (scope !== 'all' || !('target' in step) || step.target !== 'critical') return [];
  const feeds = new Set(partsOf(step.id).map(({ host }) => JSON.stringify(host?.fedBy)));
  if (feeds.size < 2) return [];
  return [
    error(
      { stageId: stage.id, stepId: step.id },
      'It is meant for the hosts that lose their power, and a run of this plan is for every host: all of them would go down',
      'Let a run be for the hosts that lose their power only, or aim the step at all.',
    ),
  ];
}

function targetProblems(stage: Stage, step: Step, places: Places): Problem[] {
  if (!('target' in step)) return [];
  const place = { stageId: stage.id, stepId: step.id };
  const { label, targets } = stepKinds[step.kind];
  const target = parseTarget(step.target);
  if (target.kind === 'host') {
    const host = places.hosts.get(target.id);
    if (!host)
      return [error(place, `There is no host "${target.id}"`, 'Add the host under Setup, or choose another target.')];
    return targets?.includes(host.kind) ? [] : [wrongKind(place, label, host)];
  }
  if (places.partsOf(step.id).length > 0 || places.cut.has(stage.id)) return [];
  const kinds = `of kind ${targets?.join(' or ') ?? 'any'}`;
  if (target.kind !== 'tag') {
    const what = `"${label}" is done on hosts ${kinds}, and there is none: this step does nothing`;
    return [warning(place, what, 'Remove the step, or add such a host under Setup.')];
  }
  const tagged = [...places.hosts.values()].filter((host) => host.tags.includes(target.tag));
  const what =
    tagged.length === 0
      ? `No host has the tag "${target.tag}"`
      : `"${label}" is done on hosts ${kinds}, and no host with the tag "${target.tag}" is one`;
  return [error(place, what, 'Give the tag to a host under Setup, or choose another target.')];
}

const wrongKind = (place: Place, label: string, host: Host): Problem =>
  error(
    place,
    `"${label}" cannot be done on ${host.name}, which is of kind ${host.kind}`,
    'Choose another target or another step.',
  );

/** A step for many hosts says of each only what no step before it has said. */
function accessProblems(
  parts: readonly PlacedStep[],
  authored: Step,
  secretIds: ReadonlySet<string>,
  told: Set<string>,
): Problem[] {
  return parts.flatMap(({ host, place, step }) => {
    if (!host) return [];
    const isForOne = 'target' in authored && authored.target === host.id;
    const found = accessTo(host, step, secretIds).filter(({ what }) => isForOne || !told.has(what));
    for (const { what } of found) told.add(what);
    return found.map(({ what, remedy }) => error(place, what, remedy));
  });
}

/** What is missing for reaching a host and signing in to it. */
function accessTo(host: Host, step: Step, secretIds: ReadonlySet<string>): { what: string; remedy: string }[] {
  if (step.kind === 'wake') {
    // The computer that Glidepath runs on is up again before anything can be woken.
    if (host.macs.length > 0 || host.isThisComputer) return [];
    const what = `${host.name} has no MAC address, so it cannot be woken`;
    return [{ what, remedy: 'Enter its MAC address under Setup.' }];
  }
  const missing = [];
  if (host.hostKeys.length === 0) {
    const what = `The host key of ${host.name} has not been confirmed, so nothing will be sent to it`;
    missing.push({ what, remedy: 'Read and confirm its host key under Setup.' });
  }
  if (!secretIds.has(host.id)) {
    const secret = host.login === 'key' ? 'private key' : 'password';
    missing.push({ what: `No ${secret} is kept for ${host.name}`, remedy: `Enter its ${secret} under Setup.` });
  }
  return missing;
}
