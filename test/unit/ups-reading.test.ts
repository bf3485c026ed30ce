import { describe, expect, test } from 'vitest';
import { decodeReport } from '../../electron/ups/hid/decode.ts';
import { parseReportDescriptor } from '../../electron/ups/hid/descriptor.ts';
import { FieldStore } from '../../electron/ups/hid/field-store.ts';
import * as plausible from '../../electron/ups/hid/plausible.ts';
import { quirksFor } from '../../electron/ups/hid/quirks/quirks.ts';
import { ReadingView } from '../../electron/ups/hid/reading-from-fields.ts';
import type { HidField, ReportDescriptor } from '../../electron/ups/hid/report-descriptor.ts';
import { detailSchema, type Reading, readingSchema } from '../../shared/reading.ts';
import { profileNames, readDescriptor, readProfile } from '../fakes/ups/fixtures.ts';

function opened(name: string) {
  const { bytes, vendorId, productId, model } = readDescriptor(name);
  const descriptor: ReportDescriptor = parseReportDescriptor(bytes);
  const store = new FieldStore(descriptor.fields);
  const quirks = quirksFor({ vendorId, productId, manufacturer: '', product: model }, descriptor);
  const view = new ReadingView(store, quirks);
  const of = (kind: HidField['kind'], id: number) =>
    descriptor.fields.filter((field) => field.kind === kind && field.reportId === id);
  return {
    view,
    take: (kind: HidField['kind'], id: number, payload: number[], at = 0) =>
      store.apply(decodeReport(of(kind, id), Buffer.from(payload)), at),
    reading: () => view.reading('test', 0),
    of,
  };
}

function readingOf(name: string): Reading {
  const device = opened(name);
  for (const [id, payload] of readProfile(name).reports) device.take('feature', id, [...payload]);
  return device.reading();
}

describe('readings of captured devices', () => {
  test.each(profileNames)('%s is a valid reading', (name) => {
    expect(() => readingSchema.parse(readingOf(name))).not.toThrow();
  });

  test('APC Back-UPS ES 850G2', () => {
    expect(readingOf('apc-back-ups-es-850g2')).toMatchObject({
      acPresent: true,
      charging: false,
      discharging: false,
      fullyCharged: null,
      belowCapacityLimit: false,
      timeLimitExpired: false,
      shutdownImminent: false,
      needReplacement: false,
      batteryPresent: true,
      overload: false,
      testing: false,
      charge: 100,
      runtime: 868,
      load: 34,
      power: null,
      nominalPower: 520,
      nominalBatteryVoltage: 12,
      lowCharge: 10,
      lowRuntime: 120,
      offIn: null,
      onIn: null,
      testResult: 'none',
      beeper: 'enabled',
      manufactureDate: '2021-03-02',
      // The replace date is the firmware's default; the battery is as old as the UPS.
      batteryDate: '2021-03-02',
      forcedShutdown: null,
      bypass: null,
      outputOff: null,
      inputVoltage: 228,
      outputVoltage: null,
      batteryVoltage: 13.43,
      temperature: null,
    });
  });

  test('CyberPower CP1000PFCLCDa', () => {
    expect(readingOf('cyberpower-cp1000pfclcda')).toMatchObject({
      acPresent: true,
      charge: 100,
      runtime: 2700,
      load: 15,
      power: 92,
      inputVoltage: 114,
    });
  });

  test('Eaton 3S 700', () => {
    expect(readingOf('eaton-3s-700')).toMatchObject({
      acPresent: true,
      charging: true,
      charge: 92,
      runtime: 2737,
      load: 7,
      outputVoltage: 230,
      inputVoltage: null,
    });
  });

  test('Powercom: Celsius, and the line voltage in PowerSummary is not the battery', () => {
    expect(readingOf('powercom-0004')).toMatchObject({
      temperature: 39,
      inputVoltage: 228,
      outputVoltage: 228,
      batteryVoltage: null,
      inputFrequency: 50,
      load: 6,
      runtime: 2100,
    });
  });

  test('APC Back-UPS BX1600MI: its battery date is the default, so it has none', () => {
    expect(readingOf('apc-back-ups-bx1600mi')).toMatchObject({
      manufactureDate: '2021-03-11',
      batteryDate: null,
      nominalPower: 900,
      testResult: 'passed',
      offIn: null,
    });
  });

  test('Liebert PSI5 says charging and full at once: full beats charging', () => {
    expect(readingOf('liebert-psi5')).toMatchObject({
      charging: false,
      fullyCharged: true,
      charge: 100,
      runtime: 4920,
      nominalBatteryVoltage: 24,
      offIn: null,
    });
  });

  test('Tripp Lite 3016: a voltage with a wrong exponent is repaired, and says so', () => {
    const device = opened('tripplite-3016');
    device.take('feature', 0x31, [0xbe, 0x04]);
    expect(device.reading().inputVoltage).toBe(121.4);
    expect(device.view.details().find(({ feeds }) => feeds === 'inputVoltage')).toEqual({
      name: 'UPS.PowerSummary.Input.Voltage',
      place: 'Feature 0x31, bits 0..15',
      raw: '1214',
      value: '0.001214 V',
      feeds: 'inputVoltage',
      repair: expect.stringMatching(/exponent/),
    });
  });
});

