import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReport } from '../../electron/ups/hid/decode.ts';
import { parseReportDescriptor } from '../../electron/ups/hid/descriptor.ts';
import { pathName } from '../../electron/ups/hid/usages.ts';
import { FaultError } from '../../shared/fault.ts';
import { descriptorNames, readDescriptor } from '../fakes/ups/fixtures.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
/** One field of 8 bits in the UPS application, with `items` before it. */
const one = (items: string, more = '') => parseReportDescriptor(bytes(`0584 0904 a101 7508 9501 ${items} c0 ${more}`));

function codeOf(input: Uint8Array): string {
  try {
    parseReportDescriptor(input);
    return 'parsed';
  } catch (error) {
    return error instanceof FaultError ? error.fault.code : `not a FaultError: ${error}`;
  }
}

describe('items', () => {
  test('long items are skipped', () => {
    expect(one('fe 03 f0 010203 1500 2564 0930 b102').fields).toHaveLength(1);
  });

  test('push and pop keep all global state', () => {
    const { fields } = one('1500 2564 a4 0585 257f 7510 850a 0966 b102 b4 0930 b102');
    expect(fields.map(({ usage, logicalMax, size, reportId }) => [usage, logicalMax, size, reportId])).toEqual([
      [0x85_0066, 127, 16, 10],
      [0x84_0030, 100, 8, 0],
    ]);
  });

  test('a maximum that was written too short is read unsigned', () => {
    expect(one('1500 25ff 0930 b102').fields[0]).toMatchObject({ logicalMin: 0, logicalMax: 255 });
    expect(one('1500 27ffffffff 0930 b102').fields[0]).toMatchObject({ logicalMax: 4294967295 });
    expect(one('15ff 267fff 0930 b102').fields[0]).toMatchObject({ logicalMin: -1, logicalMax: 65407 });
    expect(one('15ff 257f 0930 b102').fields[0]).toMatchObject({ logicalMin: -1, logicalMax: 127 });
  });

  test('physical limits and the unit exponent', () => {
    expect(one('1500 2564 35c4 4600 08 550f 0930 b102').fields[0]).toMatchObject({
      physicalMin: -60,
      physicalMax: 2048,
      unitExponent: -1,
    });
    expect(one('55fe 0930 b102').fields[0]).toMatchObject({ unitExponent: -2, physicalMin: null });
  });
});

describe('usages', () => {
  test('each value takes its own, the last one stands for the rest', () => {
    const { fields } = one('9504 0930 0931 b102');
    expect(fields.map(({ usage, offset }) => [usage & 0xff, offset])).toEqual([
      [0x30, 0],
      [0x31, 8],
      [0x31, 16],
      [0x31, 24],
    ]);
  });

  test('a range counts up', () => {
    expect(one('9503 1942 2944 b102').fields.map(({ usage }) => usage & 0xff)).toEqual([0x42, 0x43, 0x44]);
  });

  test('a range may come the other way round, and with its page in one of its ends', () => {
    for (const range of ['2944 1942', '1b42008500 2944', '1942 2b44008500', '1b42008500 2b44008500']) {
      const own = range.includes('8500') ? 0x85 : 0x84;
      expect(one(`9503 ${range} b102`).fields.map(({ usage }) => usage)).toEqual(
        [0x42, 0x43, 0x44].map((id) => own * 0x10000 + id),
      );
    }
  });

  test('half a range is none, and does not reach the next item', () => {
    expect(one('1942 b102 2944 b102 0930 b102').fields.map(({ usage, offset }) => [usage & 0xff, offset])).toEqual([
      [0x30, 16],
    ]);
  });

  test('a page given after the usage counts, as the specification says', () => {
    expect(one('0944 0585 b102').fields[0]?.usage).toBe(0x85_0044);
  });

  test('a list over several pages keeps each, as makers expect', () => {
    const { fields } = one('9503 0585 0944 0584 0969 0585 0945 b102');
    expect(fields.map(({ usage }) => usage)).toEqual([0x85_0044, 0x84_0069, 0x85_0045]);
  });

  test('a usage of four bytes brings its page', () => {
    expect(one('0b d0008500 b102').fields[0]?.usage).toBe(0x85_00d0);
  });

  test('of alternatives in a delimiter the first counts', () => {
    expect(one('a901 0930 0931 a900 b102').fields.map(({ usage }) => usage & 0xff)).toEqual([0x30]);
  });

  test('padding takes its bits and is no field', () => {
    const { fields, reports } = one('7501 9503 b101 9501 0965 b102 9504 b101');
    expect(fields).toMatchObject([{ offset: 3, size: 1 }]);
    expect(reports).toEqual([{ kind: 'feature', id: 0, bytes: 1 }]);
  });

  test('of alternatives with ranges too', () => {
    expect(one('a901 1930 2931 0932 a900 9502 b102').fields.map(({ usage }) => usage & 0xff)).toEqual([0x30, 0x31]);
  });

  test('an array slot selects, and is not decoded as one of its usages', () => {
    expect(one('1501 2503 1942 2944 b100').fields).toMatchObject([
      { selects: [{ first: 0x84_0042, last: 0x84_0044 }] },
    ]);
  });

  test('an array with a single usage is a variable whose flag was forgotten', () => {
    expect(one('1500 2564 0966 b100').fields).toMatchObject([{ usage: 0x84_0066, selects: [] }]);
  });

  test('buffered bytes and other flags in a second byte change nothing', () => {
    expect(one('1500 2564 0966 b2a201').fields).toMatchObject([{ usage: 0x84_0066, constant: false, selects: [] }]);
  });
});

