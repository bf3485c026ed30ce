import { rackSequence } from '../../../fakes/rack-samples.ts';
import { home } from '../racks.ts';
import type { Row } from '../row.ts';
import { allBack, allDown, allOff } from './power.ts';

const stopsAtFailure = home('nothing comes after a stage that failed', {
  stages: rackSequence().stages.map((stage) => ({ ...stage, onFailure: 'stop' })),
});

export const hostRows: Row[] = [
  {
    name: 'a host hangs: it is given up at its limit, asked once, and the others go down',
    rack: home(),
    happens: ['0:00 web hangs', '0:00 mains lost, 12 min of battery', '11:00 mains back', '11:00 web is well again'],
    outcome: {
      runs: ['4:49 runtime: the battery lasts'],
      // esx and web are told at 5:09; web has four minutes, then the nas goes.
      state: { '5:31': 'esx', '9:08': 'esx', '9:12': 'esx, nas going down', '9:32': 'esx, nas', '18:00': 'all up' },
      down: allDown,
      back: 'wake nas, wake esx, leave maintenance esx, start guests esx',
      ends: 'failed',
      says: ['fault: off-web limit-reached'],
    },
  },
  {
    name: 'a host hangs and the battery is short: it is given up while there is still time for the nas',
    rack: home(),
    happens: ['0:00 web hangs', '0:00 mains lost, 4 min of battery'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 3 min 54 s'],
      // The nas needs 90 s: at 2:31 there are 89 left, and five seconds later that is sure.
      state: { '2:30': 'esx', '2:38': 'esx, nas going down', '3:00': 'esx, nas', '4:05': allOff },
      down: allDown,
      back: '',
      ends: 'waiting for the return',
      cut: 'web',
      says: ['journal: off-web failed: given up unproven: it has had more than its usual 1 min'],
    },
  },
  {
    name: 'the same with a plan that gives nothing up: the nas is cut as well',
    rack: home('gives nothing up', { shed: [] }),
    happens: ['0:00 web hangs', '0:00 mains lost, 4 min of battery'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts 3 min 54 s'],
      state: { '3:59': 'esx', '4:05': allOff },
      down: 'guests esx, maintenance esx, off web, off esx',
      back: '',
      ends: 'going down',
      cut: 'web, nas',
      never: ['given up unproven'],
    },
  },
  {
    name: 'a host refuses: it is not asked twice, the others go down',
    rack: home(),
    happens: ['0:00 web refuses', '0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      // A host that was told and is on may still be going down: it is looked at for two minutes.
      state: { '0:48': 'esx, nas going down', '1:10': 'esx, nas', '4:30': 'all up', '6:00': 'all up' },
      down: 'guests esx, maintenance esx, off esx, off nas',
      back: 'wake nas, wake esx, leave maintenance esx, start guests esx',
      ends: 'failed',
      says: ['journal: off-web failed: a password is required'],
      never: ['off-web attempt 2'],
    },
  },
  {
    name: 'a host lies: it says yes and stays on, so it is not called off',
    rack: home(),
    happens: ['0:00 web says yes and does nothing', '0:00 mains lost, 12 min of battery', '11:00 mains back'],
    outcome: {
      runs: ['4:49 runtime: the battery lasts'],
      state: { '9:08': 'esx', '9:32': 'esx, nas', '18:00': 'all up' },
      down: allDown,
      back: 'wake nas, wake esx, leave maintenance esx, start guests esx',
      ends: 'failed',
      says: ['journal: off-web failed: not proven within 4 min; last seen: port 22 is open'],
    },
  },
  {
    name: 'a host is off before: nothing is sent to it, and it stays off',
    rack: home(),
    happens: ['0:00 web is off', '0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '1:10': allOff, '5:00': 'web' },
      down: 'guests esx, maintenance esx, off esx, off nas',
      back: 'wake nas, wake esx, leave maintenance esx, start guests esx',
      ends: 'done',
      says: [
        'journal: off-web already',
        'journal: wake-web skipped: left as it was: this run did not switch the host off',
      ],
    },
  },
  {
    name: 'a host switches itself on again during the outage: it is not told twice, and not woken',
    rack: home(),
    happens: [
      '0:00 web will switch itself on 10 s after it is off',
      '0:00 mains lost, 6 min of battery',
      '3:00 mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: {
        '0:50': 'esx, web, nas going down',
        '1:20': 'esx, web booting, nas',
        '1:40': 'esx, nas',
        '6:00': 'all up',
      },
      down: allDown,
      back: 'wake nas, wake esx, leave maintenance esx, start guests esx',
      ends: 'done',
      says: ['journal: wake-web already'],
    },
  },
  {
    name: 'a host has another key: nothing is sent to it, and it is said',
    rack: home(),
    happens: ['0:00 web has another host key', '0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '1:10': 'esx, nas', '6:00': 'all up' },
      down: 'guests esx, maintenance esx, off esx, off nas',
      back: 'wake nas, wake esx, leave maintenance esx, start guests esx',
      ends: 'failed',
      says: ['fault: off-web host-key-changed', 'off-web failed: another host key than the pinned one'],
    },
  },
  {
    name: 'the hypervisor has another key: it keeps its guests and stays on',
    rack: home(),
    happens: ['0:00 esx has another host key', '0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '1:00': 'web, nas', '4:30': 'all up' },
      down: 'off web, off nas',
      back: 'wake nas, wake web',
      ends: 'failed',
      says: [
        'fault: guests-esx host-key-changed',
        'off-esx skipped: not begun: it needs mm-esx, which did not end well',
      ],
    },
  },
  {
    name: 'a host cannot be reached for a while: it is told as soon as it can be',
    rack: home(),
    happens: [
      '0:00 web cannot be reached',
      '0:00 mains lost, 6 min of battery',
      '0:50 web is well again',
      '3:00 mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      // Tried at 0:26 and 0:28, then looked at for 25 s and tried again at 0:53.
      state: { '0:52': 'esx', '0:56': 'esx, web going down', '1:40': allOff, '6:00': 'all up' },
      down: 'guests esx, maintenance esx, off esx, off web, off nas',
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'a host is slow: the nas waits for it',
    rack: home(),
    happens: ['0:00 web takes 60 s longer', '0:00 mains lost, 6 min of battery', '3:30 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '1:45': 'esx, web going down', '1:48': 'esx, web, nas going down', '2:10': allOff, '7:30': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'a host still answers when it should be woken, and goes off only then: it is woken all the same',
    rack: home(),
    happens: [
      '0:00 web answers for 320 s after it is told to go off',
      '0:00 mains lost, 6 min of battery',
      '3:00 mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      // Told at 0:26, given up at 4:26, looked at again from 5:26 on, off at 5:46.
      state: { '4:20': 'esx', '4:40': 'esx, nas going down', '5:30': 'esx booting', '7:30': 'all up' },
      down: allDown,
      back: 'wake nas, wake esx, wake web, leave maintenance esx, start guests esx',
      ends: 'failed',
      says: ['fault: off-web limit-reached'],
    },
  },
  {
    name: 'a hypervisor is off before, and no step may fail: the others go down all the same',
    rack: stopsAtFailure,
    happens: ['0:00 esx is off', '0:00 mains lost, 6 min of battery', '2:00 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '1:59': allOff, '6:00': 'esx' },
      down: 'off web, off nas',
      back: 'wake nas, wake web',
      ends: 'done',
    },
  },
  {
    name: 'the cable of a hypervisor is pulled for a quarter of a minute, just then: its guests are asked all the same',
    rack: stopsAtFailure,
    happens: [
      '0:00 the cable of esx is pulled',
      '0:00 mains lost, 6 min of battery',
      '0:17 esx is well again',
      '2:30 mains back',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '2:29': allOff, '7:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
    },
  },
  {
    name: 'the mains fail again during the return, no step may fail, and the hypervisor is still off: the nas goes down again',
    rack: stopsAtFailure,
    happens: ['0:00 mains lost, 6 min of battery', '1:30 mains back', '3:00 mains lost'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts', '3:06 runtime: the battery lasts'],
      state: { '2:20': allOff, '3:50': allOff, '9:00': allOff },
      down: `${allDown}, off nas`,
      back: 'wake nas',
      ends: 'done, waiting for the return',
    },
  },
  {
    name: 'the first magic packets do not get out: it is tried again until they do',
    rack: home(),
    happens: [
      '0:00 mains lost, 6 min of battery',
      '1:30 no magic packet leaves this computer',
      '1:30 mains back',
      '4:00 magic packets leave again',
    ],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      // At most 15 s between two attempts.
      state: { '4:00': allOff, '4:16': 'esx, web, nas booting', '6:00': 'all up' },
      down: allDown,
      back: allBack,
      ends: 'done',
      says: ['no magic packet left this computer'],
    },
  },
  {
    name: 'the nas never wakes: it is given up after ten minutes, and the others come back',
    rack: home(),
    happens: ['0:00 mains lost, 6 min of battery', '1:20 nas says yes and does nothing', '1:30 mains back'],
    outcome: {
      runs: ['0:06 runtime: the battery lasts'],
      state: { '12:30': allOff, '13:30': 'nas' },
      down: allDown,
      back: allBack,
      ends: 'failed',
      says: ['fault: wake-nas limit-reached'],
    },
  },
];