describe('details', () => {
  test.each(profileNames)('%s: all slots, each value where it was found', (name) => {
    const device = opened(name);
    for (const [id, payload] of readProfile(name).reports) device.take('feature', id, [...payload]);
    const details = device.view.details();
    for (const detail of details) expect(detailSchema.safeParse(detail).error).toBeUndefined();
    expect(new Set(details.map(({ name: path }) => path)).size).toBe(details.length);
    // Every entry that the reading has is said to come from one of them.
    const known = Object.entries(device.reading()).filter(([key, value]) => value !== null && key !== 'upsId');
    const fed = details.flatMap(({ feeds }) => feeds?.split(', ') ?? []);
    expect([...fed].sort()).toEqual(
      known
        .map(([key]) => key)
        .filter((key) => key !== 'at')
        .sort(),
    );
  });

  test('a second place of one name is numbered, a flag is a bit, what has not arrived is empty', () => {
    const powercom = opened('powercom-0004').view.details();
    const lines = powercom.filter(({ name }) => name.startsWith('UPS.Input.Voltage'));
    expect(lines.map(({ name, place }) => [name, place])).toEqual([
      ['UPS.Input.Voltage', 'Feature 0x1d, bits 0..15'],
      ['UPS.Input.Voltage #2', 'Feature 0x2e, bits 0..15'],
    ]);
    expect(powercom.find(({ name }) => name === 'UPS.PresentStatus.Buck')).toEqual({
      name: 'UPS.PresentStatus.Buck',
      place: 'Feature 0x26, bit 13',
      raw: '',
      value: '',
      feeds: null,
      repair: '',
    });
  });
});

