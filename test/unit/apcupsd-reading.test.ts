import { describe, expect, it } from 'vitest';
import { detailsOf, readingOf } from '../../electron/ups/apcupsd/reading.ts';
import { RecordReader, request } from '../../electron/ups/apcupsd/records.ts';
import { ageOf, flagOf, parseStatus, type Status } from '../../electron/ups/apcupsd/status.ts';
import { detailSchema, readingSchema } from '../../shared/reading.ts';
import { backUps } from '../fakes/apcupsd/nis-server.ts';

const status = (patch: Record<string, string>, without: string[] = []): Status =>
  new Map(Object.entries({ ...backUps, ...patch }).filter(([key]) => !without.includes(key)));
const reading = (patch: Record<string, string>, without?: string[]) =>
  readingOf('apcupsd:x', 0, status(patch, without));

describe('records', () => {
  const answer = Buffer.concat([request('APC      : 001\n'), request('STATUS   : ONLINE\n'), request('')]);

  it('are the same however they come in', () => {
    for (let cut = 0; cut < answer.length; cut += 1) {
      const reader = new RecordReader();
      const first = reader.feed(answer.subarray(0, cut));
      expect(first).toBeNull();
      expect(reader.feed(answer.subarray(cut))).toEqual(['APC      : 001\n', 'STATUS   : ONLINE\n']);
    }
  });

  it('have an end', () => {
    expect(() => new RecordReader().feed(Buffer.concat([answer, answer]))).toThrow('more than one answer');
    expect(() => new RecordReader().feed(Buffer.alloc(40_000, 1))).toThrow(RangeError);
  });

  it('are a status only with its first line and a state', () => {
    expect(parseStatus(['APC      : 001\n', 'STATUS   : ONLINE\n'])?.get('STATUS')).toBe('ONLINE');
    expect(parseStatus(['STATUS   : ONLINE\n'])).toBeNull();
    expect(parseStatus(['APC      : 001\n'])).toBeNull();
    expect(parseStatus(['Invalid command\n'])).toBeNull();
  });
});

it('says how old it is, by its own clock', () => {
  const age = (end: string) => ageOf(status({ DATE: '2026-11-21 19:00:00 +0100', 'END APC': end }));
  expect(age('2026-11-21 19:00:07 +0100')).toBe(7000);
  expect(age('2026-11-21 18:00:22 +0000')).toBe(22_000);
  expect(age('2026-11-21 18:59:59 +0100')).toBe(0);
  expect(age('N/A')).toBeNull();
  expect(ageOf(status({}, ['DATE']))).toBeNull();
});

describe('the state', () => {
  it.each([
    ['0x05000008', { acPresent: true, discharging: false, belowCapacityLimit: false, batteryPresent: true }],
    ['0x07000008 Status Flag', { acPresent: true, testing: false }],
    ['0x05060010', { acPresent: false, discharging: true, belowCapacityLimit: false }],
    ['0x05060050', { acPresent: false, belowCapacityLimit: true }],
    ['0x05060250', { acPresent: false, forcedShutdown: true }],
    ['0x05000208', { acPresent: true, forcedShutdown: false }],
    ['0x050000a8', { acPresent: true, needReplacement: true, overload: true }],
    ['0x05000018', { acPresent: null }],
    ['0x05000000', { acPresent: null, discharging: null, overload: null }],
  ])('of STATFLAG %s', (flags, expected) => {
    expect(reading({ STATFLAG: flags })).toMatchObject(expected);
  });

  it.each([
    ['ONLINE', { acPresent: true, belowCapacityLimit: false, batteryPresent: null }],
    ['ONBATT LOWBATT', { acPresent: false, belowCapacityLimit: true }],
    ['TRIM ONLINE REPLACEBATT NOBATT', { acPresent: true, needReplacement: true, batteryPresent: false }],
    ['SHUTTING DOWN', { acPresent: null, forcedShutdown: true }],
  ])('of STATUS %s alone', (text, expected) => {
    expect(reading({ STATUS: text }, ['STATFLAG'])).toMatchObject(expected);
  });

  it('is no outage in a calibration unless the input is dead', () => {
    expect(reading({ STATFLAG: '0x05000011' })).toMatchObject({ acPresent: null, testing: true, discharging: true });
    expect(reading({ STATFLAG: '0x05000011', LINEV: '0.0 Volts' }).acPresent).toBe(false);
  });

  it('knows lost contact', () => {
    expect(flagOf(status({ STATFLAG: '0x05000100' }), 'COMMLOST')).toBe(true);
    expect(flagOf(status({ STATUS: 'COMMLOST' }, ['STATFLAG']), 'COMMLOST')).toBe(true);
    expect(flagOf(status({}), 'COMMLOST')).toBe(false);
  });
});

describe('values', () => {
  it('are in seconds, and the limit of the UPS goes before that of apcupsd', () => {
    expect(readingSchema.parse(reading({ DLOWBATT: '2 Minutes' }))).toMatchObject({ runtime: 2730, lowRuntime: 120 });
  });

  it.each([
    ['BCHARGE', '-1.0 Percent', 'charge'],
    ['TIMELEFT', 'N/A', 'runtime'],
    ['LINEV', '2.3 Volts', 'inputVoltage'],
    ['BATTV', '2.27 Volts', 'batteryVoltage'],
    ['ITEMP', '900 C', 'temperature'],
    ['SELFTEST', '__proto__', 'testResult'],
    ['BATTDATE', '03/11/2019', 'batteryDate'],
  ] as const)('does not believe %s %s', (key, value, entry) => {
    expect(reading({ [key]: value })[entry]).toBeNull();
  });

  it('reads what older units write', () => {
    expect(
      reading({ ITEMP: '29.2 C Internal', BATTDATE: '11/03/19', ALARMDEL: 'No alarm', SELFTEST: 'NG' }),
    ).toMatchObject({
      temperature: 29.2,
      batteryDate: '2019-11-03',
      beeper: 'disabled',
      testResult: 'failed',
    });
  });

  it('shows where each number comes from', () => {
    const details = detailSchema.array().parse(detailsOf('apcupsd:x', 0, status({ LINEV: '2.3 Volts' })));
    expect(details.find(({ name }) => name === 'BCHARGE')).toMatchObject({ feeds: 'charge', repair: '' });
    expect(details.find(({ name }) => name === 'LINEV')).toMatchObject({ feeds: null, raw: '2.3 Volts' });
    expect(details.find(({ name }) => name === 'LINEV')?.repair).not.toBe('');
  });
});
