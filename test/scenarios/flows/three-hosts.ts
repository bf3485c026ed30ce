import {
  clusterStop,
  commandFile,
  type Flow,
  fedBy,
  node,
  observer,
  own,
  ownLast,
  sequenceOf,
  services,
  stage,
  upsOne,
  upsThree,
  upsTwo,
  vcenter,
} from './racks.ts';
import { byTolerance, turnOffFailed } from './two-sites.ts';

const nodes = ['a', 'b', 'c'];
const cluster = { target: 'tag:vsan' };
const vms = { a: ['vcsa', 'web'], b: ['db'], c: ['mail', 'pinned'] };

/** Three hosts on one UPS, the computer of Glidepath on another; no UPS may fail. */
export function oneUpsForAll(): Flow {
  const stages = [
    stage('arm', [{ id: 'turn-off', kind: 'ups-off', ups: upsTwo.id, delay: 1800 }]),
    services,
    stage('guests', [
      {
        id: 'vms',
        kind: 'shut-down-guests',
        ...cluster,
        limit: 120,
        groups: [{ name: 'High', guests: ['vcsa'], limit: 60 }],
      },
    ]),
    ...clusterStop('a'),
    commandFile,
    stage('enter', [{ id: 'enter', kind: 'enter-maintenance', ...cluster }]),
    stage('off', [{ id: 'off', kind: 'power-off', ...cluster }]),
    ownLast,
  ];
  return {
    hosts: [...nodes.map((id) => node(id, { tags: ['vsan'], ...fedBy(upsTwo) })), vcenter, own(fedBy(upsOne))],
    others: [upsTwo],
    sequence: sequenceOf(stages, { pointOfNoReturn: 'enter' }),
    guests: vms,
  };
}

/**
 * Three hosts, each on a UPS of its own, of which one may fail.
 * @param beyond who goes down when two have failed: the third host as well, or nothing of it but its VMs
 */
export function upsForEach(beyond: 'all' | 'critical'): Flow {
  const allVms = {
    id: 'all-vms',
    kind: 'shut-down-guests',
    target: 'vcenter',
    guests: { except: ['vcsa'] },
    limit: 120,
    when: [{ is: 'beyond-tolerance' }],
  };
  const stages = [
    turnOffFailed,
    stage('migrate', [{ id: 'migrate', kind: 'migrate-guests', target: 'critical' }], {
      when: [{ is: 'within-tolerance' }],
    }),
    ...(beyond === 'critical' ? [stage('all-vms', [allVms])] : []),
    stage('guests', [
      {
        id: 'vms',
        kind: 'shut-down-guests',
        target: 'tag:vsan',
        limit: 120,
        groups: [{ name: 'High', guests: ['vcsa'] }],
      },
    ]),
    commandFile,
    ...nodes.flatMap(byTolerance),
  ];
  const feeds = [upsOne, upsTwo, upsThree];
  return {
    hosts: [
      ...nodes.map((id, at) => node(id, { tags: ['vsan'], ...fedBy(...feeds.slice(at, at + 1)) })),
      vcenter,
      observer,
    ],
    others: [upsTwo, upsThree],
    sequence: sequenceOf(stages, {
      pointOfNoReturn: 'clear-a',
      scope: 'critical',
      faultTolerance: { level: 1, beyond },
    }),
    guests: vms,
  };
}
