import type { Host } from '../../../../shared/inventory.ts';
import { many, plan, type Rack, triggers, upsA, upsB } from '../racks.ts';
import type { Row } from '../row.ts';

const afterOneMinute = triggers({ onBattery: { enabled: true, seconds: 60 } });
const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const turnOff = (patch: object = {}) => ({ id: 'ups-off', kind: 'ups-off', ups: upsA.id, delay: 60, ...patch });

/** As a shutdown script does it: all is down, then the UPS is told. */
const late = plan(
  'the UPS last, 1 min after the hosts',
  many('web', 'nas'),
  [{ steps: [off('web')] }, { steps: [off('nas')] }, { steps: [turnOff()] }],
  { pointOfNoReturn: 's2', ...afterOneMinute },
);
const early = (delay: number, more: Record<string, unknown> = {}): Rack =>
  plan(
    `the UPS at once, off after ${delay} s, beside web, then nas`,
    many('web', 'nas'),
    [{ steps: [turnOff({ delay, ...more }), off('web')] }, { steps: [off('nas')] }],
    afterOneMinute,
  );
const start = '1:01 on-battery: on battery for 1 min';

/** web on the first UPS, nas on the second. */
const onTwo = (title: string, stages: Record<string, unknown>[]): Rack => {
  const hosts = many('web', 'nas').map((host): Host => {
    return { ...host, fedBy: { upses: [host.id === 'web' ? upsA.id : upsB.id], need: 'any' } };
  });
  const last = { steps: [{ id: 'end', kind: 'wait', seconds: 1 }] };
  return { ...plan(title, hosts, [...stages, last], { scope: 'critical', ...afterOneMinute }), hasSecond: true };
};
const [first, second] = [turnOff({ delay: 120 }), turnOff({ id: 'ups-off-2', ups: upsB.id, delay: 120 })];
const two = onTwo('web on Back-UPS, nas on Rack UPS, both turned off', [
  { steps: [off('web'), off('nas'), first, second] },
]);
const both = 'turn off Back-UPS, off web, off nas';
const back = 'wake web, wake nas';

