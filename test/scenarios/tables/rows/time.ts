import { home, triggers } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const first = '0:06 runtime: the battery lasts 5 min 54 s';
const nothing = { down: '', back: '', ends: '' };

export const time: Row[] = [
  {
    name: 'contact lost on mains: an alarm and nothing else, for an hour',
    rack: home(),
    happens: ['0:00 USB cable pulled', '60:00 USB cable plugged in'],
    outcome: {
      runs: [],
      state: { '59:59': 'all up', '61:00': 'all up' },
      ...nothing,
      says: ['No answer from Back-UPS; it was on mains, so nothing is started'],
    },
  },
  {
    name: 'contact lost on battery: the last runtime is counted down on our own clock',
    rack: home(),
    happens: [
      '0:00 mains lost, 12 min of battery',
      '1:00 USB cable pulled',
      '6:30 mains back',
      '6:30 USB cable plugged in',
    ],
    outcome: {
      runs: [
        '4:49 runtime: the battery lasts 7 min 11 s (counted down, no contact) and the plan must start at 7 min 11 s',
      ],
      state: { '4:48': 'all up', '5:55': allOff, '9:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'contact lost on battery, and the mains are back when it speaks again',
    rack: home(),
    happens: [
      '0:00 mains lost, 12 min of battery',
      '1:00 it says nothing more',
      '2:00 mains back',
      '3:00 it speaks again',
    ],
    outcome: { runs: [], state: { '4:00': 'all up', '8:00': 'all up' }, ...nothing },
  },
  {
    name: 'the cable drops with the first word of battery, and nothing confirms it: nothing is started',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:00 USB cable pulled',
      '0:20 mains back',
      '10:00 USB cable plugged in',
    ],
    outcome: { runs: [], state: { '9:59': 'all up', '11:00': 'all up' }, ...nothing, never: ['started: '] },
  },
  {
    name: 'the UPS says the same runtime all the time: our own clock counts',
    rack: home('a UPS that tells its runtime only', {}, { tells: 'the runtime only' }),
    happens: [
      '0:00 it says 15 min, whatever is left',
      '0:00 mains lost, 15 min of battery',
      '10:00 mains back',
      '10:00 it says the truth again',
    ],
    outcome: {
      // 15 min said first at 0:01: 7 min 11 s are left at 7:50.
      runs: ['7:50 runtime: the battery lasts 7 min 11 s'],
      state: { '7:49': 'all up', '9:00': allOff, '13:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['(counted down)'],
    },
  },
  {
    name: 'this computer sleeps for an hour on mains',
    rack: home(),
    happens: ['1:00 this computer sleeps for 1 h'],
    outcome: { runs: [], state: { '65:00': 'all up' }, ...nothing },
  },
  {
    name: 'this computer sleeps through half an outage: it asks anew, then decides as ever',
    rack: home(),
    happens: ['0:00 mains lost, 1 h of battery', '1:00 this computer sleeps for 30 min', '44:00 mains back'],
    outcome: {
      runs: ['42:00 charge: the charge is 30 % and the floor is 30 %'],
      state: { '31:30': 'all up', '41:59': 'all up', '43:10': allOff, '46:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['Waiting for the UPS to say where the power comes from'],
    },
  },
  {
    name: 'this computer sleeps past the moment at which it should have started: it starts once the UPS has spoken',
    rack: home(),
    happens: ['0:00 mains lost, 12 min of battery', '1:00 this computer sleeps for 5 min', '8:00 mains back'],
    outcome: {
      // Awake at 6:00, on battery for sure at 6:02, and five seconds later it may begin.
      runs: ['6:07 runtime: the battery lasts 5 min 53 s'],
      state: { '6:05': 'all up', '7:12': allOff, '10:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'this computer sleeps for half a minute on battery: the outage is not forgotten, and that time is counted',
    rack: home('2 min on battery', triggers({ onBattery: { enabled: true, seconds: 120 } })),
    happens: ['0:00 mains lost, 2 h of battery', '0:30 this computer sleeps for 30 s', '5:00 mains back'],
    outcome: {
      runs: ['2:01 on-battery: on battery for 2 min'],
      state: { '2:00': 'all up', '3:10': allOff, '7:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'this computer sleeps, and the mains are back when it wakes',
    rack: home(),
    happens: [
      '0:00 mains lost, 12 min of battery',
      '1:00 this computer sleeps for 10 min, in which the mains come back',
    ],
    outcome: { runs: [], state: { '11:30': 'all up', '14:00': 'all up' }, ...nothing, never: ['started: '] },
  },
  {
    name: 'this computer sleeps in a run before the line, and the mains are back when it wakes: cancelled',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:20 this computer sleeps for 3 min, in which the mains come back'],
    outcome: {
      runs: [first],
      state: { '3:50': 'guests of esx', '5:00': 'all up' },
      down: 'guests esx',
      back: 'start guests esx',
      ends: 'cancelled',
    },
  },
  {
    name: 'the clock is set forward by an hour while a start is counted down',
    rack: home(),
    happens: ['0:00 mains lost, 12 min of battery', '1:00 the clock is set forward by 1 h', '6:30 mains back'],
    outcome: {
      runs: ['4:49 runtime: the battery lasts 7 min 11 s'],
      state: { '4:48': 'all up', '5:55': allOff, '9:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'the clock is set back by an hour while a start is counted down',
    rack: home(),
    happens: ['0:00 mains lost, 12 min of battery', '1:00 the clock is set back by 1 h', '6:30 mains back'],
    outcome: {
      runs: ['4:49 runtime: the battery lasts 7 min 11 s'],
      state: { '4:48': 'all up', '5:55': allOff, '9:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'the clock is set forward by an hour in a run whose battery is short: nothing is late because of that',
    rack: home(),
    happens: ['0:00 mains lost, 200 s of battery', '0:15 the clock is set forward by 1 h', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 3 min 14 s'],
      state: { '0:28': 'esx going down, web going down', '1:10': allOff, '4:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['what has had its usual time is not waited for'],
      never: ['given up unproven'],
    },
  },
  {
    name: 'the clock is set forward by a day while the return waits for stable power',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '1:30 mains back', '1:45 the clock is set forward by 24 h'],
    outcome: {
      runs: [first],
      state: { '2:30': allOff, '4:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'the clock is set back while Glidepath is away: the run counts as old, and the outage gets a new one at once',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 Glidepath is killed',
      '0:11 the clock is set back by 1 h',
      '0:30 Glidepath is started',
      '3:00 mains back',
    ],
    outcome: {
      // On battery for sure at 0:31, and five seconds later a run of its own may begin.
      runs: [first, '0:36 runtime: the battery lasts 5 min 24 s'],
      state: { '0:35': 'guests of esx', '1:20': allOff, '5:30': 'all up' },
      down: 'guests esx, maintenance esx, off web, off esx, off nas',
      back: allBack,
      ends: 'cancelled, done',
      says: ['with the clock set back', 'it is too old to go on'],
    },
  },
];
