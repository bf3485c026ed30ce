import { describe, expect, test } from 'vitest';
import { unitCode } from '../../electron/ups/hid/unit-codes.ts';
import { usage } from '../../electron/ups/hid/usages.ts';
import { device, ids, type Sent } from './ups-quirks-kit.ts';

const { battery, output, powerSummary, presentStatus } = usage;
const volts = (unitExponent: number) => ({ unit: unitCode.volt, unitExponent });
const status = (of: number, raw: number): Sent => ({ in: [powerSummary, presentStatus], usage: of, raw });

describe('a device that no list knows', () => {
  const capacity = (raw: number, more = {}): Sent => ({
    in: [powerSummary],
    usage: usage.remainingCapacity,
    raw,
    more,
  });

  test('an ampere-second on a percentage is ignored', () => {
    const told = device(ids.unknown, [
      capacity(87, { unit: unitCode.ampereSecond }),
      { in: [powerSummary], usage: usage.capacityMode, raw: 2 },
    ]);
    expect(told.reading().charge).toBe(87);
  });

  test('a unit and exponent that are left over are ignored on what counts percent or seconds', () => {
    const told = device(ids.unknown, [
      capacity(87, volts(5)),
      { in: [powerSummary], usage: usage.runTimeToEmpty, raw: 600, more: volts(5) },
      { in: [output], usage: usage.percentLoad, raw: 23, more: { unitExponent: 5 } },
    ]);
    expect(told.reading()).toMatchObject({ charge: 87, runtime: 600, load: 23 });
  });

  test('mains and discharging at once stay as told: that is a test, the monitor knows', () => {
    const told = device(ids.unknown, [status(usage.acPresent, 1), status(usage.discharging, 1)]);
    expect(told.reading()).toMatchObject({ acPresent: true, discharging: true });
  });

  test('0 V of a line that is there are not known; of one that is not, they are true', () => {
    const line = (mains: number): Sent[] => [
      status(usage.acPresent, mains),
      { in: [usage.input], usage: usage.voltage, raw: 0, more: volts(7) },
      { in: [usage.input], usage: usage.frequency, raw: 0 },
    ];
    expect(device(ids.unknown, line(1)).reading()).toMatchObject({ inputVoltage: null, inputFrequency: null });
    expect(device(ids.unknown, line(0)).reading()).toMatchObject({ inputVoltage: 0, inputFrequency: 0 });
  });

  test('full beats charging', () => {
    const told = device(ids.unknown, [status(usage.charging, 1), status(usage.fullyCharged, 1)]);
    expect(told.reading()).toMatchObject({ charging: false, fullyCharged: true });
    expect(told.again(1, 0)).toMatchObject({ charging: true, fullyCharged: false });
  });

  test('a battery voltage needs a unit', () => {
    const voltage: Sent = { in: [battery], usage: usage.voltage, raw: 136 };
    expect(device(ids.unknown, [voltage]).reading().batteryVoltage).toBeNull();
    expect(device(ids.unknown, [{ ...voltage, more: volts(6) }]).reading().batteryVoltage).toBe(13.6);
  });

  test.each([
    [0, null, false],
    [1, 'passed', false],
    [2, 'warning', false],
    [3, 'failed', false],
    [4, 'aborted', false],
    [5, 'running', true],
    [6, 'none', false],
    [9, null, false],
  ] as const)('Test %d is %s', (raw, testResult, testing) => {
    const told = device(ids.unknown, [{ in: [battery], usage: usage.test, raw }]);
    expect(told.reading()).toMatchObject({ testResult, testing });
  });

  test('a flag under the usage of a word is no word', () => {
    const flag: Sent = { usage: usage.audibleAlarmControl, raw: 1, more: { size: 1 } };
    const word: Sent = { usage: usage.audibleAlarmControl, raw: 3 };
    expect(device(ids.unknown, [flag, word]).reading().beeper).toBe('muted');
  });

  test('countdowns that never run', () => {
    const delay: Sent = { in: [powerSummary], usage: usage.delayBeforeStartup, raw: 257 };
    expect(device([0x075d, 0x0300], [delay]).reading().onIn).toBeNull();
    expect(device(ids.unknown, [delay]).reading().onIn).toBe(257);
  });

  test('what is not believed says so, and a countdown that does not run is no doubt', () => {
    const told = device(ids.unknown, [
      { in: [powerSummary], usage: usage.runTimeToEmpty, raw: 65535 },
      { in: [powerSummary], usage: usage.delayBeforeShutdown, raw: 65535 },
    ]);
    expect(told.detail(0)).toMatchObject({ feeds: null, repair: expect.stringContaining('Not taken') });
    expect(told.detail(1)).toMatchObject({ feeds: null, repair: '' });
  });

  test('no HID device forces others down', () => {
    expect(device(ids.unknown, []).reading().forcedShutdown).toBeNull();
  });
});
