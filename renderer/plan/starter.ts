import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { freshId } from './ids.ts';
import { makeStep } from './new-step.ts';
import { emptyStage } from './stage-edits.ts';

const isElsewhere = (host: Host): boolean => !host.isThisComputer;

/**
 * A first plan from the hosts that are known: guests, then hypervisors, then everything that they may stand on; and
 * the way back in reverse. Meant to be edited, but already right for a hypervisor or two and a NAS.
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
  const others = machines.filter((host) => platforms[host.kind].guests === null);
  // What the others stand on wakes first; this computer is on by then.
  const canWake = (host: Host) => (host.macs.length > 0 || host.bmc !== null) && !host.isThisComputer;

  const hypervisors = carriers.filter(isElsewhere).flatMap((host) => {
    const off = step('power-off', host);
    if (!maintained.includes(host)) return [off];
    const maintenance = step('enter-maintenance', host);
    return [maintenance, { ...off, needs: [maintenance.id] }];
  });
  const down: Stage[] = [
    emptyStage(
      'guests',
      'Guests',
      carriers.map((host) => step('shut-down-guests', host)),
    ),
    emptyStage('hypervisors', 'Hypervisors', hypervisors),
    emptyStage('servers', 'Servers and storage', servers(others.filter(isElsewhere))),
    emptyStage(
      'this-computer',
      'This computer',
      machines.filter((host) => host.isThisComputer).map((host) => step('power-off', host)),
    ),
  ];
  const returning: Stage[] = [
    emptyStage('wake-servers', 'Wake servers and storage', wakes(others)),
    emptyStage('wake-hypervisors', 'Wake hypervisors', wakes(carriers)),
    emptyStage(
      'leave-maintenance',
      'Leave maintenance',
      maintained.map((host) => step('exit-maintenance', host)),
    ),
    emptyStage(
      'start-guests',
      'Start guests',
      carriers.map((host) => step('start-guests', host)),
    ),
  ];
  /** Storage after those that use it, as far as that is known. */
  function servers(from: readonly Host[]): Step[] {
    const offs = from.map((host) => ({ host, off: step('power-off', host) }));
    return offs.map(({ host, off }) => ({
      ...off,
      needs: offs.flatMap((other) =>
        other.host.uses.includes(host.id) && !host.uses.includes(other.host.id) ? [other.off.id] : [],
      ),
    }));
  }
  function wakes(from: readonly Host[]): Step[] {
    return [...from]
      .reverse()
      .filter(canWake)
      .map((host) => step('wake', host));
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
