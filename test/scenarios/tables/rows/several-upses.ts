import { split, twoUpses } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const critical = { scope: 'critical' };
const dual = (title: string, patch: Record<string, unknown> = {}) =>
  twoUpses(title, { esx: 'A+B', web: 'A+B', nas: 'A+B' }, patch);
/** esx and web on one UPS each, the nas on both. */
const tolerant = (level: number) =>
  twoUpses(
    `nas on both, ${level} may fail, beyond it all go`,
    { esx: 'A', web: 'B', nas: 'A+B' },
    {
      ...critical,
      faultTolerance: { level, beyond: 'all' },
    },
  );
const nothing = { down: '', back: '', ends: '' };
const esxOnly = 'guests esx, maintenance esx, off esx';
const esxBack = 'wake esx, leave maintenance esx, start guests esx';

export const severalUpses: Row[] = [
  {
    name: 'one UPS fails: only its hosts go down',
    rack: split(),
    happens: ['0:00 mains lost, 5 min of battery', '2:00 mains back'],
    outcome: {
      // 135 + 30 + 90 s for esx alone.
      runs: [
        '0:06 runtime: the battery of Back-UPS lasts 4 min 54 s and the plan must start at 5 min 18 s (it needs 4 min 15 s',
      ],
      state: { '0:28': 'esx going down', '0:50': 'esx', '4:00': 'all up' },
      down: esxOnly,
      back: esxBack,
      ends: 'done',
      says: [', for 1 of 3 hosts: esx', 'off-web skipped: not begun: web still has its power'],
    },
  },
  {
    name: 'the other UPS fails: web and the nas go down, the hypervisor keeps its guests',
    rack: split(),
    happens: ['0:00 Rack UPS: mains lost, 3 min of battery', '2:00 Rack UPS: mains back'],
    outcome: {
      runs: [
        '0:06 runtime: the battery of Rack UPS lasts 2 min 54 s and the plan must start at 3 min 45 s (it needs 3 min,',
      ],
      state: { '0:25': 'web going down', '0:28': 'web, nas going down', '0:50': 'web, nas', '5:00': 'all up' },
      down: 'off web, off nas',
      back: 'wake nas, wake web',
      ends: 'done',
      says: [', for 2 of 3 hosts: web, nas'],
    },
  },
  {
    name: 'a second UPS fails while a run goes on: its hosts are taken in, nothing is repeated',
    rack: split(),
    happens: [
      '0:00 mains lost, 5 min of battery',
      '0:15 Rack UPS: mains lost, 3 min of battery',
      '2:30 mains back',
      '2:30 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '0:28': 'esx going down, web going down', '1:10': allOff, '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['widened: The run takes in more because the battery of Rack UPS lasts'],
    },
  },
  {
    name: 'a second UPS fails and lasts: its hosts are not taken in, and it is said when they would be',
    rack: split(),
    happens: [
      '0:00 mains lost, 5 min of battery',
      '0:15 Rack UPS: mains lost, 2 h of battery',
      '3:00 mains back',
      '3:00 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '2:59': 'esx', '5:30': 'all up' },
      down: esxOnly,
      back: esxBack,
      ends: 'done',
      says: ['. Not in it yet: Starts in'],
      never: ['widened: '],
    },
  },
  {
    name: 'a second UPS fails when the first run is down: it gets a run of its own, and everything comes back',
    rack: split(),
    happens: [
      '0:00 mains lost, 5 min of battery',
      '2:00 Rack UPS: mains lost, 3 min of battery',
      '4:00 mains back',
      '4:00 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts', '2:06 runtime: the battery of Rack UPS lasts'],
      state: { '1:59': 'esx', '2:55': allOff, '7:30': 'all up' },
      down: `${esxOnly}, off web, off nas`,
      back: allBack,
      // It is for esx as well, whose guests nobody can ask any more.
      ends: 'done, done',
    },
  },
  {
    name: 'both fail, and the first is back before the point of no return: its host is let go',
    rack: split(),
    happens: [
      '0:00 mains lost, 4 min of battery',
      '0:00 Rack UPS: mains lost, 4 min of battery',
      '0:15 mains back',
      '3:00 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '0:28': 'guests of esx, web going down', '1:10': 'guests of esx, web, nas', '6:00': 'all up' },
      down: 'guests esx, off web, off nas',
      back: 'wake nas, wake web, start guests esx',
      ends: 'done',
      says: ['narrowed: esx has its power back before the point of no return'],
    },
  },
  {
    name: 'both fail, and the first is back after the point of no return: the run is completed',
    rack: split(),
    happens: [
      '0:00 mains lost, 4 min of battery',
      '0:00 Rack UPS: mains lost, 4 min of battery',
      '0:30 mains back',
      '3:00 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '1:10': allOff, '3:55': allOff, '6:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      never: ['narrowed: '],
    },
  },
  {
    name: 'a plan for all hosts: one UPS back does not cancel while the other one fails, and the return waits for both',
    rack: split('esx on Back-UPS, web and nas on Rack UPS, a run is for all', { scope: 'all' }),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:00 Rack UPS: mains lost, 6 min of battery',
      '0:12 mains back',
      '5:00 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      // 60 of 360 s are left of the second battery: a quarter is there at 6:40.
      state: { '1:10': allOff, '6:35': allOff, '8:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['Waiting for the power: Rack UPS is not on mains'],
      never: ['Cancelled'],
    },
  },
  {
    name: 'hosts on two UPSes of which one is enough: one fails, and nothing is started until it is empty and after',
    rack: dual('every host on both UPSes'),
    happens: ['0:00 mains lost, 4 min of battery', '10:00 mains back'],
    outcome: {
      runs: [],
      state: { '9:59': 'all up', '20:00': 'all up' },
      ...nothing,
      says: ['Back-UPS is on battery, and Rack UPS carries esx, web, nas'],
    },
  },
  {
    name: 'hosts on two UPSes of which one is enough: both fail, and the one that lasts longer counts',
    rack: dual('every host on both UPSes'),
    happens: [
      '0:00 mains lost, 2 min of battery',
      '0:00 Rack UPS: mains lost, 15 min of battery',
      '13:00 mains back',
      '13:00 Rack UPS: mains back',
    ],
    outcome: {
      // Once the first is empty at 2:00 the other carries all, and counts for 42 % of what it says: 7 min 11 s of it
      // are left when it and the other say so: 120 - t + (900 - 120) x 0.42 <= 431.25 at t = 17.
      runs: ['0:17 runtime: the battery of Rack UPS lasts 7 min 10 s'],
      state: { '0:16': 'all up', '1:25': allOff, '20:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'hosts on two UPSes of which one is enough: the other one has been silent for a quarter of a minute, and carries nothing',
    rack: dual('every host on both UPSes'),
    happens: [
      '0:00 Rack UPS: it says nothing more',
      '0:05 mains lost, 4 min of battery',
      '3:00 mains back',
      '3:00 Rack UPS: it speaks again',
    ],
    outcome: {
      // Rack UPS said last at 0:00 that it has mains.
      runs: ['0:16 runtime: the battery of Back-UPS lasts 3 min 49 s'],
      state: { '0:14': 'all up', '1:20': allOff, '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'a blip in the cable of the UPS that carries: it starts nothing',
    rack: dual('every host on both UPSes'),
    happens: [
      '0:00 mains lost, 10 min of battery',
      '1:00 Rack UPS: USB cable pulled',
      '1:12 Rack UPS: USB cable plugged in',
      '4:00 mains back',
    ],
    outcome: { runs: [], state: { '5:00': 'all up' }, ...nothing, never: ['started: '] },
  },
  {
    name: 'a host that needs both its UPSes goes down with the first',
    rack: twoUpses('nas needs both UPSes', { esx: 'B', web: 'B', nas: 'A&B' }, critical),
    happens: ['0:00 mains lost, 100 s of battery', '1:00 mains back'],
    outcome: {
      runs: [
        '0:06 runtime: the battery of Back-UPS lasts 1 min 34 s and the plan must start at 3 min (it needs 1 min 30 s',
      ],
      state: { '0:28': 'nas', '3:30': 'all up' },
      down: 'off nas',
      back: 'wake nas',
      ends: 'done',
      says: [', for 1 of 3 hosts: nas'],
    },
  },
  {
    name: 'what cannot work without a host goes down with it',
    rack: twoUpses('web uses the nas', { esx: 'B', web: 'B', nas: 'A' }, critical, { web: { uses: ['nas'] } }),
    happens: ['0:00 mains lost, 3 min of battery', '1:30 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts 2 min 54 s and the plan must start at 3 min 45 s'],
      state: { '0:25': 'web going down', '0:50': 'web, nas', '4:30': 'all up' },
      down: 'off web, off nas',
      back: 'wake nas, wake web',
      ends: 'done',
      says: [', for 2 of 3 hosts: web, nas'],
    },
  },
  {
    name: 'a UPS that feeds no host of the plan starts nothing',
    rack: twoUpses('all hosts on Rack UPS', { esx: 'B', web: 'B', nas: 'B' }),
    happens: ['0:00 mains lost, 1 min of battery', '5:00 mains back'],
    outcome: {
      runs: [],
      state: { '4:59': 'all up', '6:00': 'all up' },
      ...nothing,
      says: ['Back-UPS is on battery and feeds no host of the plan'],
    },
  },
  {
    name: 'fault tolerance of one: the first UPS takes down its own hosts, and the second all',
    rack: tolerant(1),
    happens: [
      '0:00 mains lost, 5 min of battery',
      '2:00 Rack UPS: mains lost, 10 min of battery',
      '11:00 mains back',
      '11:00 Rack UPS: mains back',
    ],
    outcome: {
      // The plan for all counts now. The nas hangs on both: after 174 s more the Rack UPS carries it alone, and counts for
      // 42 % of its other 420 s.
      runs: ['0:06 runtime: the battery of Back-UPS lasts', '2:06 runtime: the battery of Rack UPS lasts 5 min 50 s'],
      state: { '1:59': 'esx', '2:55': allOff, '18:00': 'all up' },
      down: `${esxOnly}, off web, off nas`,
      back: allBack,
      ends: 'done, done',
      says: [', for 1 of 3 hosts: esx'],
    },
  },
  {
    name: 'fault tolerance of one, and the second UPS fails while the first run goes on: it is for all from then on',
    rack: tolerant(1),
    happens: [
      '0:00 mains lost, 5 min of battery',
      '0:10 Rack UPS: mains lost, 5 min of battery',
      '2:30 mains back',
      '2:30 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '1:10': allOff, '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['widened: The run takes in more because'],
    },
  },
  {
    name: 'within the tolerance: two of two may fail, and it stays with those that lose their power',
    rack: twoUpses(
      'nas on the mains alone, 2 may fail',
      { esx: 'A', web: 'B', nas: 'B' },
      {
        ...critical,
        faultTolerance: { level: 2, beyond: 'all' },
      },
    ),
    happens: ['0:00 mains lost, 5 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '1:59': 'esx', '4:30': 'all up' },
      down: esxOnly,
      back: esxBack,
      ends: 'done',
    },
  },
  {
    name: 'a step that is done only if two UPSes have failed',
    rack: twoUpses(
      'the nas goes only when both fail',
      { esx: 'A', web: 'B', nas: 'A&B' },
      {
        scope: 'critical',
        stages: [
          { id: 'web', name: 'Hosts', steps: [{ id: 'off-web', kind: 'power-off', target: 'web' }] },
          {
            id: 'storage',
            name: 'Storage',
            when: [{ is: 'failed-upses', atLeast: 2 }],
            steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }],
          },
        ],
        pointOfNoReturn: 'web',
        returnStages: [],
      },
    ),
    happens: ['0:00 Rack UPS: mains lost, 3 min of battery', '2:00 Rack UPS: mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery of Rack UPS lasts'],
      state: { '0:50': 'web', '1:59': 'web' },
      down: 'off web',
      back: '',
      ends: 'waiting for the return',
      says: ['off-nas skipped: left out: 1 UPS has failed, and it is done from 2 on'],
    },
  },
  {
    name: 'killed in a run for some hosts, and the second UPS fails meanwhile: they are taken in when it is started',
    rack: split(),
    happens: [
      '0:00 mains lost, 5 min of battery',
      '0:10 Glidepath is killed',
      '0:15 Rack UPS: mains lost, 3 min of battery',
      '0:25 Glidepath is started',
      '2:30 mains back',
      '2:30 Rack UPS: mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery of Back-UPS lasts'],
      state: { '1:20': allOff, '6:00': 'all up' },
      down: 'guests esx, maintenance esx, off esx, off web, off nas',
      back: allBack,
      ends: 'done',
      says: ['widened: '],
    },
  },
];
