import { home } from '../racks.ts';
import type { Row } from '../row.ts';

/** Everything that goes down, and comes back, when nothing goes wrong. */
export const allDown = 'guests esx, maintenance esx, off web, off esx, off nas';
export const allBack = 'wake nas, wake esx, wake web, leave maintenance esx, start guests esx';
export const allOff = 'esx, web, nas';

const small = 'the battery lasts 5 min 54 s and the plan must start at 7 min 11 s (it needs 5 min 45 s, times 1.25';

export const power: Row[] = [
  {
    name: 'a flicker of two seconds on a battery that is smaller than the plan likes',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:02 mains back'],
    outcome: {
      runs: [],
      state: { '0:10': 'all up', '3:00': 'all up' },
      down: '',
      back: '',
      ends: '',
      says: ['nothing: The outage is over after 2 s, and no run was started'],
    },
  },
  {
    name: 'a dip that only one report told of',
    rack: home(),
    happens: ['0:00 mains lost, 1 min of battery', '0:00 mains back'],
    outcome: {
      runs: [],
      state: { '2:00': 'all up' },
      down: '',
      back: '',
      ends: '',
      never: ['held-back', 'outage is over'],
    },
  },
  {
    name: 'three flickers within half a minute',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:03 mains back',
      '0:10 mains lost',
      '0:13 mains back',
      '0:20 mains lost',
      '0:23 mains back',
    ],
    outcome: { runs: [], state: { '3:00': 'all up' }, down: '', back: '', ends: '' },
  },
  {
    name: 'the mains come back just before the five seconds are over in which nothing is started',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:05 mains back'],
    outcome: { runs: [], state: { '3:00': 'all up' }, down: '', back: '', ends: '', never: ['started: '] },
  },
  {
    name: 'a long outage: it waits as long as is safe, goes down in order, and comes back when the battery is charged',
    rack: home(),
    happens: ['0:00 mains lost, 12 min of battery', '40:00 mains back'],
    outcome: {
      runs: ['4:49 runtime: the battery lasts 7 min 11 s and the plan must start at 7 min 11 s (it needs 5 min 45 s'],
      state: {
        '4:48': 'all up',
        '5:05': 'vm1 of esx',
        '5:12': 'esx going down, web going down',
        '5:31': 'esx, web, nas going down',
        '5:52': allOff,
        '44:55': allOff,
        '46:40': 'all up',
      },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: [
        'held-back: Starts in 4 min',
        'journal: point of no return passed',
        'journal: all 5 steps are proven',
        'Waiting for the battery: ',
        'return-begun: Power stable for',
      ],
    },
  },
  {
    name: 'an outage of half an hour on a battery that lasts two',
    rack: home(),
    happens: ['0:00 mains lost, 2 h of battery', '30:00 mains back'],
    outcome: {
      runs: [],
      state: { '29:59': 'all up', '31:00': 'all up' },
      down: '',
      back: '',
      ends: '',
      says: ['held-back: Starts in ', 'nothing: The outage is over after 30 min, and no run was started'],
    },
  },
  {
    name: 'back before the point of no return: nothing is powered off, the guests are started again',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:15 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      state: { '0:28': 'guests of esx', '1:10': 'guests of esx', '1:20': 'all up' },
      down: 'guests esx',
      back: 'start guests esx',
      ends: 'cancelled',
      says: ['cancelled: Cancelled: the mains are back before the point of no return', 'not begun: the mains are back'],
      never: ['point of no return passed'],
    },
  },
  {
    name: 'back in the last second before the point of no return',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:24 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      state: { '0:30': 'guests of esx', '1:30': 'all up' },
      down: 'guests esx',
      back: 'start guests esx',
      ends: 'cancelled',
      never: ['point of no return passed'],
    },
  },
  {
    name: 'back just after the point of no return: the run is completed, then everything comes back',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:28 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      state: { '0:48': 'esx, web, nas going down', '1:08': allOff, '1:27': allOff, '3:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['return-begun: Power stable for 1 min'],
      never: ['Cancelled'],
    },
  },
  {
    name: 'back while the last host goes down',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:55 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      state: { '1:10': allOff, '1:53': allOff, '3:25': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      never: ['Cancelled'],
    },
  },
  {
    name: 'back for a quarter of a minute after the run, then gone again: nothing is woken in between',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '2:00 mains back', '2:45 mains lost', '2:55 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`, '2:51 runtime: the battery lasts'],
      state: { '3:50': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      // What there is to shut down is off already, so the second run can prove nothing of it, and is past its line at once.
      ends: 'done, done',
      says: ['Waiting for stable power'],
    },
  },
  {
    name: 'the return waits until the battery is charged',
    rack: home('home, returning at 90 %', { returnWhen: { stableSeconds: 60, charge: 90 } }),
    happens: ['0:00 mains lost, 6 min of battery', '1:30 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      // 90 of 360 s are used: 75 % are left, and 15 % take three minutes.
      state: { '1:10': allOff, '4:25': allOff, '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['return-waits: Waiting for the battery: 75 % of 90 %'],
    },
  },
  {
    name: 'the return waits until the power has been stable for ten minutes',
    rack: home('home, returning after 10 min', { returnWhen: { stableSeconds: 600, charge: 25 } }),
    happens: ['0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      state: { '11:59': allOff, '13:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['of 10 min', 'return-begun: Power stable for 10 min'],
    },
  },
  {
    name: 'a blip during the return: it stops and goes on from there',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '1:30 mains back', '2:50 mains lost', '2:53 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`],
      // Begun at 2:31, the nas is on at 3:11; then a minute of stable power from 2:54 on.
      state: { '3:20': 'esx, web', '3:50': 'esx, web', '4:45': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['return-halted: The power has failed again', 'journal: The return goes on: Power stable for 1 min'],
    },
  },
  {
    name: 'the mains fail again during the return, with only the nas awake: it goes down again, and all comes back',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '1:30 mains back', '3:00 mains lost', '6:00 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`, '3:06 runtime: the battery lasts'],
      state: { '3:05': 'esx, web, nas booting', '3:50': allOff, '5:59': allOff, '8:30': 'all up' },
      down: `${allDown}, off nas`,
      back: `wake nas, ${allBack}`,
      ends: 'done, done',
      says: [
        'return-halted: The power has failed again',
        'journal: gave way to a new run, which brings back what this one still owes',
      ],
    },
  },
  {
    name: 'the mains fail again during the return, with everything on but the guests just started',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '1:30 mains back', '3:55 mains lost', '6:00 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`, '4:01 runtime: the battery lasts'],
      state: { '3:54': 'all up', '4:23': 'esx going down, web going down', '5:10': allOff, '8:30': 'all up' },
      down: `${allDown}, ${allDown}`,
      back: `${allBack}, ${allBack}`,
      ends: 'done, done',
    },
  },
  {
    name: 'twice in a row: the first is cancelled, the second a minute later gets a run of its own',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '0:15 mains back', '0:45 mains lost', '4:00 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`, '0:51 runtime: the battery lasts'],
      state: { '0:40': 'guests of esx', '1:35': allOff, '6:30': 'all up' },
      // The guests are off already; the second run owes their start to the first.
      down: 'guests esx, maintenance esx, off web, off esx, off nas',
      back: allBack,
      ends: 'cancelled, done',
    },
  },
  {
    name: 'twice in a row, each to its end',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '2:00 mains back', '10:00 mains lost', '12:00 mains back'],
    outcome: {
      runs: [`0:06 runtime: ${small}`, '10:06 runtime: the battery lasts'],
      state: { '9:59': 'all up', '11:30': allOff, '15:00': 'all up' },
      down: `${allDown}, ${allDown}`,
      back: `${allBack}, ${allBack}`,
      ends: 'done, done',
    },
  },
  {
    name: 'one outage gets one run: stopped by hand, it is not started again until the mains have been back',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '0:10 by hand: stop',
      '2:30 mains back',
      '4:30 mains lost',
      '5:30 mains back',
    ],
    outcome: {
      runs: [`0:06 runtime: ${small}`, '4:36 runtime: the battery lasts'],
      state: { '2:29': 'guests of esx', '4:20': 'all up', '5:45': allOff, '8:30': 'all up' },
      down: `guests esx, ${allDown}`,
      back: `start guests esx, ${allBack}`,
      ends: 'cancelled, done',
      says: ['cancelled: Cancelled: stopped by hand', 'return-waits: Waiting for the power: Back-UPS is not on mains'],
    },
  },
];
