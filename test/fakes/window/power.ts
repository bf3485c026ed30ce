import type { Fault } from '../../../shared/fault.ts';
import { emptyReading, type Reading } from '../../../shared/reading.ts';
import type { DecisionView, MarginView, PowerView, StatusView } from '../../../shared/view.ts';

const ups = {
  id: 'G123A45678',
  name: 'Eaton 5P 1550',
  manufacturer: 'EATON',
  serial: 'G123A45678',
  source: 'hid',
} as const;

const reading = (change: Partial<Reading> = {}): Reading => ({
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
  ...change,
});

const power = (change: Partial<PowerView> = {}): PowerView => ({
  ups,
  state: 'mains',
  since: Date.now() - 86_400_000,
  onBatterySince: null,
  reading: reading(),
  runtimeLeft: 2460,
  runtimeFrom: 'reported',
  fault: null,
  sentence: 'On mains, 98 %, 41 min',
  ...change,
});

const idle: DecisionView = {
  state: 'idle',
  armed: true,
  startsIn: null,
  sentence:
    'If the power failed now, the shutdown would start when 7 min 30 s of runtime are left, after about 33 min on battery.',
};
const margin: MarginView = { runtimeLeft: 2460, needs: 360, spare: 2100 };

export const onMains = (): StatusView => ({ powers: [power()], trouble: null, decision: idle, margin });

export const unarmed = (): StatusView => ({
  powers: [power({ runtimeLeft: 300, reading: reading({ runtime: 300, load: 88, power: 1290, temperature: null }) })],
  trouble: null,
  decision: {
    ...idle,
    armed: false,
    sentence:
      'The plan is not armed: if the power failed now, the shutdown would be due at once and nothing would be done.',
  },
  margin: { runtimeLeft: 300, needs: 360, spare: -60 },
});

const batteryPower = (): PowerView =>
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
  trouble: null,
  decision: {
    state: 'counting',
    armed: true,
    startsIn: 84,
    sentence:
      'On battery for 3 min. The shutdown starts when 7 min 30 s of runtime are left (the plan needs 6 min, times 1.25).',
  },
  margin: { runtimeLeft: 534, needs: 360, spare: 174 },
});

export const running = (): StatusView => ({
  ...counting(),
  decision: { state: 'running', armed: true, startsIn: null, sentence: 'The shutdown is running since 19:02:10.' },
});

const noAccess: Fault = {
  code: 'ups-no-access',
  what: 'A UPS was found (Eaton, 0463:ffff), but this user may not open it.',
  where: '/dev/hidraw3',
  remedy:
    'Put this line into /etc/udev/rules.d/70-glidepath.rules, then plug the UPS in again: `SUBSYSTEM=="hidraw", ATTRS{idVendor}=="0463", TAG+="uaccess"`',
};

export const noUps = (trouble: boolean): StatusView => ({
  powers: [],
  trouble: trouble ? noAccess : null,
  decision: { state: 'idle', armed: false, startsIn: null, sentence: 'No UPS is watched, so nothing is decided.' },
  margin: { runtimeLeft: null, needs: 360, spare: null },
});

export const twoUpses = (): StatusView => ({
  ...counting(),
  powers: [
    { ...power(), ups: { ...ups, id: 'B', name: 'APC Smart-UPS 1500', serial: 'AS2041123', manufacturer: 'APC' } },
    {
      ...batteryPower(),
      state: 'lost-contact',
      reading: null,
      runtimeFrom: 'counted-down',
      fault: {
        code: 'ups-lost',
        what: 'No answer for 40 s.',
        where: 'Eaton 5P 1550',
        remedy: 'Check its USB cable. Its runtime is counted down here meanwhile.',
      },
      sentence: 'No contact, counted down to 8 min',
    },
  ],
});
