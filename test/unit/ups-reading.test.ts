import { describe, expect, test } from 'vitest';
import { decodeReport } from '../../electron/ups/hid/decode.ts';
import { parseReportDescriptor } from '../../electron/ups/hid/descriptor.ts';
import { FieldStore } from '../../electron/ups/hid/field-store.ts';
import { identify } from '../../electron/ups/hid/identity.ts';
import * as plausible from '../../electron/ups/hid/plausible.ts';
import { ReadingView } from '../../electron/ups/hid/reading-from-fields.ts';
import type { HidField, ReportDescriptor } from '../../electron/ups/hid/report-descriptor.ts';
import { type Reading, readingSchema } from '../../shared/reading.ts';
import { profileNames, readDescriptor, readProfile } from '../fakes/ups/fixtures.ts';

function opened(name: string) {
  const descriptor: ReportDescriptor = parseReportDescriptor(readDescriptor(name).bytes);
  const store = new FieldStore(descriptor.fields);
  const view = new ReadingView(store);
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

  test('Liebert PSI5 says charging and full at once; both are passed on', () => {
    expect(readingOf('liebert-psi5')).toMatchObject({ charging: true, fullyCharged: true, charge: 100, runtime: 4920 });
  });

  test('Tripp Lite 3016: a voltage with a wrong exponent is not known, never shown as 0', () => {
    expect(readingOf('tripplite-3016')).toMatchObject({ inputVoltage: null, overload: false });
  });
});

describe('which report and which field', () => {
  test('the status report is polled fast, the rest is what a reading holds', () => {
    const apc = opened('apc-back-ups-es-850g2').view;
    expect([...apc.urgentReports]).toEqual([0x16]);
    expect([...apc.usefulReports].sort((a, b) => a - b)).toEqual([
      0x06, 0x09, 0x0c, 0x13, 0x14, 0x16, 0x21, 0x22, 0x23, 0x26, 0x31, 0x50, 0x7a,
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

describe('identity', () => {
  const candidate = {
    path: '/dev/hidraw4',
    vendorId: 0x051d,
    productId: 2,
    manufacturer: 'APC',
    product: 'Back-UPS RS 1000G FW:900.L10.I USB FW:L10',
    serial: '4B1234',
    port: 'usb-0000:00:14.0-1/input0',
  };
  const free = () => false;

  test('is the serial number; the firmware is no part of the name', () => {
    expect(identify(candidate, free)).toMatchObject({ id: 'hid:051d:0002:4B1234', name: 'Back-UPS RS 1000G' });
  });

  test.each(['', '   ', '000000000000'])('is the port when the serial number is "%s"', (serial) => {
    expect(identify({ ...candidate, serial }, free)).toMatchObject({
      id: 'hid:051d:0002@usb-0000:00:14.0-1/input0',
      serial: '',
    });
    expect(identify({ ...candidate, serial, port: null }, free).id).toBe('hid:051d:0002@/dev/hidraw4');
  });

  test('is the port for the second of two with one serial number', () => {
    expect(identify(candidate, (id) => id === 'hid:051d:0002:4B1234').id).toBe(
      'hid:051d:0002@usb-0000:00:14.0-1/input0',
    );
  });

  test('control characters do not reach the name', () => {
    expect(identify({ ...candidate, product: 'UPS\u0000\u001b[31m\u0007' }, free).name).toBe('UPS[31m');
    expect(identify({ ...candidate, product: '' }, free).name).toBe('UPS 051d:0002');
  });
});