test('collections nest, and their vendor-defined type is their index', () => {
  const { fields, collections } = one('091e a184 0940 b103 c0 091a a100 a102 0930 b102 c0 c0');
  expect(fields.map(pathName)).toEqual(['UPS.Flow.[4].ConfigVoltage', 'UPS.Input.Voltage']);
  expect(fields.map(({ constant }) => constant)).toEqual([true, false]);
  expect(collections).toEqual([{ usage: 0x84_0004, type: 1, index: null }]);
});

test('input, output and feature reports are counted apart, by id', () => {
  const { fields, reports } = one('8501 0930 8102 0930 9102 0930 b102 8502 0931 b102 8501 0932 b102');
  expect(fields.map(({ kind, reportId, offset }) => [kind, reportId, offset])).toEqual([
    ['input', 1, 0],
    ['output', 1, 0],
    ['feature', 1, 0],
    ['feature', 2, 0],
    ['feature', 1, 8],
  ]);
  expect(reports).toContainEqual({ kind: 'feature', id: 1, bytes: 2 });
});

test('the zero bytes that sysfs may add are padding', () => {
  expect(one('0930 b102', '00'.repeat(4000)).fields).toHaveLength(1);
});

describe('hostile descriptors', () => {
  test.each([
    ['nothing', ''],
    ['an item cut off', '0584 0904 a101 27ff'],
    ['a long item cut off', 'fe'],
    ['a long item with its data cut off', 'fe ff 00 01'],
    ['a collection not closed', '0584 0904 a101 7508 9501 0930 b102'],
    ['a collection closed twice', '0584 0904 a101 7508 9501 0930 b102 c0 c0'],
    ['a pop without a push', 'b4'],
    ['endless pushes', 'a4'.repeat(1000)],
    ['endless nesting', 'a100'.repeat(1000)],
    ['report id 0', '8500'],
    ['report id 256', '860001'],
    ['a range that ends before it begins', '1944 2942'],
    ['a range over two pages', '1b44008400 2b44008500'],
    ['a range without a beginning', '2942'],
    ['4 thousand million fields', '0930 7501 97ffffffff b102'],
    ['fields of 4 thousand million bits', '0930 77ffffffff 9501 b102'],
    ['as much padding', '7501 97ffffffff b101'],
    ['many reports of many fields', Array.from({ length: 60 }, () => '0930 7501 960010 b102 ').join('')],
    ['no field', '0584 0904 a101 c0'],
  ])('%s', (_name, hex) => {
    expect(codeOf(bytes(hex))).toBe('ups-bad-descriptor');
  });

  test('more bytes than a descriptor can have', () => {
    expect(codeOf(new Uint8Array(70_000))).toBe('ups-bad-descriptor');
  });

  const outcomes = ['parsed', 'ups-bad-descriptor'];

  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (input) => outcomes.includes(codeOf(input))),
      { seed: 20261121, numRuns: 2000 },
    );
  });

  test('real ones with bytes changed, cut or doubled: a descriptor, or a fault; its fields are inside their reports', () => {
    const real = descriptorNames.map((name) => readDescriptor(name).bytes);
    const change = fc.record({ at: fc.nat(1200), byte: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom(...real), fc.array(change, { minLength: 1, maxLength: 8 }), (whole, changes) => {
        const input = Uint8Array.from(whole);
        let end = input.length;
        for (const { at, byte, cut } of changes) {
          if (at < input.length) input[at] = byte;
          if (cut && at > 100) end = Math.min(end, at);
        }
        const mangled = input.subarray(0, end);
        if (codeOf(mangled) !== 'parsed') return codeOf(mangled) === 'ups-bad-descriptor';
        const { fields, reports } = parseReportDescriptor(mangled);
        const bits = new Map(reports.map(({ kind, id, bytes: size }) => [`${kind} ${id}`, size * 8]));
        const inside = fields.every((f) => f.offset + f.size <= (bits.get(`${f.kind} ${f.reportId}`) ?? -1));
        const finite = decodeReport(fields, Buffer.alloc(64, 0xff)).every(({ value }) => Number.isFinite(value));
        return inside && finite;
      }),
      { seed: 20261121, numRuns: 3000 },
    );
  });

  test('the worst of 64 KiB takes no long time', () => {
    const started = performance.now();
    for (const item of ['a4b4', 'a100c0', '0930', '19002aff0f', '19002affff', '85017508b102']) {
      codeOf(Buffer.alloc(65_535, bytes(`0930${item}`)));
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
