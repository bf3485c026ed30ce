import { noAccess } from '../../../electron/ups/hid/udev-rule.ts';
import { emptyReading, type Reading } from '../../../shared/reading.ts';
import type { DecisionView, MarginView, PowerView, StatusView } from '../../../shared/view.ts';
import { hosts } from './hosts.ts';
import { offers } from './supplies.ts';

export const ups = {
  id: 'G123A45678',
  name: 'Eaton 5P 1550',
  manufacturer: 'EATON',
  serial: 'G123A45678',
  firmware: '02.14.0026',
  source: 'hid',
  via: 'USB 0463:ffff',
  offers,
} as const satisfies PowerView['ups'];

export const reading = (change: Partial<Reading> = {}): Reading => ({
  ...emptyReading(ups.id, Date.now()),
  acPresent: true,
  charging: false,
  charge: 98,
  runtime: 2460,
  load: 34,
  power: 510,
  inputVoltage: 231,
  inputFrequency: 50,
  outputVoltage: 230,
  batteryVoltage: 27.2,
  testResult: 'passed',
  beeper: 'enabled',
  batteryDate: '2024-03-31',
  ...change,
});

export const power = (change: Partial<PowerView> = {}): PowerView => ({
  ups,
  state: 'mains',
  since: Date.now() - 86_400_000,
  onBatterySince: null,
  reading: reading(),
  runtimeLeft: 2460,
  runtimeFrom: 'reported',
  runtimeDoubt: null,
  fault: null,
  sentence: 'On mains, 98 %, 41 min',
  ...change,
});

const idle: DecisionView = {
  postponedUntil: null,
  latestStartIn: null,
  state: 'idle',
  armed: true,
  startsIn: null,
  sentence:
    'If the power failed now, the shutdown would start when 7 min 30 s of runtime are left, after about 33 min on battery.',
};
const margin: MarginView = { runtimeLeft: 2460, needs: 360, spare: 2100 };

export const onMains = (): StatusView => ({
  powers: [power()],
  critical: [],
  trouble: null,
  decision: idle,
  margin,
  branches: [],
  reach: [],
});

export const unarmed = (): StatusView => ({
  powers: [power({ runtimeLeft: 300, reading: reading({ runtime: 300, load: 88, power: 1290, temperature: null }) })],
  critical: [],
  trouble: null,
  decision: {
    ...idle,
    armed: false,
    sentence:
      'The plan is not armed: if the power failed now, the shutdown would be due at once and nothing would be done.',
  },
  margin: { runtimeLeft: 300, needs: 360, spare: -60 },
  branches: [],
  reach: [],
});

export const batteryPower = (): PowerView =>
  power({
    state: 'battery',
    since: Date.now() - 180_000,
    onBatterySince: Date.now() - 180_000,
    reading: reading({
      acPresent: false,
      discharging: true,
      charge: 71,
      runtime: 534,
      inputVoltage: 0,
      inputFrequency: null,
    }),
    runtimeLeft: 534,
    sentence: 'On battery, 71 %, 8 min left',
  });

export const counting = (): StatusView => ({
  powers: [batteryPower()],
  critical: hosts.map(({ id }) => ({ hostId: id, why: 'fed by Eaton 5P 1550, on battery' })),
  trouble: null,
  decision: {
    ...idle,
    state: 'counting',
    armed: true,
    startsIn: 84,
    sentence:
      'On battery for 3 min. The shutdown starts when 7 min 30 s of runtime are left (the plan needs 6 min, times 1.25).',
  },
  margin: { runtimeLeft: 534, needs: 360, spare: 174 },
  branches: [],
  reach: [],
});

export const running = (): StatusView => ({
  ...counting(),
  decision: {
    ...idle,
    state: 'running',
    armed: true,
    startsIn: null,
    sentence: 'The shutdown is running since 19:02:10.',
  },
});

const seen = noAccess('Eaton 5P 1550', '/dev/hidraw3', { vendorId: 0x0463, productId: 0xffff });

export const noUps = (trouble: boolean): StatusView => ({
  powers: [],
  critical: [],
  trouble: trouble ? seen : null,
  decision: {
    ...idle,
    state: 'idle',
    armed: false,
    startsIn: null,
    sentence: 'No UPS is watched, so nothing is decided.',
  },
  margin: { runtimeLeft: null, needs: 360, spare: null },
  branches: [],
  reach: [],
});