describe('which report and which field', () => {
  test('the status report is polled fast, the rest is what a reading holds', () => {
    const apc = opened('apc-back-ups-es-850g2').view;
    expect([...apc.urgentReports]).toEqual([0x16]);
    expect([...apc.usefulReports].sort((a, b) => a - b)).toEqual([
      0x06, 0x07, 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e, 0x11, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1c, 0x20, 0x21, 0x22,
      0x23, 0x24, 0x25, 0x26, 0x31, 0x41, 0x42, 0x50, 0x52, 0x78, 0x7a, 0x7b,
    ]);
    // The BX1600MI has its low battery flag in a report of its own.
    expect([...opened('apc-back-ups-bx1600mi').view.urgentReports]).toEqual([0x16, 0x14]);
    expect([...opened('generic-5131-2007').view.urgentReports]).toEqual([]);
  });

  test('PresentStatus goes before the flags beside it', () => {
    const device = opened('apc-back-ups-es-850g2');
    device.take('feature', 0x13, [1]);
    expect(device.reading().acPresent).toBe(true);
    device.take('feature', 0x16, [0, 0, 0, 0]);
    expect(device.reading().acPresent).toBe(false);
  });

  test('an interrupt report and a feature report are the same value: the newer counts', () => {
    const device = opened('apc-back-ups-es-850g2');
    device.take('feature', 0x16, [0x0c, 0, 0, 0], 100);
    device.take('input', 0x16, [0x0a, 0, 0, 0], 200);
    expect(device.reading()).toMatchObject({ acPresent: false, discharging: true });
    device.take('feature', 0x16, [0x0c, 0, 0, 0], 300);
    expect(device.reading().acPresent).toBe(true);
  });

  test('an answer asked for before the interrupt report came does not undo it', () => {
    const device = opened('apc-back-ups-es-850g2');
    device.take('input', 0x16, [0x0a, 0, 0, 0], 200);
    device.take('feature', 0x16, [0x0c, 0, 0, 0], 190);
    expect(device.reading().acPresent).toBe(false);
  });

  test('a report without deciding flags is told from one with them', () => {
    const device = opened('apc-back-ups-es-850g2');
    expect(device.view.hasUrgent(device.of('input', 0x16))).toBe(true);
    expect(device.view.hasUrgent(device.of('input', 0x0c))).toBe(false);
  });

  test('an array says which of its flags are on', () => {
    // Two slots that select from Charging, Discharging, FullyCharged and ACPresent; 0 selects nothing.
    const bytes = Buffer.from(
      '05840904a1010924a1020585 750895021501250409440945094609d0b100c0c0'.replaceAll(' ', ''),
      'hex',
    );
    const { fields, ...rest } = parseReportDescriptor(bytes);
    const store = new FieldStore(fields);
    const ids = { vendorId: 1, productId: 2, manufacturer: '', product: '' };
    const view = new ReadingView(store, quirksFor(ids, { fields, ...rest }));
    const take = (...payload: number[]) => {
      store.apply(decodeReport(fields, Buffer.from(payload)), 0);
      return view.reading('test', 0);
    };
    const flags = { charging: false, discharging: false, fullyCharged: false, acPresent: false };
    expect(take(1, 4)).toMatchObject({ ...flags, charging: true, acPresent: true });
    expect(take(2, 0)).toMatchObject({ ...flags, discharging: true });
    expect(take(0, 0)).toMatchObject(flags);
    // Half of it says nothing new.
    expect(take(4)).toMatchObject(flags);
    expect(view.hasUrgent(fields)).toBe(true);
    expect([...view.urgentReports]).toEqual([0]);
  });

  test('5 in Test means that one is running', () => {
    const device = opened('apc-back-ups-es-850g2');
    device.take('feature', 0x21, [5]);
    expect(device.reading().testing).toBe(true);
  });
});

describe('plausible values', () => {
  test.each<[string, (value: number) => number | null, number, number | null]>([
    ['charge', plausible.percentOfCharge, 104, 100],
    ['charge', plausible.percentOfCharge, 255, null],
    ['runtime', plausible.seconds, 65535, null],
    ['runtime', plausible.seconds, 4294967295, null],
    ['runtime', plausible.seconds, -1, null],
    ['runtime', plausible.seconds, 0, 0],
    ['mains', plausible.mainsVolts, 0.001214, null],
    ['mains', plausible.mainsVolts, 0, 0],
    ['mains', plausible.mainsVolts, 2390, null],
    ['frequency', plausible.hertz, 5990, null],
    ['frequency', plausible.hertz, 59.9, 59.9],
    ['load', plausible.percentOfLoad, 6553.5, null],
    ['temperature', plausible.celsius, 300.15, 27],
    ['temperature', plausible.celsius, 39, 39],
    ['temperature', plausible.celsius, 6553, null],
  ])('%s: %s %d is %s', (_name, check, value, expected) => {
    const found = check(value);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 6);
  });

  test('a battery far from its nominal voltage is not believed', () => {
    expect(plausible.batteryVolts(27.3, 24)).toBe(27.3);
    expect(plausible.batteryVolts(2.73, 24)).toBeNull();
    expect(plausible.batteryVolts(27.3, null)).toBe(27.3);
  });
});
