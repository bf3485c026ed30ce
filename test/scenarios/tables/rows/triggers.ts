import { home, only, triggers } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const off = { enabled: false };
const nothing = { down: '', back: '', ends: '' };

export const triggerRows: Row[] = [
  {
    name: 'runtime off: the charge starts it, and it is said that the runtime would have',
    rack: home('runtime off', triggers({ runtime: off })),
    happens: ['0:00 mains lost, 12 min of battery', '10:00 mains back'],
    outcome: {
      // 30 % of 12 min are left after 8:24.
      runs: ['8:24 charge: the charge is 30 % and the floor is 30 %'],
      state: { '8:20': 'all up', '9:30': allOff, '13:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: [
        'and the plan must start at 7 min 11 s (it needs 5 min 45 s, times 1.25, at least 3 min), but that trigger is switched off',
      ],
    },
  },
  {
    name: 'charge on: a battery of an hour starts it at 30 %, long before its runtime would',
    rack: home(),
    happens: ['0:00 mains lost, 1 h of battery', '43:30 mains back'],
    outcome: {
      runs: ['42:00 charge: the charge is 30 % and the floor is 30 %'],
      state: { '41:59': 'all up', '43:10': allOff, '46:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'charge off: the same battery starts it by its runtime',
    rack: home('charge off', triggers({ charge: off })),
    happens: ['0:00 mains lost, 1 h of battery', '55:00 mains back'],
    outcome: {
      // 7 min 11 s of 60 min are left after 52:49.
      runs: ['52:49 runtime: the battery lasts 7 min 11 s and the plan must start at 7 min 11 s'],
      state: { '52:45': 'all up', '54:00': allOff, '60:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['the charge is 30 % and the floor is 30 %, but that trigger is switched off'],
    },
  },
  {
    name: 'time on battery on: it starts after two minutes, however much is left',
    rack: home('2 min on battery', triggers({ onBattery: { enabled: true, seconds: 120 } })),
    happens: ['0:00 mains lost, 2 h of battery', '4:00 mains back'],
    outcome: {
      runs: ['2:01 on-battery: on battery for 2 min of 2 min'],
      state: { '2:00': 'all up', '3:15': allOff, '6:40': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'time on battery on, and the mains are back a second before',
    rack: home('2 min on battery', triggers({ onBattery: { enabled: true, seconds: 120 } })),
    happens: ['0:00 mains lost, 2 h of battery', '2:00 mains back'],
    outcome: {
      runs: [],
      state: { '5:00': 'all up' },
      ...nothing,
      says: ['The outage is over after 2 min, and no run was started'],
    },
  },
  {
    name: 'low battery on: it starts when the UPS has said so for five seconds',
    rack: home('low battery alone', only({ lowBattery: {} })),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '1:00 it says that its battery is low',
      '3:00 mains back',
      '3:00 it says no more that its battery is low',
    ],
    outcome: {
      runs: ['1:06 low-battery: Back-UPS says that its battery is low'],
      state: { '1:05': 'all up', '2:10': allOff, '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'low battery on, and the UPS says so for three seconds when it goes to battery, as some do',
    rack: home('low battery alone', only({ lowBattery: {} })),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '0:00 it says that its battery is low',
      '0:03 it says no more that its battery is low',
      '3:00 mains back',
    ],
    outcome: {
      runs: [],
      state: { '4:00': 'all up' },
      ...nothing,
      says: ['before the UPS says that its battery is low'],
    },
  },
  {
    name: 'low battery off: it is said, and starts nothing',
    rack: home('low battery off', triggers({ lowBattery: off })),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '1:00 it says that its battery is low',
      '5:00 mains back',
      '5:00 it says no more that its battery is low',
    ],
    outcome: {
      runs: [],
      state: { '6:00': 'all up' },
      ...nothing,
      says: ['Back-UPS says that its battery is low, but that trigger is switched off'],
    },
  },
  {
    name: 'forced shutdown on: a NUT primary tells everybody to go down, and it does so at once',
    rack: home('forced shutdown alone', only({ forced: {} })),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '0:30 its server says that everybody must shut down',
      '2:00 mains back',
      '2:30 its server says so no more',
    ],
    outcome: {
      runs: ['0:32 forced-shutdown: Back-UPS is told by its server that everybody must shut down'],
      state: { '0:31': 'all up', '1:36': allOff, '2:55': allOff, '5:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['Waiting for the server of Back-UPS, which still says that everybody must shut down'],
    },
  },
  {
    name: 'forced shutdown on, while the mains are there: a primary knows what it does',
    rack: home(),
    happens: ['0:30 its server says that everybody must shut down', '3:00 its server says so no more'],
    outcome: {
      runs: ['0:32 forced-shutdown: Back-UPS is told by its server that everybody must shut down'],
      state: { '1:36': allOff, '2:59': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'forced shutdown off: it is said, and starts nothing',
    rack: home('forced shutdown off', triggers({ forced: off })),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '0:30 its server says that everybody must shut down',
      '2:00 mains back',
      '2:00 its server says so no more',
    ],
    outcome: {
      runs: [],
      state: { '4:00': 'all up' },
      ...nothing,
      says: ['that everybody must shut down, but that trigger is switched off'],
    },
  },
  {
    name: 'the UPS tells neither runtime nor charge: a minute on battery is all that is waited for',
    rack: home('a UPS that tells nothing', {}, { tells: 'nothing' }),
    happens: ['0:00 mains lost, 20 min of battery', '3:00 mains back'],
    outcome: {
      runs: ['1:01 on-battery: on battery for 1 min, and Back-UPS tells nothing by which it could be judged'],
      state: { '1:00': 'all up', '2:05': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'silence on: a UPS that never told its runtime falls silent on battery, and is waited for a quarter of a minute',
    rack: home('a UPS that tells nothing', {}, { tells: 'nothing' }),
    happens: [
      '0:00 mains lost, 20 min of battery',
      '0:20 it says nothing more',
      '3:00 mains back',
      '3:00 it speaks again',
    ],
    outcome: {
      runs: ['0:35 low-battery: no answer for 15 s on battery, and the runtime was never told'],
      state: { '0:34': 'all up', '1:40': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'silence off: the same UPS falls silent, and nothing is started',
    rack: home('a UPS that tells nothing, silence off', triggers({ silent: off }), { tells: 'nothing' }),
    happens: [
      '0:00 mains lost, 20 min of battery',
      '0:20 it says nothing more',
      '3:00 mains back',
      '3:00 it speaks again',
    ],
    outcome: {
      runs: [],
      state: { '5:00': 'all up' },
      ...nothing,
      says: ['no answer for 15 s on battery, and the runtime was never told, but that trigger is switched off'],
    },
  },
  {
    name: 'everything off: nothing is started, and that is said',
    rack: home('every trigger off', only()),
    happens: ['0:00 mains lost, 5 min of battery', '4:50 mains back'],
    outcome: {
      runs: [],
      state: { '4:49': 'all up', '6:00': 'all up' },
      ...nothing,
      says: ['but that trigger is switched off'],
      never: ['started: '],
    },
  },
  {
    name: 'nothing is started in the first minute, if the user says so',
    rack: home('settles for 60 s', triggers({ settle: 60 })),
    happens: ['0:00 mains lost, 6 min of battery', '3:00 mains back'],
    outcome: {
      runs: ['1:01 runtime: the battery lasts 4 min 59 s and the plan must start at 7 min 11 s'],
      state: { '1:00': 'all up', '2:05': allOff, '5:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'a larger factor starts it earlier',
    rack: home('twice what the plan needs', triggers({ runtime: { factor: 2 } })),
    happens: ['0:00 mains lost, 12 min of battery', '2:30 mains back'],
    outcome: {
      // 690 of 720 s.
      runs: ['0:30 runtime: the battery lasts 11 min and the plan must start at 11 min (it needs 5 min 45 s, times 2'],
      state: { '0:29': 'all up', '1:35': allOff, '5:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'a plan that is not armed decides and does nothing',
    rack: home('not armed', {}, { isArmed: false }),
    happens: ['0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: [],
      state: { '1:59': 'all up', '3:00': 'all up' },
      ...nothing,
      says: ['not-armed: Not armed, so nothing is done. It would have started: the battery lasts 5 min 54 s'],
    },
  },
  {
    name: 'a calibration discharges the battery while the mains are there, and is no outage',
    rack: home(),
    happens: ['0:00 it calibrates itself down to 20 %', '10:00 its test is over'],
    outcome: {
      runs: [],
      state: { '9:59': 'all up', '12:00': 'all up' },
      ...nothing,
      never: ['held-back', 'started: '],
    },
  },
  {
    name: 'a self-test is no outage, though the UPS does not say that the mains are there',
    rack: home(),
    happens: ['0:00 it tests itself', '0:12 its test is over'],
    outcome: { runs: [], state: { '0:11': 'all up', '3:00': 'all up' }, ...nothing, never: ['held-back', 'started: '] },
  },
  {
    name: 'the mains fail during a calibration: then it is an outage',
    rack: home(),
    happens: [
      '0:00 it calibrates itself down to 20 %',
      '1:00 its test is over',
      '1:00 mains lost, 2 min of battery, 20 % charged',
      '2:20 mains back',
    ],
    outcome: {
      runs: ['1:06 runtime: the battery lasts 1 min 54 s'],
      state: { '1:05': 'all up', '2:10': allOff, '8:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'a test of the battery is refused while it is needed, and given when it is not',
    rack: home(),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '1:00 by hand: test the battery',
      '2:00 mains back',
      '2:10 by hand: test the battery',
      '60:00 by hand: test the battery',
    ],
    outcome: {
      runs: [],
      state: { '60:01': 'all up' },
      ...nothing,
      says: [
        'refused at 1:00: test the battery: it is not known to be on mains',
        'refused at 2:10: test the battery: the mains came back 9 s ago, and may fail again',
        'orders to the UPS: test.battery.start.quick null',
      ],
    },
  },
  {
    name: 'one report of zeros on battery starts nothing',
    rack: home(),
    happens: [
      '0:00 mains lost, 2 h of battery',
      '1:00 it says 0 s and 0 %',
      '1:05 it says the truth again',
      '3:00 mains back',
    ],
    outcome: { runs: [], state: { '4:00': 'all up' }, ...nothing, never: ['started: '] },
  },
  {
    name: 'a battery that collapses is believed when it has lasted twelve seconds',
    rack: home(),
    happens: ['0:00 mains lost, 2 h of battery', '1:00 mains lost, 2 min of battery', '4:00 mains back'],
    outcome: {
      // Empty from 3:00 on, so that a quarter is back at 9:00.
      runs: ['1:12 runtime: the battery lasts'],
      state: { '1:11': 'all up', '2:15': allOff, '8:59': allOff, '10:40': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
];
