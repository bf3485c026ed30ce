import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { freshId } from './ids.ts';
import { makeStep } from './new-step.ts';

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
  const esxi = hosts.filter((host) => host.kind === 'esxi');
  const linux = hosts.filter((host) => host.kind === 'linux');
  const back = [...hosts].reverse().filter((host) => host.macs.length > 0);

  const hypervisors = esxi.flatMap((host) => {
    const maintenance = step('enter-maintenance', host);
    return [maintenance, { ...step('power-off', host), needs: [maintenance.id] }];
  });
  const down: Stage[] = [
    { id: 'guests', name: 'Guests', steps: esxi.map((host) => step('shut-down-guests', host)) },
    { id: 'hypervisors', name: 'Hypervisors', steps: hypervisors },
    { id: 'servers', name: 'Servers and storage', steps: linux.map((host) => step('power-off', host)) },
  ];
  const returning: Stage[] = [
    { id: 'wake-servers', name: 'Wake servers and storage', steps: wakes(back, 'linux') },
    { id: 'wake-hypervisors', name: 'Wake hypervisors', steps: wakes(back, 'esxi') },
    { id: 'leave-maintenance', name: 'Leave maintenance', steps: esxi.map((host) => step('exit-maintenance', host)) },
    { id: 'start-guests', name: 'Start guests', steps: esxi.map((host) => step('start-guests', host)) },
  ];
  function wakes(from: readonly Host[], kind: Host['kind']): Step[] {
    return from.filter((host) => host.kind === kind).map((host) => step('wake', host));
  }

  const filled = down.filter((stage) => stage.steps.length > 0);
  const stages: Stage[] = filled.length > 0 ? filled : [{ id: 'stage-1', name: 'Stage 1', steps: [] }];
  // Guests can be started again in a minute; the line stands before the first machine that loses its power.
  const line = stages.find((stage) => stage.steps.some((each) => each.kind === 'power-off')) ?? stages[0];
  return {
    format: 'glidepath-sequence',
    version: 1,
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
    },
  };
}
