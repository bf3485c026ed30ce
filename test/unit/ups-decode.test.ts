import { describe, expect, test } from 'vitest';
import { decodeReport } from '../../electron/ups/hid/decode.ts';
import { parseReportDescriptor } from '../../electron/ups/hid/descriptor.ts';
import type { HidField } from '../../electron/ups/hid/report-descriptor.ts';
import { pathName } from '../../electron/ups/hid/usages.ts';
import { descriptorNames, profileNames, readDescriptor, readProfile } from '../fakes/ups/fixtures.ts';

const kinds = { Input: 'input', Output: 'output', Feature: 'feature' } as const;
const hex8 = (value: number) => value.toString(16).padStart(8, '0');
const place = (field: HidField) => `${field.kind} ${field.reportId} ${field.offset}`;

describe.each(descriptorNames)('descriptor %s', (name) => {
  test('has the reports that its source lists, all bytes of them', () => {
    const { bytes, lengths } = readDescriptor(name);
    const { reports } = parseReportDescriptor(bytes);
    for (const type of ['Input', 'Feature'] as const) {
      const parsed = reports.filter(({ kind }) => kind === kinds[type]).map(({ id, bytes: size }) => [id, size]);
      expect(new Map(parsed as [number, number][])).toEqual(lengths[type]);
    }
  });

  test('is the UPS application', () => {
    expect(parseReportDescriptor(readDescriptor(name).bytes).collections[0]).toMatchObject({
      usage: 0x84_0004,
      type: 1,
    });
  });
});

describe.each(profileNames)('profile %s', (name) => {
  const profile = readProfile(name);
  const { fields } = parseReportDescriptor(readDescriptor(name).bytes);
  const byPlace = new Map(fields.map((field) => [place(field), field]));
  const decoded = new Map<string, { raw: number; value: number }>();
  for (const [id, payload] of profile.reports) {
    const values = decodeReport(
      fields.filter((field) => field.reportId === id),
      payload,
    );
    for (const { field, raw, value } of values) decoded.set(place(field), { raw, value });
  }

  test('every field is where the other parser found it, with the same limits and units', () => {
    for (const row of profile.fields) {
      const field = byPlace.get(`${kinds[row.type]} ${row.reportId} ${row.offset}`);
      expect(field, row.path).toBeDefined();
      if (!field) continue;
      expect({
        path: pathName(field),
        collections: field.path.map(({ usage }) => (usage === null ? '-' : hex8(usage))).join('>'),
        usage: hex8(field.usage),
        size: field.size,
        limits: [field.logicalMin, field.logicalMax, field.physicalMin, field.physicalMax],
        unit: [hex8(field.unit), field.unitExponent],
        access: field.constant ? 'const' : 'data',
      }).toEqual({
        path: row.path,
        collections: row.collections,
        usage: row.usage,
        size: row.size,
        limits: [row.logMin, row.logMax, row.physMin, row.physMax],
        unit: [row.unit, row.unitExp],
        access: row.access,
      });
    }
  });

  test('every captured value decodes to the raw and the physical value, and to what NUT printed', () => {
    let compared = 0;
    for (const row of profile.fields) {
      if (row.raw === null || row.value === null) continue;
      const found = decoded.get(`${kinds[row.type]} ${row.reportId} ${row.offset}`);
      expect(found?.raw, row.path).toBe(row.raw);
      expect(found?.value, row.path).toBeCloseTo(row.value, 9);
      if (row.check === 'agrees') expect(Math.abs((found?.value ?? Number.NaN) - (row.nutValue ?? 0))).toBeLessThan(1);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  });
});

test('the captured set is whole', () => {
  const rows = profileNames.flatMap((name) => readProfile(name).fields);
  expect([descriptorNames.length, profileNames.length]).toEqual([13, 9]);
  expect(rows.filter(({ raw }) => raw !== null).length).toBeGreaterThan(400);
  expect(rows.filter(({ check }) => check === 'agrees').length).toBe(117);
});

describe('a report of another length than declared', () => {
  const { fields } = parseReportDescriptor(readDescriptor('apc-back-ups-es-850g2').bytes);
  const report = fields.filter((field) => field.kind === 'feature' && field.reportId === 0x0c);

  test('gives the fields that fit when short', () => {
    expect(decodeReport(report, Buffer.from([100])).map(({ raw }) => raw)).toEqual([100]);
    expect(decodeReport(report, Buffer.from([100, 0x64])).map(({ raw }) => raw)).toEqual([100]);
    expect(decodeReport(report, Buffer.alloc(0))).toEqual([]);
  });

  test('is cut when long', () => {
    expect(decodeReport(report, Buffer.from([100, 0x64, 3, 9, 9, 9])).map(({ raw }) => raw)).toEqual([100, 868]);
  });

  test('values outside the declared limits are kept', () => {
    expect(decodeReport(report, Buffer.from([104])).map(({ value }) => value)).toEqual([104]);
  });
});
