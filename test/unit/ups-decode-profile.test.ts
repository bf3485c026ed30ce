import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeProfile } from '../../electron/ups/hid/decode-profile.ts';
import { FaultError } from '../../shared/fault.ts';
import { readingSchema } from '../../shared/reading.ts';
import { descriptorNames, profileNames, readProfile } from '../fakes/ups/fixtures.ts';

const folder = join(import.meta.dirname, '../fixtures/hid');
const text = (path: string) => readFileSync(join(folder, path), 'utf8');
const descriptorText = (name: string) => text(`descriptors/${name}.hex`);
const profileText = (name: string) => text(`profiles/${name}.tsv`);
const decoded = (name: string) => decodeProfile(descriptorText(name), profileText(name));

function faultOf(work: () => unknown): { code: string; where: string; what: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test.each(descriptorNames)('descriptor %s decodes with an empty profile: every field, no value', (name) => {
  const { fields, reading } = decodeProfile(descriptorText(name), '');
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.every(({ raw, value }) => raw === null && value === null)).toBe(true);
  expect(readingSchema.safeParse(reading).error).toBeUndefined();
});

describe.each(profileNames)('profile %s', (name) => {
  test('gives the rows that are in the file, and none of another report', () => {
    const { fields } = decoded(name);
    const placed = new Map(fields.map((field) => [`${field.type} ${field.reportId} ${field.offset}`, field]));
    const { fields: rows, reports } = readProfile(name);
    for (const row of rows) {
      const field = placed.get(`${row.type} ${row.reportId} ${row.offset}`);
      expect([field?.path, field?.size, field?.raw], `${row.path} in ${row.reportId}`).toEqual([
        row.path,
        row.size,
        row.raw,
      ]);
      if (row.value === null) expect(field?.value, row.path).toBeNull();
      else expect(field?.value, row.path).toBeCloseTo(row.value, 9);
    }
    expect(fields.filter(({ raw, reportId }) => raw !== null && !reports.has(reportId))).toEqual([]);
  });
});

test('every value that NUT printed is the decoded one', () => {
  let compared = 0;
  for (const name of profileNames) {
    const { fields } = decoded(name);
    for (const row of readProfile(name).fields) {
      if (row.nutValue === null) continue;
      const field = fields.find(
        ({ type, reportId, offset }) => type === row.type && reportId === row.reportId && offset === row.offset,
      );
      // NUT's log has whole numbers.
      expect(Math.abs((field?.value ?? Number.NaN) - row.nutValue), `${name} ${row.path}`).toBeLessThan(1);
      compared += 1;
    }
  }
  console.info(`${descriptorNames.length} descriptors, ${compared} values that NUT printed`);
  expect(compared).toBe(117);
});

describe('devices that taught us a trap', () => {
  const more = readdirSync(join(folder, 'more'))
    .filter((file) => file.endsWith('.hex'))
    .map((file) => file.slice(0, -4));
  const readingOf = (name: string) => decodeProfile(text(`more/${name}.hex`), text(`more/${name}.tsv`)).reading;

  test('are all here', () => {
    expect(more.sort()).toEqual(['eaton-5sc-750', 'legrand-1cb0-0032', 'liebert-gxt5']);
  });

  test('Liebert GXT5: minutes, hundredths, live values under nominal usages, phases', () => {
    const { fields, reading } = decodeProfile(text('more/liebert-gxt5.hex'), text('more/liebert-gxt5.tsv'));
    expect(reading).toMatchObject({
      acPresent: true,
      charging: false,
      fullyCharged: true,
      batteryPresent: true,
      runtime: 2160,
      load: 9,
      power: 50,
      nominalPower: null,
      inputVoltage: 238,
      outputVoltage: 239,
      batteryVoltage: 40,
      nominalBatteryVoltage: null,
      temperature: null,
      lowRuntime: null,
      testResult: 'none',
    });
    // Repairs are no part of the fields.
    const voltages = fields.filter(({ path }) => path === 'UPS.PowerSummary.ConfigVoltage');
    expect(voltages.map(({ raw, value, unit }) => [raw, value, unit])).toEqual([
      [238, 238, 'V'],
      [0, 0, 'V'],
      [0, 0, 'V'],
      [239, 2.39, 'V'],
      [0, 0, 'V'],
    ]);
    expect(fields.find(({ size }) => size === 3)).toMatchObject({ path: 'UPS.PowerSummary.00840091', offset: 13 });
  });

  test('Legrand: exponent 1 for tenths, in no list', () => {
    expect(readingOf('legrand-1cb0-0032')).toMatchObject({
      inputVoltage: 239.2,
      outputVoltage: 240.8,
      batteryVoltage: 13.6,
      nominalBatteryVoltage: 12,
      power: 67,
      load: 11,
      charging: false,
      beeper: 'disabled',
      offIn: null,
      onIn: null,
    });
  });

  test('Eaton 5SC 750: its charger rests, though it says charging', () => {
    expect(readingOf('eaton-5sc-750')).toMatchObject({
      charging: false,
      discharging: false,
      outputOff: false,
      nominalPower: 525,
      inputVoltage: 229,
      outputVoltage: 228.4,
      inputFrequency: 49.9,
      batteryVoltage: 25.8,
      nominalBatteryVoltage: 24,
      lowCharge: 20,
    });
  });
});

