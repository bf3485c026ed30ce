import { asFed } from '../../../shared/as-fed.ts';
import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Step } from '../../../shared/sequence.ts';
import { isOwnCarrier } from '../../../shared/this-computer.ts';
import { delayOfAtLeast, type Offer, type OutletGroup, offersTo, withOutlet } from '../../../shared/ups-command.ts';
import type { PlannedStep } from '../../../shared/view.ts';
import { duration } from '../../../shared/words.ts';
import type { PlacedStep, Places } from './places.ts';
import { error, listed, warning } from './problem.ts';

type UpsOff = Extract<Step, { kind: 'ups-off' }>;

/** A UPS, as far as a step that turns it off must know it. */
export interface KnownUps {
  name: string;
  /** The user has allowed commands to be sent to it. */
  allowed: boolean;
  /** null: it has not been seen, so that nobody knows. */
  offers: readonly Offer[] | null;
  /** Those that can be turned off alone; absent: none. */
  outletGroups?: readonly OutletGroup[] | undefined;
}

export interface UpsFacts {
  /** By id; null: the UPSes are not to be checked. */
  upses: ReadonlyMap<string, KnownUps> | null;
  /** When each compiled step would begin and end, in nine of ten. */
  planned: readonly PlannedStep[];
}

/** Whether UPSes that the plan turns off would do it, and not before their hosts are down. */
export function upsOffProblems(places: Places, { upses, planned }: UpsFacts): Problem[] {
  const isUpsOff = (placed: PlacedStep): placed is PlacedStep & { step: UpsOff } => placed.step.kind === 'ups-off';
  const down = places.down.filter(isUpsOff);
  const turnedOff = new Set(down.map(({ step }) => step.ups));
  const line = places.compiled.stages.findIndex(({ id }) => id === places.compiled.pointOfNoReturn);
  const times = new Map(planned.map((step) => [step.id, step]));
  return [
    ...places.back.filter(isUpsOff).map(({ place }) => onTheWayBack(place)),
    ...down.flatMap((placed) => [
      ...(upses ? wouldNotDoIt(placed, placed.step, upses, line) : []),
      ...tooSoon(placed, placed.step, places, { turnedOff, times, name: upses?.get(placed.step.ups)?.name }),
    ]),
  ];
}

const onTheWayBack = (place: PlacedStep['place']): Problem =>
  error(place, 'It would turn off a UPS while its hosts come back', 'Put the step into a stage of the way down.');

/** @param line the stage with which the point of no return is passed */
function wouldNotDoIt(
  { place, at }: PlacedStep,
  step: UpsOff,
  upses: ReadonlyMap<string, KnownUps>,
  line: number,
): Problem[] {
  const ups = upses.get(step.ups);
  if (!ups) return [error(place, `There is no UPS "${step.ups}"`, 'Choose one of the UPSes under Setup.')];
  const { name, allowed, offers, outletGroups } = ups;
  const found = allowed
    ? []
    : [error(place, `Commands are not allowed for ${name}`, 'Allow commands for this UPS under Setup.')];
  if (offers === null) {
    const what = `${name} has not been seen, so it is not known whether it can be turned off`;
    return [...found, warning(place, what, 'Connect it.')];
  }
  const taken = offersTo({ offers, outletGroups }, step.outlet);
  if (step.outlet !== null && taken.length === 0) {
    const what = `Nothing is known that turns off outlet group ${step.outlet} of ${name} alone`;
    return [...found, error(place, what, 'Let the step turn off all of it.')];
  }
  const its = withOutlet(name, step.outlet);
  found.push(...notOffered(place, step, its, taken));
  return at < line ? [...found, ...notCalledOff(place, step, its, taken)] : found;
}

function notOffered(place: PlacedStep['place'], step: UpsOff, name: string, offers: readonly Offer[]): Problem[] {
  const command = step.returns ? 'shutdown.return' : 'shutdown.stayoff';
  const offer = offers.find((each) => each.command === command);
  const then = step.returns ? 'turn off and on again when the mains are back' : 'turn off and stay off';
  if (!offer) return [error(place, `${name} cannot be told to ${then}`, 'Remove the step, or choose the other way.')];
  if (offer.delay === null) {
    const what = `${name} does not say after how long it turns off: it may cut hosts hard`;
    return [error(place, what, 'Set the delay in the driver of its server, or remove the step.')];
  }
  const found: Problem[] = [];
  if (delayOfAtLeast(offer.delay, step.delay) === null) {
    const what = `${name} cannot wait for ${duration(step.delay)} before it turns off`;
    found.push(error(place, what, 'Give the step a delay that this UPS keeps.'));
  }
  return found;
}

/**
 * A countdown that nothing stops goes on when the run is cancelled, which it can be before the line. For a group of
 * outlets that is an error: no driver is known that stops one.
 */
function notCalledOff(place: PlacedStep['place'], step: UpsOff, name: string, offers: readonly Offer[]): Problem[] {
  if (offers.some(({ command }) => command === 'shutdown.stop')) return [];
  const problem = step.outlet === null ? warning : error;
  const what = `${name} cannot be called off: it turns off even if the mains come back before the point of no return`;
  return [problem(place, what, 'Put the step behind the point of no return.')];
}

interface Around {
  turnedOff: ReadonlySet<string>;
  times: ReadonlyMap<string, PlannedStep>;
  name: string | undefined;
}

/** A fixed clock cuts a host that is slow. */
function tooSoon({ place, step: { id } }: PlacedStep, step: UpsOff, places: Places, around: Around): Problem[] {
  const { times, turnedOff } = around;
  const name = withOutlet(around.name ?? 'the UPS', step.outlet);
  const counted =
    step.outlet === null ? '' : ' All that the UPS feeds counts: it is not known what hangs on a group of its outlets.';
  const begins = times.get(id);
  if (!begins) return [];
  const off = begins.start + step.delay;
  const cut = fedBy(step.ups, turnedOff, [...places.hosts.values()]);
  const late: string[] = [];
  const stay: string[] = [];
  let last = off;
  for (const host of cut) {
    const ends = places.down.flatMap(({ step: each, host: at }) => {
      const isIts = at !== null && (at.id === host.id || (host.isThisComputer && isOwnCarrier(at, host)));
      const time = isIts && each.kind === 'power-off' ? times.get(each.id) : undefined;
      return time ? [time.start + time.seconds] : [];
    });
    const end = Math.max(...ends);
    if (ends.length === 0) stay.push(host.name);
    else if (end > off) late.push(host.name);
    last = Math.max(last, end);
  }
  const found: Problem[] = [];
  if (late.length > 0) {
    const what = `${listed(late)} may still be going down when ${name} turns off, ${duration(off)} after the start, and would be cut hard`;
    const least = Math.ceil(last - begins.start);
    found.push(warning(place, what, `Do it later, or give it a delay of ${least} s at least.${counted}`));
  }
  if (stay.length > 0) {
    const what = `Nothing powers off ${listed(stay)} before ${name} turns off: cut hard`;
    found.push(warning(place, what, `Power off every host that hangs on it.${counted}`));
  }
  return found;
}

/** The machines that lose their power with that UPS, when all of `turnedOff` are turned off in the end. */
function fedBy(ups: string, turnedOff: ReadonlySet<string>, hosts: readonly Host[]): Host[] {
  return asFed(hosts).filter(({ kind, fedBy: { upses, need } }) => {
    // A vCenter is a guest of one of the others.
    if (!platforms[kind].isMachine) return false;
    if (upses.length === 0) return true;
    if (!upses.includes(ups)) return false;
    return need === 'all' || upses.every((each) => turnedOff.has(each));
  });
}
