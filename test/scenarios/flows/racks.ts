import { type Host, hostSchema } from '../../../shared/inventory.ts';
import type { Ups } from '../../../shared/reading.ts';
import { type Sequence, sequenceSchema } from '../../../shared/sequence.ts';
import { esxi, ups as firstUps, linux } from '../../fakes/rack-samples.ts';

export const upsOne = firstUps;
export const upsTwo: Ups = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Second UPS' };
export const upsThree: Ups = { ...firstUps, id: 'hid:0764:0501:C3', name: 'Third UPS' };

/** Seconds from the cut to the run. */
export const onBattery = 120;

/** A rack with the plan for it. */
export interface Flow {
  hosts: Host[];
  sequence: Sequence;
  /** Its UPSes beside the first. */
  others?: Ups[];
  /** The VMs that are on, by their host. */
  guests: Record<string, string[]>;
}

export const fedBy = (...upses: Ups[]): Pick<Host, 'fedBy'> => ({
  fedBy: { upses: upses.map(({ id }) => id), need: 'any' },
});

/** An ESXi host that the vCenter manages. */
export const node = (id: string, patch: Partial<Host> = {}): Host => ({
  ...esxi(id),
  managedBy: 'vcenter',
  ...fedBy(upsOne),
  ...patch,
});

export const vcenter: Host = hostSchema.parse({
  kind: 'vcenter',
  id: 'vcenter',
  name: 'vcenter',
  address: '10.0.0.3',
  port: 443,
  user: 'administrator@vsphere.local',
  login: 'password',
  hostKeys: [{ type: 'x509', fingerprint: `SHA256:${'A'.repeat(43)}` }],
});

export const windows = (id: string, patch: Partial<Host> = {}): Host => ({ ...linux(id), kind: 'windows', ...patch });

/** The computer that Glidepath runs on. */
export const own = (patch: Partial<Host> = {}): Host =>
  windows('pc', { isThisComputer: true, ...fedBy(upsOne), ...patch });

/**
 * The same, where it keeps its power and is to run something in every run: no UPS is named for it, so every run means it.
 */
export const observer = own({ fedBy: { upses: [], need: 'any' } });

export const stage = (id: string, steps: object[], patch: object = {}): object => ({ id, name: id, steps, ...patch });

/** These stages; an outage starts them after two minutes on battery. */
export function sequenceOf(stages: object[], patch: Record<string, unknown>): Sequence {
  return sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'flow',
    name: 'Flow',
    stages,
    returnStages: [],
    returnWhen: {},
    triggers: {
      runtime: { enabled: false },
      charge: { enabled: false },
      onBattery: { enabled: true, seconds: onBattery },
    },
    ...patch,
  });
}

/** Seconds of "Delay host maintenance mode". */
export const delayMaintenance = 15;

/** Seconds of "vSAN synchronization duration", times its retries. */
export const resyncLimit = 300;

/**
 * A vSAN host: maintenance mode, the delay, the resync, off. A resync that does not end within its limit must not leave
 * the host on, so its power-off stands in a stage of its own and needs nothing.
 */
export const dataHost = (id: string, enter: readonly object[] = [{}]): object[] => [
  stage(`clear-${id}`, [
    ...enter.map((patch, at) => ({
      id: at === 0 ? `enter-${id}` : `enter-${id}-${at + 1}`,
      kind: 'enter-maintenance',
      target: id,
      ...patch,
    })),
    {
      id: `resync-${id}`,
      kind: 'wait-resync',
      target: id,
      limit: resyncLimit,
      after: delayMaintenance,
      needs: enter.map((_, at) => (at === 0 ? `enter-${id}` : `enter-${id}-${at + 1}`)),
    },
  ]),
  stage(`off-${id}`, [{ id: `off-${id}`, kind: 'power-off', target: id }]),
];

/** The same for a host that holds no data. */
export const alone = (id: string): object =>
  stage(`last-${id}`, [
    { id: `enter-${id}`, kind: 'enter-maintenance', target: id },
    { id: `off-${id}`, kind: 'power-off', target: id, needs: [`enter-${id}`], after: delayMaintenance },
  ]);

/** The computer that Glidepath runs on, 70 s after everything else. */
export const ownLast = stage('own', [{ id: 'off-pc', kind: 'power-off', target: 'pc', after: 70 }]);

/** The host in a VM of which Glidepath runs, likewise. */
export const carrierLast = (id: string): object =>
  stage(`last-${id}`, [{ id: `off-${id}`, kind: 'power-off', target: id, after: 70 }]);

export const commandFile = stage('command-file', [
  { id: 'command-file', kind: 'command', target: 'pc', command: 'C:\\scripts\\before-hosts.cmd', limit: 90 },
]);

/** What a vCenter does for its cluster by itself goes first: it would start again what is shut down. */
export const services = stage('services', [
  { id: 'vcls', kind: 'retreat-vcls', target: 'vcenter', limit: 180 },
  { id: 'ha', kind: 'disable-ha', target: 'vcenter', limit: 20 },
]);

/** The two commands that stop a vSAN cluster: the one on every node, the other on one. */
export const clusterStop = (from: string): object[] => [
  stage('ignore', [{ id: 'ignore', kind: 'ignore-member-updates', target: 'tag:vsan' }]),
  stage('prepare', [{ id: 'prepare', kind: 'prepare-vsan', target: from }]),
];