export const upsOffRows: Row[] = [
  {
    name: 'late, after everything: nobody is cut, and the hosts come back with it',
    rack: late,
    happens: ['0:00 mains lost, 1 h of battery', '5:00 mains back'],
    outcome: {
      runs: [start],
      state: { '2:50': 'web, nas', '5:00': 'web, nas', '9:00': 'all up' },
      down: 'off web, off nas, turn off Back-UPS',
      back,
      ends: 'done',
      says: ['ups-off done: it turns off in 1 min', 'Back-UPS'],
    },
  },
  {
    name: 'early, beside everything, and all are down in time: nobody is cut',
    rack: early(120),
    happens: ['0:00 mains lost, 1 h of battery', '5:00 mains back'],
    outcome: { runs: [start], state: { '2:50': 'web, nas', '9:00': 'all up' }, down: both, back, ends: 'done' },
  },
  {
    name: 'early, beside everything, and a host is slow: it is cut hard by the fixed clock',
    rack: early(60),
    happens: ['0:00 mains lost, 1 h of battery', '0:00 nas takes 2 min longer', '5:00 mains back'],
    outcome: {
      runs: [start],
      state: { '1:59': 'web, nas going down', '2:03': 'web, nas', '12:00': 'all up' },
      down: both,
      back,
      ends: 'done',
      cut: 'nas',
    },
  },
  {
    name: 'cancelled by the mains before the line: the countdown is taken back, and nobody is cut',
    rack: early(120),
    happens: ['0:00 mains lost, 1 h of battery', '1:10 mains back'],
    outcome: {
      runs: [start],
      state: { '1:15': 'web going down', '4:00': 'all up', '9:00': 'all up' },
      down: 'turn off Back-UPS, off web, call off Back-UPS',
      back: 'wake web',
      ends: 'cancelled',
      says: ['journal: ups-off taken back: hid:051d:0002:A1: does shutdown.stop'],
    },
  },
  {
    name: 'cancelled by the mains, and the UPS takes no stop: it is told, and nothing is woken before it was off and on',
    rack: early(120),
    happens: ['0:00 mains lost, 1 h of battery', '0:00 UPSes take no stop', '1:10 mains back'],
    outcome: {
      runs: [start],
      state: { '2:59': 'web', '4:50': 'web, nas', '9:00': 'all up' },
      // Five times at once, and five times when all that was under way has ended.
      down: `turn off Back-UPS, off web${', call off Back-UPS'.repeat(10)}`,
      back,
      ends: 'cancelled',
      cut: 'nas',
      says: ['Turn off the UPS: it could not be taken back: it says no'],
    },
  },
  {
    name: 'killed between the order and its answer: the countdown is found, and no second order is sent',
    rack: early(120),
    happens: [
      '0:00 mains lost, 1 h of battery',
      '0:00 a UPS takes 10 s to answer an order',
      '1:05 Glidepath is killed',
      '1:25 Glidepath is started',
      '5:00 mains back',
    ],
    outcome: {
      runs: [start],
      state: { '2:50': 'web, nas', '9:00': 'all up' },
      down: both,
      back,
      ends: 'done',
      says: ['ups-off done: it turns off in 1 min 3'],
    },
  },
  {
    name: 'killed between the order and its answer, and the UPS shows no countdown: in doubt no second order is sent',
    rack: early(120),
    happens: [
      '0:00 mains lost, 1 h of battery',
      '0:00 a UPS takes 10 s to answer an order',
      '0:00 UPSes show no countdown',
      '1:05 Glidepath is killed',
      '1:25 Glidepath is started',
      '5:00 mains back',
    ],
    outcome: {
      runs: [start],
      state: { '2:50': 'web, nas', '9:00': 'all up' },
      down: both,
      back,
      ends: 'failed',
      says: ['fault: ups-off state-unknown'],
    },
  },
  {
    name: 'killed while it counts, and the mains are back before anybody watches: the next process takes it back',
    rack: early(120),
    happens: [
      '0:00 mains lost, 1 h of battery',
      '1:05 Glidepath is killed',
      '1:10 mains back',
      '1:25 Glidepath is started',
    ],
    outcome: {
      runs: [start],
      state: { '1:25': 'web', '9:00': 'all up' },
      down: 'turn off Back-UPS, off web, call off Back-UPS',
      back: 'wake web',
      ends: 'cancelled',
    },
  },
  {
    name: 'the mains come back past the line while it counts: nothing is woken before it was off and on',
    rack: early(300),
    happens: ['0:00 mains lost, 1 h of battery', '2:00 mains back'],
    outcome: {
      runs: [start],
      state: { '5:59': 'web, nas', '7:59': 'web, nas', '10:00': 'all up' },
      down: both,
      back,
      ends: 'done',
      says: ['return-waits: Waiting for Back-UPS, which was told to turn off'],
    },
  },
  {
    name: 'off it stays until somebody switches it on: then the hosts are woken',
    rack: early(120, { returns: false }),
    happens: ['0:00 mains lost, 1 h of battery', '5:00 mains back', '20:00 somebody switches it on'],
    outcome: {
      runs: [start],
      state: { '19:59': 'web, nas', '23:00': 'all up' },
      down: both,
      back,
      ends: 'done',
      says: ['return-waits: Waiting for Back-UPS, whose outlets are off'],
    },
  },
  {
    name: 'one of two fails: only that one is turned off, and the host on the other keeps its power',
    rack: two,
    happens: ['0:00 Rack UPS: mains lost, 1 h of battery', '6:00 Rack UPS: mains back'],
    outcome: {
      runs: [start],
      state: { '4:00': 'nas', '9:00': 'all up' },
      down: 'off nas, turn off Rack UPS',
      back: 'wake nas',
      ends: 'done',
      says: ['ups-off skipped: not begun: web still has its power'],
    },
  },
  {
    name: 'the second one fails while the run goes on: it is turned off, too',
    rack: two,
    happens: [
      '0:00 Rack UPS: mains lost, 1 h of battery',
      '1:03 mains lost, 2 min of battery',
      '6:00 Rack UPS: mains back',
      '6:00 mains back',
    ],
    outcome: {
      runs: [start],
      state: { '4:00': 'web, nas', '13:00': 'all up' },
      // The battery was empty: it charges first.
      down: 'off nas, turn off Rack UPS, off web, turn off Back-UPS',
      back,
      ends: 'done',
    },
  },
  {
    name: 'both fail, and the first is back before the line: its countdown is called off, the other one runs on',
    rack: two,
    happens: [
      '0:00 mains lost, 1 h of battery',
      '0:00 Rack UPS: mains lost, 1 h of battery',
      '1:10 mains back',
      '6:00 Rack UPS: mains back',
    ],
    outcome: {
      runs: [start],
      state: { '4:00': 'web, nas', '9:00': 'all up' },
      down: 'off web, off nas, turn off Back-UPS, turn off Rack UPS, call off Back-UPS',
      back,
      ends: 'done',
      says: ['narrowed: web has its power back before the point of no return'],
    },
  },
  {
    name: 'the same, and the other host is slow: the countdown is called off long before it has gone down',
    rack: onTwo('nas on Rack UPS, then web on Back-UPS, which is turned off at once', [
      { steps: [off('nas'), first] },
      { steps: [off('web')] },
    ]),
    happens: [
      '0:00 mains lost, 1 h of battery',
      '0:00 Rack UPS: mains lost, 1 h of battery',
      '0:00 nas takes 3 min longer',
      '1:10 mains back',
    ],
    outcome: {
      runs: [start],
      state: { '4:00': 'nas going down', '6:00': 'nas' },
      down: 'off nas, turn off Back-UPS, call off Back-UPS',
      back: '',
      ends: 'waiting for the return',
    },
  },
];
