import {
  alone,
  clusterStop,
  commandFile,
  dataHost,
  type Flow,
  fedBy,
  node,
  observer,
  sequenceOf,
  services,
  stage,
  upsOne,
  upsThree,
  upsTwo,
  vcenter,
} from './racks.ts';

const within = { when: [{ is: 'within-tolerance' }] };
const beyond = { when: [{ is: 'beyond-tolerance' }] };

/** How the data of a host is kept is a matter of how many UPSes have failed. */
export const byTolerance = (id: string): object[] =>
  dataHost(id, [
    { evacuation: 'ensure-accessibility', ...within },
    { evacuation: 'no-action', ...beyond },
  ]);

/** Three UPSes, each of which is turned off if it has failed and carries nobody any more. */
export const turnOffFailed = stage(
  'arm',
  [upsOne, upsTwo, upsThree].map(({ id }, at) => ({ id: `turn-off-${at + 1}`, kind: 'ups-off', ups: id, delay: 1800 })),
);

/** Two hosts at each site, each site on its own UPS, and the witness at a third. One site may fail. */
export function twoSites(): Flow {
  const data = ['p1', 'p2', 's1', 's2'];
  const stages = [
    turnOffFailed,
    { ...services, ...beyond },
    stage('migrate', [{ id: 'migrate', kind: 'migrate-guests', target: 'tag:data' }], within),
    stage('guests', [
      {
        id: 'vms',
        kind: 'shut-down-guests',
        target: 'tag:data',
        limit: 120,
        groups: [{ name: 'High', guests: ['vcsa'] }],
      },
    ]),
    ...clusterStop('p1').map((each) => ({ ...each, ...beyond })),
    commandFile,
    ...data.flatMap(byTolerance),
    alone('witness'),
  ];
  return {
    hosts: [
      node('p1', { tags: ['vsan', 'data'], ...fedBy(upsOne) }),
      node('p2', { tags: ['vsan', 'data'], ...fedBy(upsOne) }),
      node('s1', { tags: ['vsan', 'data'], ...fedBy(upsTwo) }),
      node('s2', { tags: ['vsan', 'data'], ...fedBy(upsTwo) }),
      node('witness', { tags: ['vsan', 'witness'], ...fedBy(upsThree) }),
      vcenter,
      observer,
    ],
    others: [upsTwo, upsThree],
    sequence: sequenceOf(stages, {
      pointOfNoReturn: 'clear-p1',
      scope: 'critical',
      faultTolerance: { level: 1, beyond: 'all' },
    }),
    guests: { p1: ['vcsa', 'web'], p2: ['db', 'licence'], s1: ['mail'], s2: ['files'] },
  };
}
