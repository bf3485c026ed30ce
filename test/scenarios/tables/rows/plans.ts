import { home, many, oneEsx, plan } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const forceGuests = {
  stages: [
    {
      id: 'guests',
      name: 'Guests',
      steps: [{ id: 'guests-esx', kind: 'shut-down-guests', target: 'esx', force: true }],
    },
    {
      id: 'hosts',
      name: 'Hosts',
      steps: [
        { id: 'mm-esx', kind: 'enter-maintenance', target: 'esx' },
        { id: 'off-esx', kind: 'power-off', target: 'esx', needs: ['mm-esx'] },
        { id: 'off-web', kind: 'power-off', target: 'web' },
      ],
    },
    { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
  ],
};
const offAll = { id: 'off', kind: 'power-off', target: 'tag:many' };

export const planRows: Row[] = [
  {
    name: 'a guest will not stop, and may not be forced: the hypervisor is left on, and is cut with it',
    rack: home(),
    happens: ['0:00 guest vm1 of esx will not stop', '0:00 mains lost, 4 min of battery'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 3 min 54 s'],
      // The guests have had their usual 90 s at 1:36; what comes after needs all that is left.
      state: {
        '1:35': 'vm2 of esx',
        '1:42': 'vm2 of esx, web going down',
        '2:25': 'vm2 of esx, web, nas',
        '4:05': allOff,
      },
      down: 'guests esx, maintenance esx, off web, maintenance esx, off nas',
      back: '',
      ends: 'waiting for the return',
      cut: 'esx',
      says: ['guests-esx failed: given up unproven', 'what may be forced is forced at once', 'off-esx skipped'],
    },
  },
  {
    name: 'a guest will not stop, and may be forced: it is, because the battery is short, and nothing is cut',
    rack: home('may force guests', forceGuests),
    happens: ['0:00 guest vm1 of esx will not stop', '0:00 mains lost, 4 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 3 min 54 s'],
      // Short from the start: limits at 0:11, force at 0:16, ten seconds before the guests would have been off.
      state: {
        '0:15': 'all up',
        '0:18': 'esx going down, web going down',
        '0:39': 'esx, web, nas going down',
        '1:00': allOff,
        '5:00': 'all up',
      },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: [
        'journal: The battery lasts for 3 min 44 s and the run still needs 5 min 35 s: what may be forced is forced at once',
      ],
    },
  },
  {
    name: 'the same on a battery that is short only by then: to be forced takes seconds, so it is not given up before',
    rack: home('may force guests', forceGuests),
    happens: ['0:00 guest vm1 of esx will not stop', '0:00 mains lost, 6 min of battery', '4:30 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 5 min 54 s'],
      state: { '2:30': 'vm2 of esx', '3:40': allOff, '8:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['what may be forced is forced at once'],
      never: ['given up unproven'],
    },
  },
  {
    name: 'a battery of a minute: the plan starts at once, and the nas is cut',
    rack: home(),
    happens: ['0:00 mains lost, 1 min of battery'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 54 s'],
      state: { '0:48': 'esx, web, nas going down', '1:05': allOff },
      down: allDown,
      back: '',
      ends: 'waiting for the return',
      cut: 'nas',
    },
  },
  {
    name: 'the same battery, with guests that may be forced: ten seconds are won, and nothing is cut',
    rack: home('may force guests', forceGuests),
    happens: ['0:00 mains lost, 1 min of battery'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 54 s'],
      state: { '0:38': 'esx, web, nas going down', '0:59': allOff },
      down: allDown,
      back: '',
      ends: 'waiting for the return',
    },
  },
  {
    name: 'a battery of half a minute: all are cut, none was told twice, and all are brought back',
    rack: home(),
    happens: ['0:00 mains lost, 30 s of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 24 s'],
      // A quarter is charged at 7:00.
      state: { '0:28': 'esx going down, web going down', '0:35': allOff, '9:00': 'all up' },
      down: 'guests esx, maintenance esx, off web, off esx',
      back: allBack,
      ends: 'done',
      cut: 'esx, web, nas',
    },
  },
  {
    name: 'optional steps are left out when the battery will not last for them',
    rack: plan('an optional wait of a minute before the host', many('db'), [
      { steps: [{ id: 'drain', kind: 'wait', seconds: 60 }] },
      { steps: [{ id: 'extra', kind: 'wait', seconds: 60, optional: true }] },
      { steps: [{ ...offAll, target: 'db' }] },
    ]),
    happens: ['0:00 mains lost, 170 s of battery'],
    outcome: {
      // 60 + 60 + 90 s are needed, 164 are there; without the optional minute 150.
      runs: ['0:06 runtime: the battery lasts 2 min 44 s'],
      state: { '1:05': 'all up', '1:08': 'db going down', '1:30': 'db' },
      down: 'off db',
      back: '',
      ends: 'waiting for the return',
      says: [
        'The battery lasts for 2 min 39 s and the run still needs 3 min 25 s: optional steps are left out',
        'extra skipped: left out: it is optional, and the battery would not last for everything',
      ],
      never: ['what may be forced'],
    },
  },
  {
    name: 'one by one',
    rack: plan('three hosts one by one', many('w1', 'w2', 'w3'), [{ steps: [{ ...offAll, each: 'one-by-one' }] }]),
    happens: ['0:00 mains lost, 5 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 4 min 54 s and the plan must start at 5 min 37 s (it needs 4 min 30 s'],
      state: {
        '0:25': 'w1 going down',
        '0:28': 'w1, w2 going down',
        '0:48': 'w1, w2, w3 going down',
        '1:10': 'w1, w2, w3',
        '4:00': 'all up',
      },
      down: 'off w1, off w2, off w3',
      back: 'wake w1, wake w2, wake w3',
      ends: 'done',
    },
  },
  {
    name: 'two at once in a stage of four',
    rack: plan('four hosts, two at once', many('w1', 'w2', 'w3', 'w4'), [{ parallel: 2, steps: [offAll] }]),
    happens: ['0:00 w1 takes 10 s longer', '0:00 mains lost, 3 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 2 min 54 s and the plan must start at 3 min 45 s (it needs 3 min'],
      state: {
        '0:25': 'w1 going down, w2 going down',
        '0:28': 'w1 going down, w2, w3 going down',
        '0:38': 'w1, w2, w3 going down, w4 going down',
        '1:00': 'w1, w2, w3, w4',
        '4:30': 'all up',
      },
      down: 'off w1, off w2, off w3, off w4',
      back: 'wake w1, wake w2, wake w3, wake w4',
      ends: 'done',
    },
  },
  {
    name: 'priority groups: the database guest goes after all others',
    rack: plan('vm2 in a group of its own', oneEsx(), [
      {
        steps: [{ id: 'guests', kind: 'shut-down-guests', target: 'esx', groups: [{ name: 'Last', guests: ['vm2'] }] }],
      },
      { steps: [{ id: 'off', kind: 'power-off', target: 'esx' }] },
    ]),
    happens: ['0:00 mains lost, 6 min of battery'],
    outcome: {
      // 135 + 135 + 90 s.
      runs: ['0:06 runtime: the battery lasts 5 min 54 s and the plan must start at 7 min 30 s (it needs 6 min,'],
      state: { '0:25': 'all up', '0:28': 'vm1 of esx', '0:45': 'vm1 of esx', '0:48': 'esx going down', '1:10': 'esx' },
      down: 'guests esx, guests esx, off esx',
      back: '',
      ends: 'waiting for the return',
      says: ['journal: guests done', 'journal: guests.2 done'],
    },
  },
  {
    name: 'a step that must not fail fails: nothing that comes after is begun',
    rack: plan('stops when db fails', many('db', 'nas'), [
      { onFailure: 'stop', steps: [{ id: 'off-db', kind: 'power-off', target: 'db' }] },
      { steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
    ]),
    happens: ['0:00 db refuses', '0:00 mains lost, 3 min of battery', '1:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '0:30': 'all up', '5:00': 'all up' },
      down: '',
      back: '',
      ends: 'failed',
      says: ['off-nas skipped: not begun: an earlier step failed'],
    },
  },
];
