import type { Host } from '../../../shared/inventory.ts';
import { isChain, jumpChain } from '../../../shared/jump-chain.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import { secretKey } from '../../../shared/secret-slot.ts';
import type { Sequence, Stage, Step } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { parseTarget } from '../../../shared/target.ts';
import { bringsUs, thisComputer } from '../../../shared/this-computer.ts';
import { missingFor } from './access.ts';
import type { Places } from './places.ts';
import { error, type Place, warning } from './problem.ts';

/** What steps are aimed at: whether it is there, and whether it can be reached and signed in to. */
export function referenceProblems(sequence: Sequence, places: Places, secretIds: ReadonlySet<string>): Problem[] {
  const told = new Set<string>();
  return [...sequence.stages, ...sequence.returnStages].flatMap((stage) =>
    stage.steps.flatMap((step) => [
      ...targetProblems(stage, step, places),
      ...meantForSome(sequence, stage, step, places),
      ...accessProblems(places, step, secretIds, told),
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
  const { label, targets, needs } = stepKinds[step.kind];
  const target = parseTarget(step.target);
  if (target.kind === 'host') {
    const host = places.hosts.get(target.id);
    if (!host)
      return [error(place, `There is no host "${target.id}"`, 'Add the host under Setup, or choose another target.')];
    return targets?.includes(host.kind) ? [] : [wrongKind(place, label, host)];
  }
  if (places.partsOf(step.id).length > 0 || places.cut.has(stage.id)) return [];
  if (target.kind !== 'tag') {
    const what = `"${label}" needs ${needs}, and there is none: this step does nothing`;
    return [warning(place, what, 'Remove the step, or add such a host under Setup.')];
  }
  const tagged = [...places.hosts.values()].filter((host) => host.tags.includes(target.tag));
  const what =
    tagged.length === 0
      ? `No host has the tag "${target.tag}"`
      : `"${label}" needs ${needs}, and no host with the tag "${target.tag}" is one`;
  return [error(place, what, 'Give the tag to a host under Setup, or choose another target.')];
}

const wrongKind = (place: Place, label: string, host: Host): Problem =>
  error(
    place,
    `"${label}" cannot be done on ${host.name}, which is of the kind ${platforms[host.kind].label}`,
    'Choose another target or another step.',
  );

/** A step for many hosts says of each only what no step before it has said. */
function accessProblems(places: Places, authored: Step, secretIds: ReadonlySet<string>, told: Set<string>): Problem[] {
  return places.partsOf(authored.id).flatMap(({ host, place, step }) => {
    if (!host) return [];
    const isForOne = 'target' in authored && authored.target === host.id;
    const found = accessTo(host, step, secretIds, places.hosts).filter(({ what }) => isForOne || !told.has(what));
    for (const { what } of found) told.add(what);
    return found.map(({ what, remedy }) => error(place, what, remedy));
  });
}

/** What is missing for reaching a host and signing in to it. */
function accessTo(
  host: Host,
  step: Step,
  secretIds: ReadonlySet<string>,
  hosts: ReadonlyMap<string, Host>,
): { what: string; remedy: string }[] {
  // Both are up again before Glidepath can wake anything.
  if (step.kind === 'wake' && bringsUs(host, thisComputer([...hosts.values()]))) return [];
  if (step.kind === 'wake') return wakingProblems(host, secretIds);
  const chain = jumpChain(host, (id) => hosts.get(id));
  if (!isChain(chain)) return [{ what: `${host.name} cannot be reached: ${chain.what}`, remedy: chain.remedy }];
  return [host, ...chain].flatMap((each) => missingFor(each, secretIds));
}

/** What is missing for waking a host. */
function wakingProblems(host: Host, secretIds: ReadonlySet<string>): { what: string; remedy: string }[] {
  const { name, macs, bmc, secureOn } = host;
  const missing = [];
  if (macs.length === 0 && bmc === null) {
    const what = `${name} has no MAC address, so it cannot be woken`;
    missing.push({ what, remedy: 'Enter its MAC address under Setup.' });
  }
  if (macs.length > 0 && secureOn && !secretIds.has(secretKey('secure-on', host.id))) {
    const what = `No SecureOn password is kept for ${name}, without which its network card does not wake it`;
    missing.push({ what, remedy: 'Enter its SecureOn password under Setup.' });
  }
  if (bmc && !secretIds.has(secretKey('bmc', host.id))) {
    const what = `No password is kept for the management controller of ${name}`;
    missing.push({ what, remedy: 'Enter its password under Setup.' });
  }
  if (bmc?.protocol === 'redfish' && bmc.certificate === null) {
    const what = `The certificate of the management controller of ${name} has not been confirmed, so nothing will be sent to it`;
    missing.push({ what, remedy: 'Confirm its certificate under Setup.' });
  }
  return missing;
}
