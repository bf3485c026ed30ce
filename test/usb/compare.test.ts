import { expect, test } from 'vitest';
import { emptyReading, type Reading, type Ups } from '../../shared/reading.ts';
import { compare, disagreeing } from './support/compare.ts';

// The comparer itself: what it calls agreement, it must also be able to call otherwise.

const ups: Ups = {
  id: 'hid:051d:0002:1',
  name: 'Back-UPS EM 650',
  manufacturer: 'Emulated Power',
  serial: '1',
  firmware: '834.H7 .I, USB H7',
  source: 'hid',
  via: 'USB 051d:0002',
  offers: [],
};

const reading: Reading = {
  ...emptyReading(ups.id, 0),
  acPresent: true,
  charging: true,
  discharging: false,
  belowCapacityLimit: false,
  timeLimitExpired: false,
  shutdownImminent: false,
  needReplacement: false,
  overload: false,
  charge: 97,
  runtime: 1830,
  load: 23,
  nominalPower: 330,
  inputVoltage: 231,
  outputVoltage: 230.4,
  batteryVoltage: 10.68,
  nominalBatteryVoltage: 12,
  temperature: 27.05,
  lowCharge: 10,
  lowRuntime: 120,
  testResult: 'none',
  beeper: 'enabled',
  manufactureDate: '2024-03-31',
  batteryDate: '2025-11-02',
};

const nut: Record<string, string> = {
  'battery.charge': '97',
  'battery.charge.low': '10',
  'battery.mfr.date': '2025/11/02',
  'battery.runtime': '1830',
  'battery.runtime.low': '120',
  'battery.temperature': '27.1',
  'battery.voltage': '10.7',
  'battery.voltage.nominal': '12.0',
  'input.voltage': '231.0',
  'output.voltage': '230.4',
  'ups.beeper.status': 'enabled',
  'ups.firmware': '834.H7 .I',
  'ups.firmware.aux': 'H7',
  'ups.load': '23',
  'ups.mfr': 'Emulated Power',
  'ups.mfr.date': '2024/03/31',
  'ups.model': 'Back-UPS EM 650',
  'ups.realpower.nominal': '330',
  'ups.status': 'OL CHRG',
  'ups.test.result': 'No test initiated',
  'ups.timer.shutdown': '-1',
  'ups.timer.start': '-1',
};

const differing = (ours: Partial<Reading>, theirs: Record<string, string> = {}) =>
  disagreeing(compare(ups, { ...reading, ...ours }, { ...nut, ...theirs }));

test('the same, as NUT rounds it, agrees', () => {
  expect(differing({})).toEqual([]);
  expect(differing({ offIn: 180 }, { 'ups.timer.shutdown': '180' })).toEqual([]);
});

const alone = Object.keys(nut).filter((name) => name !== 'ups.status' && name !== 'ups.firmware.aux');

test.each(alone)('%s is found when it is missing or differs', (name) => {
  const { [name]: value = '', ...others } = nut;
  expect(disagreeing(compare(ups, reading, others))).toEqual([name]);
  const decimals = value.split('.')[1]?.length ?? 0;
  const next = Number.isNaN(Number(value)) ? `${value}?` : (Number(value) + 10 ** -decimals).toFixed(decimals);
  expect(differing({}, { [name]: next })).toEqual([name]);
});

test.each([
  [{ acPresent: false }, ['OL', 'OB']],
  [{ acPresent: null }, ['OL', 'OB']],
  [{ belowCapacityLimit: true }, ['LB']],
  [{ timeLimitExpired: true }, ['LB']],
  [{ shutdownImminent: null }, ['LB']],
  [{ charging: false, discharging: true }, ['CHRG', 'DISCHRG']],
  [{ needReplacement: true }, ['RB']],
  [{ overload: null }, ['OVER']],
] as const)('the status differs: %j', (ours, flags) => {
  expect(differing(ours)).toEqual(flags.map((flag) => `ups.status ${flag}`));
});

test.each([
  [{ runtime: 18_300 }, 'battery.runtime'],
  [{ batteryVoltage: 106.8 }, 'battery.voltage'],
  [{ batteryVoltage: 10.64 }, 'battery.voltage'],
  [{ charge: null }, 'battery.charge'],
  [{ offIn: 0 }, 'ups.timer.shutdown'],
] as const)('a number differs: %j', (ours, name) => {
  expect(differing(ours)).toEqual([name]);
});

test('both parts of the firmware count', () => {
  expect(differing({}, { 'ups.firmware.aux': 'H8' })).toEqual(['ups.firmware']);
});

test('without NUT nothing agrees', () => {
  const compared = compare(ups, reading, {});
  expect(compared.filter(({ agrees }) => agrees)).toEqual([]);
});
