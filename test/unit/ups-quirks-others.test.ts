import { describe, expect, test } from 'vitest';
import { powercomTime } from '../../electron/ups/hid/commands/seconds.ts';
import { unitCode } from '../../electron/ups/hid/unit-codes.ts';
import { usage } from '../../electron/ups/hid/usages.ts';
import { device, ids, type Sent } from './ups-quirks-kit.ts';

const { battery, input, outlet, output, powerSummary, presentStatus } = usage;
const volts = (unitExponent: number) => ({ unit: unitCode.volt, unitExponent });
const status = (of: number, raw: number): Sent => ({ in: [powerSummary, presentStatus], usage: of, raw });

describe('Tripp Lite', () => {
  const nominal: Sent = { in: [battery], usage: usage.configVoltage, raw: 12, more: volts(7) };
  const voltage = (raw: number, exponent: number): Sent => ({
    in: [battery],
    usage: usage.voltage,
    raw,
    more: volts(exponent),
  });

  test('tenths of a volt, by product', () => {
    expect(device(ids.tripp2005, [voltage(136, 7), nominal]).reading().batteryVoltage).toBe(13.6);
    expect(device(ids.tripp2005, [voltage(136, 7)]).reading().batteryVoltage).toBe(13.6);
    expect(device(ids.tripp4003, [voltage(136, 7), nominal]).reading().batteryVoltage).toBeNull();
    // A firmware that got it right.
    expect(device(ids.tripp2005, [voltage(136, 6), nominal]).reading().batteryVoltage).toBe(13.6);
  });

  test('exponent 1 where a tenth was meant: volts, hertz', () => {
    const line: Sent = { in: [input], usage: usage.voltage, raw: 1214, more: volts(1) };
    const hertz = (raw: number): Sent => ({
      in: [input],
      usage: usage.frequency,
      raw,
      more: { unit: unitCode.hertz, unitExponent: 1 },
    });
    const told = device(ids.tripp3016, [line, hertz(599), voltage(273, 1), { ...nominal, raw: 24 }]);
    expect(told.reading()).toMatchObject({ inputVoltage: 121.4, inputFrequency: 59.9, batteryVoltage: 27.3 });
    expect(told.detail(0)).toMatchObject({
      value: '0.001214 V',
      raw: '1214',
      feeds: 'inputVoltage',
      repair: expect.stringMatching(/tenth/),
    });
  });

  test('flags on the wrong page, in a status only', () => {
    const wrong = [0x84_0044, 0x84_0045, 0x84_004b, 0x84_00d0].map((of) => status(of, 1));
    expect(device(ids.tripp2005, wrong).reading()).toMatchObject({
      charging: true,
      discharging: true,
      needReplacement: true,
      acPresent: true,
      nominalPower: null,
    });
    expect(device(ids.tripp2005, [{ in: [output], usage: 0x84_0044, raw: 900 }]).reading().nominalPower).toBe(900);
  });

  test('its own start-up delay is in minutes, unless the limits scale it already', () => {
    const delay = (raw: number, more: Sent['more'] = {}): Sent => ({ in: [outlet], usage: 0xffff_0056, raw, more });
    expect(device(ids.tripp4003, [delay(2)]).reading().onIn).toBe(120);
    const scaled = { logicalMin: -1, logicalMax: 32767, physicalMin: -60, physicalMax: 1_966_020 };
    expect(device(ids.tripp3016, [delay(2, scaled)]).reading().onIn).toBe(120);
  });

  test('65535 s in an unsigned field is no countdown', () => {
    expect(
      device(ids.tripp3016, [{ in: [outlet], usage: usage.delayBeforeShutdown, raw: 65535 }]).reading().offIn,
    ).toBeNull();
  });
});

describe('Liebert', () => {
  test.each([
    [1, 2300, 230],
    [0, 230, 230],
    [-1, 2300, 230],
    [4, 230, 230],
    [7, 230, 230],
  ])('volts with exponent %d', (exponent, raw, expected) => {
    const told = device(ids.psi5, [{ in: [input], usage: usage.voltage, raw, more: volts(exponent) }]);
    expect(told.reading().inputVoltage).toBeCloseTo(expected, 6);
  });

  test('watts without the 10^7 of their unit', () => {
    const watts = { unit: unitCode.watt, unitExponent: 0 };
    const told = device(ids.psi5, [
      { in: [output], usage: usage.activePower, raw: 85, more: watts },
      { in: [output], usage: usage.configActivePower, raw: 900, more: watts },
    ]);
    expect(told.reading()).toMatchObject({ power: 85, nominalPower: 900 });
  });

  test('the firmware with Belkin’s tree', () => {
    const told = device(ids.psi5, [{ in: [0x86_002a, 0x86_001a], usage: 0x86_0030, raw: 1214 }]);
    expect(told.reading().inputVoltage).toBe(121.4);
  });

  test('GXT5: minutes; other models: seconds', () => {
    const runtime: Sent = { in: [powerSummary], usage: usage.runTimeToEmpty, raw: 36 };
    expect(device(ids.gxt5, [runtime]).reading().runtime).toBe(2160);
    expect(device(ids.psi5, [runtime]).reading().runtime).toBe(36);
  });

  test('GXT5: nominal frequency and power are what it measures', () => {
    const told = device(ids.gxt5, [
      { in: [powerSummary], usage: usage.configFrequency, raw: 50 },
      { in: [powerSummary], usage: usage.configActivePower, raw: 450 },
    ]);
    expect(told.reading()).toMatchObject({ inputFrequency: 50, power: 450, nominalPower: null });
  });

  test('GXT5: the nominal voltages are the line’s, and none is the battery’s', () => {
    const config = (raw: number, exponent: number): Sent => ({
      in: [powerSummary],
      usage: usage.configVoltage,
      raw,
      more: volts(exponent),
    });
    expect(device(ids.gxt5, [config(238, 7), config(239, 5)]).reading()).toMatchObject({
      inputVoltage: 238,
      outputVoltage: 239,
      nominalBatteryVoltage: null,
    });
  });
});

