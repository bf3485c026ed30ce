import { home } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const first = '0:06 runtime: the battery lasts 5 min 54 s';

export const ourselves: Row[] = [
  {
    name: 'killed while a start is counted down',
    rack: home(),
    happens: [
      '0:00 mains lost, 12 min of battery',
      '2:00 Glidepath is killed',
      '2:10 Glidepath is started',
      '6:30 mains back',
    ],
    outcome: {
      runs: ['4:49 runtime: the battery lasts 7 min 11 s'],
      state: { '4:48': 'all up', '5:55': allOff, '9:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed while a start is counted down, and started again when it is overdue',
    rack: home(),
    happens: [
      '0:00 mains lost, 12 min of battery',
      '2:00 Glidepath is killed',
      '6:00 Glidepath is started',
      '8:00 mains back',
    ],
    outcome: {
      // On battery for sure at 6:01, and five seconds later it may begin.
      runs: ['6:06 runtime: the battery lasts 5 min 54 s'],
      state: { '5:59': 'all up', '7:10': allOff, '10:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed while the guests go down',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 Glidepath is killed',
      '0:15 Glidepath is started',
      '2:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '0:28': 'esx going down, web going down', '1:10': allOff, '4:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['journal: Glidepath was started again after', 'first the UPS is asked where the power comes from'],
    },
  },
  {
    name: 'killed while the guests go down, and away until long after they are off',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 Glidepath is killed',
      '1:00 Glidepath is started',
      '3:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '0:59': 'guests of esx', '1:04': 'esx going down, web going down', '1:45': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed while orders are on their way: what has arrived in the meantime is not sent again',
    rack: home(),
    happens: [
      '0:00 an order takes 5 s to be taken',
      '0:00 mains lost, 6 min of battery',
      '0:33 Glidepath is killed',
      '1:10 Glidepath is started',
      '3:00 mains back',
    ],
    outcome: {
      runs: [first],
      // The guests are off at 0:31; maintenance and web are ordered then, and web is off at 0:56.
      state: {
        '0:32': 'guests of esx',
        '1:09': 'guests of esx, maintenance of esx, web',
        '1:17': 'esx going down, web',
        '2:05': allOff,
        '6:00': 'all up',
      },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['past its point of no return, it is completed', 'journal: off-web done'],
    },
  },
  {
    name: 'killed while an order is on its way, and the host still answers: it is looked at, then told again',
    rack: home(),
    happens: [
      '0:00 an order takes 5 s to be taken',
      '0:00 web takes 60 s longer',
      '0:00 mains lost, 6 min of battery',
      '0:33 Glidepath is killed',
      '0:40 Glidepath is started',
      '3:30 mains back',
    ],
    outcome: {
      runs: [first],
      // web went down at 0:36, is told again at 0:45, and is off at 1:56.
      state: { '0:46': 'esx going down, web going down', '2:30': allOff, '8:00': 'all up' },
      down: 'guests esx, maintenance esx, off web, off web, off esx, off nas',
      back: allBack,
      ends: 'done',
      says: ['journal: off-web attempt 2'],
    },
  },
  {
    name: 'killed past the point of no return',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:30 Glidepath is killed',
      '0:40 Glidepath is started',
      '2:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '0:48': 'esx, web, nas going down', '1:10': allOff, '4:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['past its point of no return, it is completed'],
    },
  },
  {
    name: 'killed past the point of no return, and away while the last hosts should have gone',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:30 Glidepath is killed',
      '3:00 Glidepath is started',
      '4:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '2:59': 'esx, web', '3:05': 'esx, web, nas going down', '3:25': allOff, '7:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed while the last host goes down',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:55 Glidepath is killed',
      '3:00 Glidepath is started',
      '4:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '1:10': allOff, '4:55': allOff, '6:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed while it waits for the power, and started after the mains are back',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '1:30 Glidepath is killed',
      '2:00 mains back',
      '3:00 Glidepath is started',
    ],
    outcome: {
      runs: [first],
      // The minute of stable power is counted from when somebody listens.
      state: { '3:59': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['it goes on with the return'],
    },
  },
  {
    name: 'killed in the middle of the return',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '1:30 mains back',
      '3:20 Glidepath is killed',
      '3:30 Glidepath is started',
    ],
    outcome: {
      runs: [first],
      // esx and web have been woken at 3:11 and are on at 3:51.
      state: { '3:40': 'esx booting, web booting', '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed before the line, and the mains are back when it is started: nothing more is sent',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 Glidepath is killed',
      '0:20 mains back',
      '0:40 Glidepath is started',
    ],
    outcome: {
      runs: [first],
      state: { '0:50': 'guests of esx', '2:00': 'all up' },
      down: 'guests esx',
      back: 'start guests esx',
      ends: 'cancelled',
      says: ['cancelled: Cancelled: the mains are back before the point of no return'],
    },
  },
  {
    name: 'killed past the line, and the mains are back when it is started: it is completed, then everything comes back',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:30 Glidepath is killed',
      '0:35 mains back',
      '1:00 Glidepath is started',
    ],
    outcome: {
      runs: [first],
      state: { '0:59': 'esx, web', '1:05': 'esx, web, nas going down', '1:25': allOff, '4:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed twice',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 Glidepath is killed',
      '0:15 Glidepath is started',
      '0:35 Glidepath is killed',
      '0:40 Glidepath is started',
      '2:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '0:48': 'esx, web, nas going down', '1:10': allOff, '4:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'killed before the line, and no UPS speaks when it is started: it waits for half a minute, then goes on',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 Glidepath is killed',
      '0:15 USB cable pulled',
      '0:20 Glidepath is started',
      '3:00 mains back',
      '3:00 USB cable plugged in',
    ],
    outcome: {
      runs: [first],
      state: { '0:49': 'guests of esx', '0:52': 'esx going down, web going down', '1:35': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['Waiting for the UPS to say where the power comes from'],
    },
  },
  {
    name: 'stopped by hand, then killed: it stays stopped',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 by hand: stop',
      '0:12 Glidepath is killed',
      '0:20 Glidepath is started',
      '3:00 mains back',
    ],
    outcome: {
      runs: [first],
      state: { '2:59': 'guests of esx', '4:10': 'all up' },
      down: 'guests esx',
      back: 'start guests esx',
      ends: 'cancelled',
    },
  },
  {
    name: 'killed during a run by hand on mains: it goes on, and wakes nothing',
    rack: home(),
    happens: ['0:00 by hand: start now', '0:05 Glidepath is killed', '0:10 Glidepath is started'],
    outcome: {
      runs: ['0:00 by-hand: Started by hand, on mains: nothing is woken by itself afterwards'],
      state: { '0:22': 'esx going down, web going down', '1:10': allOff, '5:00': allOff },
      down: allDown,
      back: '',
      ends: 'done',
      says: ['it was begun by hand and goes on'],
    },
  },
];
