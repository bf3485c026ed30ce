import type { Host } from '../../../shared/inventory.ts';
import { isChain, jumpChain } from '../../../shared/jump-chain.ts';
import type { Problem } from '../../../shared/problem.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { type Cargo, cargoAmong } from './cargo.ts';
import { lostBy } from './losses.ts';
import { byHost, type PlacedStep, type Places } from './places.ts';
import { error, listed, warning } from './problem.ts';
import { mayBothBeDone } from './together.ts';

/** Who needs a carrier while something is done to them, and what for. */
interface Needing {
  of(carrier: Host): readonly Host[];
  /** As "cannot work without it", and "which nas cannot work without". */
  why: string;
  which(host: Host): string;
  /** A run without it cannot go well. */
  isVital: boolean;
}

/**
 * A carrier (storage, hypervisor, switch, DNS, vCenter) goes down after everything that cannot work without it, and comes
 * back before it. So does what manages a host, as the master of its pool, and a jump host with what is reached through it; what is left on there goes on without.
 */
export function carrierProblems(places: Places): Problem[] {
  const cargo = cargoAmong(places.hosts);
  const found: Problem[] = [];
  // Most racks name nothing: then there is nothing to look at.
  if (!cargo.isNone) {
    const which = ({ name }: Host): string => `which ${name} cannot work without`;
    const carried: Needing = { of: cargo.of, why: 'cannot work without it', which, isVital: true };
    found.push(...wayDown(places, carried), ...leftOn(places, cargo), ...wayBack(places, carried));
  }
  const hosts = [...places.hosts.values()];
  if (hosts.some(({ managedBy }) => managedBy !== undefined)) {
    const of = ({ id }: Host): Host[] => hosts.filter(({ managedBy }) => managedBy === id);
    const which = ({ name }: Host): string => `which manages ${name}`;
    const managed: Needing = { of, why: 'is managed by it', which, isVital: false };
    found.push(...wayDown(places, managed), ...wayBack(places, managed));
  }
  if (hosts.some(({ jump }) => jump !== undefined)) {
    const isBehind = (host: Host, jump: Host): boolean => {
      const chain = jumpChain(host, (id) => places.hosts.get(id));
      return isChain(chain) && chain.includes(jump);
    };
    const of = (jump: Host): Host[] => hosts.filter((host) => isBehind(host, jump));
    const which = ({ name }: Host): string => `through which alone ${name} can be reached`;
    const behind: Needing = { of, why: 'can be reached only through it', which, isVital: false };
    found.push(...wayDown(places, behind), ...wayBack(places, behind));
  }
  return found;
}

const actOf = ({ step, host }: PlacedStep): string =>
  `"${stepKinds[step.kind].label}"${host ? ` on ${host.name}` : ''}`;

function wayDown(places: Places, needing: Needing): Problem[] {
  const acts = byHost(places.down);
  const told = new Set<string>();
  return places.down.flatMap((taking) => {
    const lost = lostBy(taking, places);
    return lost.flatMap((carrier) => {
      const key = `${taking.place.stepId} ${carrier.id}`;
      if (told.has(key)) return [];
      const late = needing.of(carrier).flatMap((host) => lateAct(taking, acts.get(host.id) ?? [], lost, places) ?? []);
      const first = late[0];
      if (!first) return [];
      told.add(key);
      const names = listed(late.map(({ host }) => host?.name ?? ''));
      const what = `${carrier.name} would go down before, or beside, ${actOf(first)}: ${names} ${needing.why}`;
      // Where conditions decide, the two may never be done in the same run.
      const isSure = needing.isVital && taking.step.when.length === 0 && first.step.when.length === 0;
      const remedy = `Put ${actOf(taking)} behind everything that is done on ${names}.`;
      return [(isSure ? error : warning)(taking.place, what, remedy)];
    });
  });
}

/** The last act on a host that has not surely ended when the other step begins. */
function lateAct(taking: PlacedStep, acts: readonly PlacedStep[], lost: readonly Host[], places: Places) {
  const isTogether = taking.step.kind === 'shut-down-guests';
  for (let at = acts.length - 1; at >= 0; at -= 1) {
    const act = acts[at];
    if (!act || act.at < taking.at) return undefined;
    // Guests that go down together with what they use are off by then, and that is what was wanted.
    const isOff = isTogether && act.step.kind === 'power-off' && act.host !== null && lost.includes(act.host);
    if (act === taking || isOff || places.isBefore(act, taking)) continue;
    if (mayBothBeDone(act, taking, places)) return act;
  }
  return undefined;
}

/** Hosts that stay on while what they use is powered off. */
function leftOn(places: Places, cargo: Cargo): Problem[] {
  const lost = new Set(places.down.flatMap((taking) => lostBy(taking, places)));
  const told = new Set<string>();
  return places.down.flatMap(({ step, host, place }) => {
    if (step.kind !== 'power-off' || host === null || told.has(host.id)) return [];
    told.add(host.id);
    const left = cargo.of(host).filter((other) => !lost.has(other));
    if (left.length === 0) return [];
    const names = listed(left.map(({ name }) => name));
    const what = `${host.name} goes down, and nothing shuts down ${names}, which cannot work without it`;
    return [warning(place, what, 'Add "Power off" for what needs it to an earlier stage.')];
  });
}

function wayBack(places: Places, needing: Needing): Problem[] {
  const acts = byHost(places.back);
  const found: Problem[] = [];
  for (const [carrierId, onCarrier] of acts) {
    const carrier = places.hosts.get(carrierId);
    const wakes = onCarrier.filter(({ step }) => step.kind === 'wake');
    if (!carrier || wakes.length === 0) continue;
    for (const host of needing.of(carrier)) {
      // When this computer brings others back, all that it needs is there.
      if (host.isThisComputer) continue;
      const early = acts.get(host.id)?.find((act) => !wakes.some((wake) => places.isBefore(wake, act)));
      if (!early) continue;
      const what = `${actOf(early)} would be done before, or beside, waking ${carrier.name}, ${needing.which(host)}`;
      found.push(warning(early.place, what, `Wake ${carrier.name} in an earlier return stage.`));
    }
  }
  return found;
}