describe('Belkin', () => {
  const config = 0x86_0026;
  const controls = 0x86_0027;
  const state = 0x86_002a;
  const own = (inside: number[], id: number, raw: number): Sent => ({ in: inside, usage: 0x86_0000 + id, raw });

  test('its own tree, in its own units', () => {
    const told = device(ids.belkin, [
      own([state, 0x86_001a], 0x30, 1198),
      own([state, 0x86_001a], 0x32, 600),
      own([state, 0x86_001c], 0x30, 1201),
      own([state, 0x86_001c], 0x35, 17),
      own([state, 0x86_001c], 0x34, 90),
      own([0x86_0010], 0x36, 31),
      own([0x86_0010], 0x30, 137),
      own([0x86_0010], 0x39, 98),
      own([0x86_0010], 0x6c, 21),
      own([config], 0x44, 12),
      own([controls], 0x58, 0),
      own([controls], 0x5a, 2),
    ]);
    expect(told.reading()).toMatchObject({
      inputVoltage: 119.8,
      inputFrequency: 60,
      outputVoltage: 120.1,
      load: 17,
      power: 90,
      temperature: 31,
      batteryVoltage: 13.7,
      charge: 98,
      runtime: 1260,
      nominalBatteryVoltage: 12,
      testResult: 'none',
      testing: false,
      beeper: 'enabled',
    });
  });

  test('its status words', () => {
    const told = (power: number, cells: number) =>
      device(ids.belkin, [own([0x86_0028], 0x21, power), own([0x86_0028], 0x22, cells)]).reading();
    expect(told(0, 0x10)).toMatchObject({ acPresent: true, charging: true, discharging: false, outputOff: false });
    expect(told(1, 0x24)).toMatchObject({ acPresent: false, discharging: true, belowCapacityLimit: true });
    expect(told(0x30, 0x80)).toMatchObject({ overload: true, outputOff: true, needReplacement: true });
  });

  test('a countdown of 0 is none', () => {
    expect(device(ids.belkin, [own([controls], 0x57, 0)]).reading().offIn).toBeNull();
    expect(device(ids.belkin, [own([controls], 0x57, 45)]).reading().offIn).toBe(45);
    expect(device(ids.belkin, [own([controls], 0x56, 2)]).reading().onIn).toBe(120);
  });
});

describe('Powercom', () => {
  test('the voltages of summary and battery are the line’s or have an unknown scale', () => {
    const of = (inside: number, id: number, more = {}): Sent => ({ in: [inside], usage: id, raw: 220, more });
    const told = device(ids.powercom, [
      of(powerSummary, usage.voltage, volts(7)),
      of(battery, usage.voltage, volts(7)),
      of(powerSummary, usage.configVoltage, volts(7)),
      of(input, usage.voltage),
    ]);
    expect(told.reading()).toMatchObject({ batteryVoltage: null, nominalBatteryVoltage: null, inputVoltage: 220 });
  });

  test('a countdown is a byte of seconds with two bits for commands, and one of minutes', () => {
    const delay = (raw: number): Sent => ({ in: [powerSummary], usage: usage.delayBeforeShutdown, raw });
    expect(device(ids.powercom, [delay(0x011e)]).reading().offIn).toBe(90);
    expect(device(ids.powercom, [delay(0x015e)]).reading().offIn).toBe(90);
    // What an order of two minutes writes.
    expect(device(ids.powercom, [delay(powercomTime(0x40).raw(120))]).reading().offIn).toBe(120);
    expect(device(ids.powercom, [delay(0)]).reading().offIn).toBeNull();
  });

  test('other delays of it are indices, or have their bytes the other way round', () => {
    expect(
      device(ids.powercom, [{ in: [output], usage: usage.delayBeforeShutdown, raw: 3 }]).reading().offIn,
    ).toBeNull();
    expect(
      device(ids.powercom, [{ in: [powerSummary], usage: usage.delayBeforeStartup, raw: 3 }]).reading().onIn,
    ).toBeNull();
  });

  test('its beeper codes say nothing that could be relied on', () => {
    expect(
      device(ids.powercom, [{ in: [powerSummary], usage: usage.audibleAlarmControl, raw: 2 }]).reading().beeper,
    ).toBeNull();
  });
});