describe('units', () => {
  test.each([
    ['eaton-3s-700', 'UPS.Flow.[4].ConfigApparentPower', 'VA'],
    ['cyberpower-cp1000pfclcda', 'UPS.Output.ActivePower', 'W'],
    ['cyberpower-cp1000pfclcda', 'UPS.Input.Voltage', 'V'],
    ['tripplite-3016', 'UPS.PowerConverter.Output.Current', 'A'],
    ['tripplite-3016', 'UPS.PowerConverter.Output.Frequency', 'Hz'],
    ['apc-smart-ups-1000-0002', 'UPS.Battery.Temperature', 'K'],
    ['apc-smart-ups-1000-0002', 'UPS.Battery.RunTimeToEmpty', 's'],
    ['apc-back-ups-es-850g2', 'UPS.PowerSummary.RemainingCapacity', ''],
  ])('%s %s: "%s"', (name, path, unit) => {
    const { fields } = decodeProfile(descriptorText(name), '');
    expect(fields.find((field) => field.path === path)?.unit).toBe(unit);
  });
});

describe('what files may look like', () => {
  const descriptor = '05 84 09 04 a1 01 09 24 a1 00 85 0c 75 08 95 02 15 00 26 ff 00 05 85 09 66 09 67 b1 82 c0 c0';
  const read = (hex: string, profile: string) => decodeProfile(hex, profile).fields.map(({ raw }) => raw);

  test.each([
    ['as they are', descriptor, '# report 0c 64 63'],
    ['upper case', descriptor.toUpperCase(), '# REPORT 0C 64 63'],
    ['0x and commas', descriptor.replaceAll(/(\w\w) ?/g, '0x$1, '), '# report 0x0C 0x64, 0x63'],
    ['without spaces', descriptor.replaceAll(' ', ''), '# report 0c6463'],
    [
      'CRLF, blank lines, comments',
      `# vid:pid 1:2\r\n\r\n${descriptor} # the end\r\n`,
      '# report\t0c 64 63\r\n\r\n# x',
    ],
    ['a byte order mark', `\uFEFF${descriptor}`, '\uFEFF# report 0c 64 63'],
    ['one byte a line', descriptor.replaceAll(' ', '\n'), 'path\tx\n# report 0c 64 63\nUPS.x\t1'],
    ['a colon after the id', descriptor, '# report 0c: 64 63'],
    ['longer than declared', descriptor, '# report 0c 64 63 62 61'],
  ])('%s', (_name, hex, profile) => {
    expect(read(hex, profile)).toEqual([100, 99]);
  });

  test('a report that is too short has what fits in it', () => {
    expect(read(descriptor, '# report 0c 64')).toEqual([100, null]);
    expect(read(descriptor, '# report 0c')).toEqual([null, null]);
  });

  test('rows, and lines that only look like reports, are not read', () => {
    expect(read(descriptor, '# reports Input: 0c:2\nreport 0c 64 63\n0c 64 63')).toEqual([null, null]);
  });

  test('the ids come from the profile, else from the descriptor, else there are none', () => {
    const device = (hex: string, profile: string) => decodeProfile(hex, profile).device;
    const head = '# vid:pid 051d:0002\n# model Back-UPS\n';
    const eaton = '# device      0463:ffff Eaton 3S 700';
    expect(device(`${head}${descriptor}`, eaton)).toEqual({ vendorId: 0x463, productId: 0xffff, name: 'Eaton 3S 700' });
    expect(device(`${head}${descriptor}`, '')).toEqual({ vendorId: 0x51d, productId: 2, name: 'Back-UPS' });
    expect(device(descriptor, '# device unknown')).toEqual({ vendorId: 0, productId: 0, name: '' });
  });

  test.each([
    ['a letter in the descriptor', '05 84\n09 zz', '', 'invalid-input', 'descriptor, line 2'],
    ['half a byte', '05 84 094', '', 'invalid-input', 'descriptor, line 1'],
    ['no byte', '# nothing\n', '', 'invalid-input', 'descriptor'],
    ['a letter in a report', descriptor, '# device 1:2\n# report 0c 6x', 'invalid-input', 'profile, line 2'],
    ['a report without an id', descriptor, '\n# report', 'invalid-input', 'profile, line 2'],
    ['a descriptor that is none', '05 84 c0', '', 'ups-bad-descriptor', 'USB report descriptor'],
  ])('%s', (_name, hex, profile, code, where) => {
    expect(faultOf(() => decodeProfile(hex, profile))).toMatchObject({ code, where });
  });

  test('a file that is no text of ours ends in a fault, soon', () => {
    expect(faultOf(() => decodeProfile('ff '.repeat(2_000_000), '')).code).toBe('invalid-input');
    expect(faultOf(() => decodeProfile('ff '.repeat(30_000), '')).code).toBe('ups-bad-descriptor');
  });
});
