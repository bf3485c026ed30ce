import type { Takes } from '../../../electron/core/simulation/step-models.ts';
import { type Host, hostSchema } from '../../../shared/inventory.ts';
import { type Sequence, sequenceSchema } from '../../../shared/sequence.ts';

/**
 * PowerChute Network Shutdown, "Sample Shutdown Scenarios", VMware vSAN, example 4: an advanced UPS configuration for a
 * standard vSAN cluster of three nodes. Its steps with their fixed durations, and the same steps with Glidepath's
 * proofs, on one rack. vCLS, HA and the cluster are switched by commands here.
 */

/** Seconds that PowerChute waits, as its help has them. */
export const waits = {
  /** Shutdown delay of the event On Battery: the default. */
  onBattery: 120,
  /** Disable vCLS Duration. HA (20 s) runs beside it. */
  vcls: 180,
  /** VM/vApp Shutdown Duration. */
  guests: 120,
  /** vCenter Server VM Duration. */
  vcenter: 60,
  /** Cluster stop operations delay. */
  cluster: 120,
  /** Before the PowerChute machine goes down; fixed. */
  own: 70,
};

/** Seconds that it really takes on this rack; nobody has published them for one and the same rack, so they are assumed. */
export const truth = {
  'vCLS machines gone': 20,
  'HA disabled': 5,
  'guests off': 45,
  'vCenter off': 40,
  'cluster stopped': 15,
  'maintenance mode': 10,
  'host off': 60,
  'own computer off': 20,
} as const;

const truths: Readonly<Record<string, keyof typeof truth>> = {
  vcls: 'vCLS machines gone',
  ha: 'HA disabled',
  vms: 'guests off',
  vcenter: 'vCenter off',
  cluster: 'cluster stopped',
  mm: 'maintenance mode',
  off: 'host off',
  own: 'own computer off',
};

/** By the beginning of the step's id. */
export const takes: Takes = (step) => {
  if (step.kind === 'wait') return step.seconds;
  const what = truths[step.id.split(/[-.]/)[0] ?? ''];
  if (!what) throw new Error(`nobody knows how long ${step.id} takes`);
  return truth[what];
};

const host = (kind: 'esxi' | 'linux', id: string, more: object = {}): Host =>
  hostSchema.parse({ kind, id, name: id, address: '10.0.0.1', user: 'root', login: 'key', ...more });

/** The nodes hang on one UPS, the computer that shuts them down on another. */
export const hosts: Host[] = [
  ...['a', 'b', 'c'].map((id) => host('esxi', id, { tags: ['node'], fedBy: { upses: ['cluster'], need: 'any' } })),
  host('linux', 'pc', { isThisComputer: true, fedBy: { upses: ['own'], need: 'any' } }),
];

/** @param fixed whether it waits as PowerChute does, and looks at no battery */
export function example4(fixed: boolean): Sequence {
  const stage = (id: string, steps: object[], wait = 0) => ({
    id,
    name: id,
    steps: fixed && wait > 0 ? [...steps, { id: `wait-${id}`, kind: 'wait', seconds: wait }] : steps,
  });
  const command = (id: string) => ({ id, kind: 'command', target: 'a', command: id, limit: 180 });
  const nodes = { target: 'tag:node' };
  const guests = (id: string, target: string, which: object) => ({
    id,
    kind: 'shut-down-guests',
    target,
    guests: which,
  });
  return sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'example-4',
    name: 'Example 4',
    stages: [
      stage('vcls', [command('vcls'), { ...command('ha'), limit: 20 }], waits.vcls),
      stage('guests', [{ ...guests('vms', 'tag:node', { except: ['vCenter'] }), limit: waits.guests }], waits.guests),
      stage('vcenter', [{ ...guests('vcenter', 'a', { only: ['vCenter'] }), limit: waits.vcenter }], waits.vcenter),
      stage('cluster', [{ ...command('cluster'), limit: waits.cluster }], waits.cluster),
      stage('hosts', [
        { id: 'mm', kind: 'enter-maintenance', ...nodes },
        { id: 'off', kind: 'power-off', ...nodes, needs: ['mm'] },
      ]),
      ...(fixed ? [stage('delay', [], waits.own)] : []),
      stage('own', [{ id: 'own', kind: 'power-off', target: 'pc' }]),
    ],
    pointOfNoReturn: 'vcls',
    returnStages: [],
    returnWhen: {},
    triggers: {
      runtime: { enabled: !fixed },
      charge: { enabled: false },
      onBattery: { enabled: true, seconds: waits.onBattery },
      lowBattery: { enabled: !fixed },
    },
    shed: fixed ? [] : undefined,
  });
}
