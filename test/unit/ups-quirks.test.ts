import { describe, expect, test } from 'vitest';
import { quirksFor } from '../../electron/ups/hid/quirks/quirks.ts';
import { unitCode } from '../../electron/ups/hid/unit-codes.ts';
import { usage } from '../../electron/ups/hid/usages.ts';
import { device, ids, type Sent } from './ups-quirks-kit.ts';

const { battery, charger, input, outlet, output, powerSummary, presentStatus } = usage;
const volts = (unitExponent: number) => ({ unit: unitCode.volt, unitExponent });
const status = (of: number, raw: number): Sent => ({ in: [powerSummary, presentStatus], usage: of, raw });

describe('families', () => {
  const quirksOf = ([vendorId, productId]: readonly [number, number]) =>
    quirksFor({ vendorId, productId, manufacturer: '', product: '' }, { fields: [] });

  test.each([
    [ids.apc, 'apc'],
    [ids.cps0501, 'cyberpower'],
    [[0x0483, 0xa430], 'cyberpower'],
    [[0x0483, 0xa113], 'generic'],
    [ids.eaton, 'eaton'],
    [[0x04b3, 1], 'eaton'],
    [[0x03f0, 0x1fe5], 'eaton'],
    [[0x03f0, 0x1f06], 'tripplite'],
    [ids.tripp3016, 'tripplite'],
    [ids.gxt5, 'liebert'],
    [ids.belkin, 'belkin'],
    [ids.powercom, 'powercom'],
    [ids.powerwalker, 'powerwalker'],
    [[0x2e66, 0x0201], 'powerwalker'],
    [ids.arduino, 'arduino'],
    [ids.unknown, 'generic'],
  ] as const)('%o is %s', (id, family) => {
    expect(quirksOf(id).family).toBe(family);
  });

  test('polling: the pipe of the newer Smart-UPS, CyberPower’s stalls, Tripp Lite 3024', () => {
    expect(quirksOf(ids.apc).polling).toEqual({ ignoreInterrupts: false, restEvery: 10_000, pauseBetween: 20 });
    expect(quirksOf(ids.smartUps).polling.ignoreInterrupts).toBe(true);
    expect(quirksOf([0x051d, 0x0004]).polling.ignoreInterrupts).toBe(true);
    expect(quirksOf(ids.cps0601).polling.restEvery).toBe(12_000);
    expect(quirksOf(ids.tripp3024).polling.pauseBetween).toBe(125);
    expect(quirksOf(ids.tripp3016).polling.pauseBetween).toBe(20);
  });

  test('every quirk says why, and who says so', () => {
    for (const id of Object.values(ids)) {
      const { repairs, renames, signs, twice, zeroReports } = quirksOf(id);
      for (const { why, source } of [
        ...repairs,
        ...renames,
        ...signs,
        ...twice,
        ...(zeroReports ? [zeroReports] : []),
      ]) {
        expect(why.length).toBeGreaterThan(5);
        expect(source).toMatch(/^https:\/\//);
      }
    }
  });
});

describe('APC', () => {
  test('a nominal power of 0 W is hidden', () => {
    const told = device(ids.apc, [{ in: [output], usage: usage.configActivePower, raw: 0 }]);
    expect(told.reading().nominalPower).toBeNull();
    expect(told.detail(0)).toMatchObject({ feeds: null, repair: expect.stringContaining('Left out') });
  });

  test.each([
    ['the replace date is decimal digits in hexadecimal', usage.apcBatteryReplaceDate, 0x102202, '2002-10-22'],
    ['the default replace date is none', usage.apcBatteryReplaceDate, 0x092501, null],
    ['digits that are no day are none', usage.apcBatteryReplaceDate, 0x133102, null],
    ['letters are no digits', usage.apcBatteryReplaceDate, 0x1a2202, null],
    ['a packed date', usage.manufacturerDate, 21_090, '2021-03-02'],
    ['the default of the BX series is none', usage.manufacturerDate, 10_785, null],
    ['0 is no date', usage.manufacturerDate, 0, null],
  ])('%s', (_name, of, raw, expected) => {
    const told = device(ids.apc, [{ in: [battery], usage: of, raw, more: { size: 24, logicalMax: 0xffffff } }]);
    expect(told.reading().batteryDate).toBe(expected);
  });

  test('the default date of APC is a date of another maker', () => {
    expect(
      device(ids.unknown, [{ in: [battery], usage: usage.manufacturerDate, raw: 10_785 }]).reading().batteryDate,
    ).toBe('2001-01-01');
  });

  test('what stands above the declared maximum is garbage', () => {
    const sent: Sent = {
      in: [battery],
      usage: usage.voltage,
      raw: 0x8008_0546,
      more: { size: 32, logicalMax: 0xffff, ...volts(5) },
    };
    expect(device(ids.apc, [sent]).reading().batteryVoltage).toBe(13.5);
    const stale: Sent = { in: [input], usage: usage.voltage, raw: 260, more: { logicalMax: 255, ...volts(7) } };
    expect(device(ids.apc, [stale]).reading().inputVoltage).toBe(260);
    expect(device(ids.unknown, [sent]).reading().batteryVoltage).toBeNull();
  });

  test('an old one tells the mains in its status byte, unless it has the flag', () => {
    const byte = (raw: number): Sent => ({ in: [powerSummary], usage: usage.apcStatusFlag, raw });
    expect(device(ids.apc, [byte(8)]).reading()).toMatchObject({ acPresent: true, discharging: false });
    expect(device(ids.apc, [byte(16)]).reading()).toMatchObject({ acPresent: false, discharging: true });
    expect(device(ids.apc, [byte(0)]).reading()).toMatchObject({ acPresent: null, discharging: null });
    expect(device(ids.apc, [byte(16), status(usage.acPresent, 1)]).reading().acPresent).toBe(true);
  });

  test('a battery that comes back has to be said twice', () => {
    const told = device(ids.apc, [status(usage.batteryPresent, 0)]);
    expect(told.reading().batteryPresent).toBe(false);
    expect(told.again(1).batteryPresent).toBe(false);
    expect(told.reading().batteryPresent).toBe(false);
    expect(told.again(1).batteryPresent).toBe(true);
    expect(told.again(0).batteryPresent).toBe(false);
    expect(device(ids.unknown, [status(usage.batteryPresent, 0)]).again(1).batteryPresent).toBe(true);
  });

  test('the hibernate countdown stands in its own collection; on a Smart-UPS the same usage is a setting', () => {
    const countdown = usage.apcDelayBeforeShutdown;
    expect(device(ids.apc, [{ in: [usage.apcGeneralCollection], usage: countdown, raw: 60 }]).reading().offIn).toBe(60);
    expect(device(ids.apc, [{ in: [output], usage: countdown, raw: 60 }]).reading().offIn).toBeNull();
    const standard = { in: [usage.apcGeneralCollection], usage: usage.delayBeforeShutdown, raw: 60 };
    expect(device(ids.apc, [standard]).reading().offIn).toBe(60);
  });
});

describe('CyberPower', () => {
  const nominal: Sent = { in: [powerSummary], usage: usage.configVoltage, raw: 240, more: volts(6) };
  const voltage = (raw: number): Sent => ({ in: [powerSummary], usage: usage.voltage, raw, more: volts(6) });

  test('0501: 36 V of a battery of 24 V are 24 V', () => {
    const told = device(ids.cps0501, [voltage(408), nominal]);
    expect(told.reading().batteryVoltage).toBeCloseTo(27.2, 6);
    expect(told.detail(0)).toMatchObject({
      value: '40.8 V',
      feeds: 'batteryVoltage',
      repair: expect.stringMatching(/two thirds/),
    });
    // Nothing is repaired on a guess: what the nominal voltage is may not have been read yet.
    expect(device(ids.cps0501, [voltage(271)]).reading().batteryVoltage).toBeCloseTo(27.1, 6);
    expect(device(ids.cps0501, [voltage(271), nominal]).reading().batteryVoltage).toBeCloseTo(27.1, 6);
    expect(device(ids.cps0601, [voltage(408), nominal]).reading().batteryVoltage).toBeCloseTo(40.8, 6);
  });

  test('0501: once seen, the factor holds: a battery that empties goes below the mark', () => {
    const told = device(ids.cps0501, [voltage(405), nominal]);
    expect(told.reading().batteryVoltage).toBeCloseTo(27, 6);
    expect(told.again(335, 240).batteryVoltage).toBeCloseTo(22.33, 1);
    expect(told.again(300, 240).batteryVoltage).toBeCloseTo(20, 6);
    expect(device(ids.cps0501, [voltage(275), nominal]).again(300, 240).batteryVoltage).toBeCloseTo(30, 6);
  });

  test('tenths of a hertz without an exponent', () => {
    const frequency = (raw: number): Sent => ({ in: [input], usage: usage.frequency, raw });
    expect(device(ids.cps0501, [frequency(599)]).reading().inputFrequency).toBe(59.9);
    expect(device(ids.cps0501, [frequency(60)]).reading().inputFrequency).toBe(60);
    expect(device(ids.unknown, [frequency(599)]).reading().inputFrequency).toBeNull();
  });

  test('values outside the limits are not clamped', () => {
    const more = { ...volts(7), logicalMin: 135, logicalMax: 144 };
    expect(device(ids.cps0601, [{ in: [output], usage: usage.voltage, raw: 114, more }]).reading().outputVoltage).toBe(
      114,
    );
  });

  test('a charge beyond 100 is 100', () => {
    const told = device(ids.cps0601, [{ in: [powerSummary], usage: usage.remainingCapacity, raw: 104 }]);
    expect(told.reading().charge).toBe(100);
    expect(told.detail(0)).toMatchObject({ value: '104', feeds: 'charge', repair: 'More than 100 %' });
  });

  test('delays in minutes, and -1 minute as none', () => {
    const delay = (raw: number): Sent => ({
      in: [output],
      usage: usage.delayBeforeShutdown,
      raw,
      more: { logicalMin: -1, logicalMax: 32767, physicalMin: -60, physicalMax: 1_966_020, unit: unitCode.second },
    });
    expect(device(ids.cps0601, [delay(2)]).reading().offIn).toBe(120);
    expect(device(ids.cps0601, [delay(-1)]).reading().offIn).toBeNull();
    expect(device(ids.cps0601, [delay(0)]).reading().offIn).toBeNull();
  });
});

describe('Eaton', () => {
  const charging = [status(usage.charging, 1), status(usage.discharging, 0)];
  const mode = (raw: number): Sent => ({ in: [usage.batterySystem, charger], usage: 0xffff_0094, raw });
  const abm = (raw: number): Sent => ({ in: [usage.batterySystem, charger], usage: 0xffff_0087, raw });

  test.each([
    [1, true, false],
    [2, false, true],
    [3, true, false],
    [4, false, false],
    [6, false, false],
  ])(
    'with battery resting on, charger mode %d is true: charging %s, discharging %s',
    (raw, isCharging, isDischarging) => {
      expect(device(ids.eaton, [...charging, mode(raw), abm(1)]).reading()).toMatchObject({
        charging: isCharging,
        discharging: isDischarging,
      });
    },
  );

  test('without it, or in an unknown mode, the flags are', () => {
    expect(device(ids.eaton, [...charging, mode(4), abm(0)]).reading().charging).toBe(true);
    expect(device(ids.eaton, [...charging, mode(4)]).reading().charging).toBe(true);
    expect(device(ids.eaton, [...charging, mode(9), abm(1)]).reading().charging).toBe(true);
    expect(device(ids.unknown, [...charging, mode(4), abm(1)]).reading().charging).toBe(true);
  });

  test('the charger’s mode is polled as fast as the flags that it overrules', () => {
    const { view } = device(ids.eaton, [...charging, mode(4), abm(1)]);
    expect([...view.urgentReports].sort()).toEqual([1, 2, 3]);
    expect(view.usefulReports.has(4)).toBe(true);
  });

  const used = (index: number, raw: number): Sent => ({
    in: [usage.powerConverter, [input, index], presentStatus],
    usage: usage.used,
    raw,
  });

  test('a battery input in use means no mains, where nothing else says so', () => {
    expect(device(ids.eaton, [used(3, 1)]).reading()).toMatchObject({ acPresent: false, discharging: true });
    expect(device(ids.eaton, [used(3, 0)]).reading()).toMatchObject({ acPresent: null, discharging: false });
    expect(device(ids.eaton, [used(1, 1)]).reading()).toMatchObject({ acPresent: null, discharging: null });
    // A PowerWalker has it set on mains: it must not be believed before the flag has arrived either.
    const flags = [status(usage.acPresent, 1), status(usage.discharging, 0)];
    const powerwalker = device(ids.powerwalker, [used(3, 1), ...flags]);
    expect(powerwalker.reading().acPresent).toBe(true);
    expect(powerwalker.view.urgentReports).toEqual(new Set([2, 3]));
  });

  test('either bypass in use is a bypass', () => {
    expect(device(ids.eaton, [used(2, 0), used(4, 1)]).reading().bypass).toBe(true);
    expect(device(ids.eaton, [used(2, 0), used(4, 0)]).reading().bypass).toBe(false);
    expect(device(ids.eaton, [used(1, 1)]).reading().bypass).toBeNull();
  });

  test('Good = 0 means that the output is off', () => {
    expect(device(ids.eaton, [status(usage.good, 0)]).reading().outputOff).toBe(true);
    expect(device(ids.eaton, [status(usage.good, 1)]).reading().outputOff).toBe(false);
    expect(device(ids.unknown, [status(usage.good, 0)]).reading().outputOff).toBeNull();
  });

  test('Input.[1] is the mains, [2] and [3] are not', () => {
    const voltage = (index: number, raw: number): Sent => ({
      in: [usage.powerConverter, [input, index]],
      usage: usage.voltage,
      raw,
      more: volts(7),
    });
    expect(device(ids.eaton, [voltage(2, 100), voltage(3, 110), voltage(1, 230)]).reading().inputVoltage).toBe(230);
    expect(device(ids.eaton, [voltage(2, 100)]).reading().inputVoltage).toBeNull();
  });

  test('a group of outlets that counts down is not the UPS', () => {
    const delay = (index: number): Sent => ({
      in: [0x84_0018, [outlet, index]],
      usage: usage.delayBeforeShutdown,
      raw: 30,
    });
    expect(device(ids.eaton, [delay(2)]).reading().offIn).toBeNull();
    expect(device(ids.eaton, [delay(1)]).reading().offIn).toBe(30);
  });
});

describe('PowerWalker', () => {
  const flags = [usage.acPresent, usage.charging, usage.discharging, usage.good].map((of) => status(of, 0));

  test('a status of zeros is no status', () => {
    expect(device(ids.powerwalker, flags).reading()).toMatchObject({
      acPresent: null,
      charging: null,
      discharging: null,
      outputOff: null,
    });
    expect(device(ids.powerwalker, flags).again(0, 0, 1, 1)).toMatchObject({ acPresent: false, discharging: true });
    expect(device(ids.eaton, flags).reading().acPresent).toBe(false);
  });

  test('a status of zeros is none either where nothing tells of the output', () => {
    const told = device(ids.powerwalker, flags.slice(0, 3));
    expect(told.reading()).toMatchObject({ acPresent: null, charging: null, discharging: null, outputOff: null });
    expect(told.again(0, 0, 1)).toMatchObject({ acPresent: false, discharging: true });
  });

  test('0 s left of a well charged battery is not known', () => {
    const both = (charge: number): Sent[] => [
      { in: [powerSummary], usage: usage.remainingCapacity, raw: charge },
      { in: [powerSummary], usage: usage.runTimeToEmpty, raw: 0 },
    ];
    expect(device(ids.powerwalker, both(80)).reading()).toMatchObject({ charge: 80, runtime: null });
    expect(device(ids.powerwalker, both(3)).reading()).toMatchObject({ charge: 3, runtime: 0 });
    expect(device(ids.unknown, both(80)).reading().runtime).toBe(0);
  });

  test('whole bytes as flags', () => {
    expect(device(ids.powerwalker, [{ ...status(usage.acPresent, 1), more: { size: 8 } }]).reading().acPresent).toBe(
      true,
    );
  });
});
