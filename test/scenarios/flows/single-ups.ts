import {
  alone,
  carrierLast,
  clusterStop,
  commandFile,
  dataHost,
  type Flow,
  node,
  own,
  ownLast,
  sequenceOf,
  services,
  stage,
  upsOne,
  vcenter,
} from './racks.ts';

/** Seconds that the UPS waits, all in all: longer than the plan takes in nine of ten. */
export const upsDelay = 2400;

/** In the order in which they go down, behind the VMs that are in none. */
const groups = [
  { name: 'Group 2', guests: ['test'] },
  { name: 'Group 1', guests: ['build'] },
  { name: 'Low', guests: ['wiki'] },
  { name: 'Medium', guests: ['vcsa'] },
  { name: 'High', guests: ['ad'] },
];

const arm = (outlet: number | null) =>
  stage('arm', [
    { id: 'report', kind: 'notify', message: 'The UPS runs on battery' },
    { id: 'turn-off', kind: 'ups-off', ups: upsOne.id, outlet, delay: upsDelay },
  ]);

const guests = stage('guests', [
  { id: 'vms', kind: 'shut-down-guests', target: 'tag:data', limit: 120, groups },
  // The witness goes as a host of its own, and so does Glidepath where it runs in a VM.
  { id: 'vms-mgmt', kind: 'shut-down-guests', target: 'mgmt', guests: { except: ['witness', 'pc'] } },
]);

/** Hosts first, then the cluster as one, then its VMs, and last what vCenter does for them. */
const wayBack = [
  stage('wake-mgmt', [{ id: 'wake-mgmt', kind: 'wake', target: 'mgmt' }]),
  stage('wake-rest', [
    { id: 'exit-mgmt', kind: 'exit-maintenance', target: 'mgmt' },
    { id: 'wake-cluster', kind: 'wake', target: 'tag:vsan' },
  ]),
  stage('exit', [{ id: 'exit', kind: 'exit-maintenance', target: 'tag:vsan' }]),
  stage('recover', [{ id: 'recover', kind: 'recover-vsan', target: 'v1' }]),
  stage('heed', [{ id: 'heed', kind: 'heed-member-updates', target: 'tag:vsan' }]),
  stage('start', [
    { id: 'start', kind: 'start-guests', target: 'tag:data' },
    { id: 'start-mgmt', kind: 'start-guests', target: 'mgmt' },
  ]),
  stage('services-on', [
    // A vCenter takes many minutes to be there after its VM was started.
    { id: 'ha-on', kind: 'enable-ha', target: 'vcenter', limit: 1200 },
    { id: 'vcls-on', kind: 'restore-vcls', target: 'vcenter', limit: 1200 },
  ]),
];

/** One UPS for two vSAN hosts, their witness, the host that the witness runs on, and the computer of Glidepath. */
export function singleUps({
  stopsCluster = false,
  outlet = null,
  line = 'clear-v1',
  isInside = false,
}: {
  stopsCluster?: boolean;
  outlet?: number | null;
  line?: string;
  /** Glidepath runs in a VM of the host that goes last. */
  isInside?: boolean;
} = {}): Flow {
  const hosts = [
    node('v1', { tags: ['vsan', 'data'] }),
    node('v2', { tags: ['vsan', 'data'] }),
    node('witness', { tags: ['vsan', 'witness'], runsOn: 'mgmt' }),
    node('mgmt'),
    vcenter,
    isInside ? own({ runsOn: 'mgmt', fedBy: { upses: [], need: 'any' } }) : own(),
  ];
  const stages = [
    arm(outlet),
    ...(stopsCluster ? [services] : []),
    guests,
    ...(stopsCluster ? clusterStop('v1') : []),
    commandFile,
    ...dataHost('v1'),
    ...dataHost('v2'),
    alone('witness'),
    ...(isInside ? [carrierLast('mgmt')] : [alone('mgmt'), ownLast]),
  ];
  return {
    hosts,
    sequence: sequenceOf(stages, { pointOfNoReturn: line, returnStages: stopsCluster ? wayBack : [] }),
    guests: {
      v1: ['vcsa', 'web', 'wiki'],
      v2: ['ad', 'db', 'test', 'build'],
      mgmt: ['witness', 'backup', ...(isInside ? ['pc'] : [])],
    },
  };
}
