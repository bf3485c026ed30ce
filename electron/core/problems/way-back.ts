import type { Problem } from '../../../shared/problem.ts';
import type { StepKind } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { bringsUs, thisComputer } from '../../../shared/this-computer.ts';
import { byHost, type PlacedStep, type Places } from './places.ts';
import { listed, type Place, warning } from './problem.ts';

/** What undoes what was done on the way down, and what is so for a host that has no such step. */
const undoneBy: Partial<Record<StepKind, { kind: StepKind; without: (names: string) => string }>> = {
  'power-off': { kind: 'wake', without: (names) => `Nothing brings ${names} back when power returns` },
  'enter-maintenance': {
    kind: 'exit-maintenance',
    without: (names) =>
      `Nothing takes ${names} out of maintenance mode when power returns: no guest can be started there`,
  },
  'shut-down-guests': {
    kind: 'start-guests',
    without: (names) => `Nothing starts the guests of ${names} when power returns, unless they start by themselves`,
  },
  'disable-ha': {
    kind: 'enable-ha',
    without: (names) => `Nothing switches HA on again on ${names} when power returns`,
  },
  'retreat-vcls': {
    kind: 'restore-vcls',
    without: (names) => `Nothing brings the vCLS VMs of ${names} back when power returns: DRS stays out of work`,
  },
  'set-ceph-flags': {
    kind: 'unset-ceph-flags',
    without: (names) =>
      `Nothing takes the Ceph flags on ${names} away when power returns: Ceph heals nothing until then`,
  },
};

/** What a host must have before something else is done on it. */
const comesFirst: readonly StepKind[] = ['wake', 'exit-maintenance', 'start-guests'];

/** What would stay off: hosts, and the guests on them. */
export function wayBackProblems(places: Places): Problem[] {
  return [...leftOff(places), ...tooEarly(places)];
}

function leftOff({ down, back, hosts }: Places): Problem[] {
  const own = thisComputer([...hosts.values()]);
  const known = new Set(back.map(({ step, host }) => `${step.kind} ${host?.id}`));
  const left = new Map<string, { place: Place; step: StepKind; names: string[] }>();
  for (const { step, host, place } of down) {
    const undo = undoneBy[step.kind];
    // This computer cannot be woken by itself, nor what it runs on.
    if (!undo || host === null || (undo.kind === 'wake' && bringsUs(host, own))) continue;
    const key = `${undo.kind} ${host.id}`;
    if (known.has(key)) continue;
    known.add(key);
    const found = left.get(place.stepId);
    if (found) found.names.push(host.name);
    else left.set(place.stepId, { place, step: step.kind, names: [host.name] });
  }
  return [...left.values()].flatMap(({ place, step, names }) => {
    const undo = undoneBy[step];
    if (!undo) return [];
    const remedy = `Add "${stepKinds[undo.kind].label}" for ${listed(names)} to a return stage.`;
    return [warning(place, undo.without(listed(names)), remedy)];
  });
}

/** A host is awake before anything is done on it, and out of maintenance mode before its guests are started. */
function tooEarly(places: Places): Problem[] {
  const found: Problem[] = [];
  for (const acts of byHost(places.back).values()) {
    for (const act of acts) {
      const first = acts.find((other) => mustComeBefore(other, act) && places.isBefore(act, other));
      if (!first) continue;
      const [what, name] = [stepKinds[act.step.kind].label, act.host?.name];
      const label = stepKinds[first.step.kind].label;
      const remedy = `Put "${label}" on ${name} into an earlier return stage.`;
      found.push(warning(act.place, `"${what}" on ${name} would be done before "${label}"`, remedy));
    }
  }
  return found;
}

function mustComeBefore({ step: one }: PlacedStep, { step: other }: PlacedStep): boolean {
  const rank = comesFirst.indexOf(one.kind);
  if (rank === -1) return false;
  const place = comesFirst.indexOf(other.kind);
  // Whatever else is done on a host needs it awake.
  return place === -1 ? one.kind === 'wake' : rank < place;
}
