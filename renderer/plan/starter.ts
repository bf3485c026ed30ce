import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { bringsUs, isOwnCarrier, thisComputer } from '../../shared/this-computer.ts';
import { freshId } from './ids.ts';
import { makeStep } from './new-step.ts';
import { emptyStage } from './stage-edits.ts';
import { inOrder, isStorage, type Placed, type Tier, tiersOf } from './starter-order.ts';

/**
 * A first plan from the hosts that are known: guests, then servers, then hypervisors, then what those stand on; and the
 * way back in reverse. Meant to be edited, but already right for a hypervisor or two and a NAS.
 * @param takenIds Of plans that are there, be it as files that could not be read: those are kept as they are.
 */
export function starterPlan(hosts: readonly Host[], takenIds: ReadonlySet<string>): Sequence {
  const taken = new Set<string>();
  const step = (kind: StepKind, host: Host): Step => {
    const id = freshId(`${kind}-${host.id}`, taken);
    taken.add(id);
    return makeStep(kind, host.id, id);
  };
  // A guest goes down and comes back with its hypervisor's guests.
  const machines = hosts.filter((host) => host.runsOn === undefined && platforms[host.kind].isMachine);
  const carriers = machines.filter((host) => platforms[host.kind].guests !== null);
  const maintained = carriers.filter((host) => platforms[host.kind].offInMaintenance);
  // This computer, or the hypervisor that takes it along, is on when the others wake, and goes down when they are off.
  const own = thisComputer(hosts);
  const elsewhere = machines.filter((host) => !bringsUs(host, own));
  const tierOf = tiersOf(elsewhere);
  const ofTier = (tier: Tier) => inOrder(elsewhere.filter(({ id }) => tierOf.get(id) === tier));

  const isNetwork = ofTier('last').some(({ host }) => !isStorage(host));
  const down: Stage[] = [
    emptyStage(
      'guests',
      guestsName(carriers),
      carriers.map((host) => {
        const guests = step('shut-down-guests', host);
        return isOwnCarrier(host, own) ? { ...guests, guests: { except: [own.name] } } : guests;
      }),
    ),
    emptyStage('servers', 'Servers', offs(ofTier('servers'))),
    emptyStage('hypervisors', 'Hypervisors', offs(ofTier('hypervisors'))),
    emptyStage('storage', isNetwork ? 'Storage and network' : 'Storage', offs(ofTier('last'))),
    emptyStage(
      'this-computer',
      'This computer',
      machines.filter((host) => bringsUs(host, own)).map((host) => step('power-off', host)),
    ),
  ];
  const returning: Stage[] = [
    emptyStage('wake-storage', isNetwork ? 'Wake storage and network' : 'Wake storage', wakes(ofTier('last'))),
    emptyStage('wake-hypervisors', 'Wake hypervisors', wakes(ofTier('hypervisors'))),
    emptyStage(
      'leave-maintenance',
      'Leave maintenance',
      maintained.map((host) => step('exit-maintenance', host)),
    ),
    emptyStage('wake-servers', 'Wake servers', wakes(ofTier('servers'))),
    emptyStage(
      'start-guests',
      'Start guests',
      carriers.map((host) => step('start-guests', host)),
    ),
  ];
  /** What others of the tier need goes off after them. */
  function offs(placed: readonly Placed[]): Step[] {
    const all = placed.map(({ host, after }) => ({ host, after, off: step('power-off', host) }));
    return all.flatMap(({ host, after, off }) => {
      const needs = all.filter((other) => after.includes(other.host)).map((other) => other.off.id);
      if (!maintained.includes(host)) return [{ ...off, needs }];
      const maintenance = step('enter-maintenance', host);
      return [maintenance, { ...off, needs: [maintenance.id, ...needs] }];
    });
  }
  /** And wakes before them. */
  function wakes(placed: readonly Placed[]): Step[] {
    const all = placed
      .filter(({ host }) => host.macs.length > 0 || host.bmc !== null)
      .map(({ host, after }) => ({ host, after, wake: step('wake', host) }))
      .reverse();
    return all.map(({ host, wake }) => ({
      ...wake,
      needs: all.filter((other) => other.after.includes(host)).map((other) => other.wake.id),
    }));
  }

  const filled = down.filter((stage) => stage.steps.length > 0);
  const stages: Stage[] = filled.length > 0 ? filled : [emptyStage('stage-1', 'Stage 1')];
  // Guests can be started again in a minute; the line stands before the first machine that loses its power.
  const line = stages.find((stage) => stage.steps.some((each) => each.kind === 'power-off')) ?? stages[0];
  return {
    format: 'glidepath-sequence',
    version: 3,
    id: freshId('main', takenIds),
    name: 'Rack plan',
    stages,
    pointOfNoReturn: line?.id ?? 'stage-1',
    returnStages: returning.filter((stage) => stage.steps.length > 0),
    returnWhen: { stableSeconds: 60, charge: 25 },
    triggers: {
      runtime: { enabled: true, factor: 1.25, floor: 180 },
      charge: { enabled: true, percent: 30 },
      onBattery: { enabled: false, seconds: 120 },
      lowBattery: { enabled: true, lasts: 5 },
      forced: { enabled: true },
      settle: 5,
      silent: { enabled: true, seconds: 15 },
    },
    scope: 'all',
    faultTolerance: null,
    shed: ['skip-optional', 'shorten-limits', 'force'],
    parameters: {},
  };
}

/** As they are called where they run. */
function guestsName(carriers: readonly Host[]): string {
  const containers = carriers.filter(({ kind }) => platforms[kind].guests === 'containers').length;
  if (containers === 0) return 'Guests';
  return containers === carriers.length ? 'Containers' : 'Guests and containers';
}
