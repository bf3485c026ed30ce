import { home, triggers } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const twoMinutes = home('2 min on battery', triggers({ onBattery: { enabled: true, seconds: 120 } }));

export const away: Row[] = [
  {
    name: 'killed before the line and away for a quarter of an hour: an old run sends nothing more',
    rack: twoMinutes,
    happens: [
      '0:00 mains lost, 2 h of battery',
      '2:05 Glidepath is killed',
      '17:00 Glidepath is started',
      '18:00 mains back',
    ],
    outcome: {
      runs: ['2:01 on-battery: on battery for 2 min'],
      state: { '16:59': 'guests of esx', '17:59': 'guests of esx', '19:10': 'all up' },
      down: 'guests esx',
      back: 'start guests esx',
      ends: 'cancelled',
      says: ['it is too old to go on: what it did is brought back, and a new outage gets a run of its own'],
    },
  },
  {
    name: 'killed before the line and away for a quarter of an hour, and the outage goes on: it gets a run of its own',
    rack: twoMinutes,
    happens: [
      '0:00 mains lost, 2 h of battery',
      '2:05 Glidepath is killed',
      '17:00 Glidepath is started',
      '22:00 mains back',
    ],
    outcome: {
      // What went on before it was started it cannot know: two minutes from 17:01.
      runs: ['2:01 on-battery: on battery for 2 min', '19:01 on-battery: on battery for 2 min'],
      state: { '19:00': 'guests of esx', '20:00': allOff, '25:00': 'all up' },
      down: 'guests esx, maintenance esx, off web, off esx, off nas',
      back: allBack,
      ends: 'cancelled, done',
    },
  },
  {
    name: 'killed past the line and away for a quarter of an hour, and the outage goes on: a new run takes the rest',
    rack: twoMinutes,
    happens: [
      '0:00 mains lost, 2 h of battery',
      '2:30 Glidepath is killed',
      '17:00 Glidepath is started',
      '22:00 mains back',
    ],
    outcome: {
      runs: ['2:01 on-battery: on battery for 2 min', '19:01 on-battery: on battery for 2 min'],
      state: { '19:00': 'esx, web', '19:40': allOff, '25:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'cancelled, done',
      says: ['it is too old to go on'],
    },
  },
  {
    name: 'killed while it waits for the power, and away for an hour in which it comes back',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '1:30 Glidepath is killed',
      '2:00 mains back',
      '62:00 Glidepath is started',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 5 min 54 s'],
      state: { '62:55': allOff, '64:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
];
