import { describe, expect, test } from 'vitest';
import { upsDescriptor } from '../../electron/ups/hid/candidates.ts';
import { wholeOf } from '../../electron/ups/hid/capacity.ts';
import { DeviceState } from '../../electron/ups/hid/device-state.ts';
import { FieldStore } from '../../electron/ups/hid/field-store.ts';
import { quirksFor } from '../../electron/ups/hid/quirks/quirks.ts';
import type { HidField } from '../../electron/ups/hid/report-descriptor.ts';
import { unitCode } from '../../electron/ups/hid/unit-codes.ts';
import { usage } from '../../electron/ups/hid/usages.ts';
import { readDescriptor } from '../fakes/ups/fixtures.ts';
import { device, ids, type Sent } from './ups-quirks-kit.ts';

const of =
  (id: number) =>
  (raw: number, more: Sent['more'] = {}): Sent => ({
    in: [usage.powerSummary],
    usage: id,
    raw,
    more,
  });
const capacity = of(usage.remainingCapacity);
const mode = of(usage.capacityMode);
const full = of(usage.fullChargeCapacity);
const design = of(usage.designCapacity);
const limit = of(usage.remainingCapacityLimit);
const charge = (...sent: Sent[]) => device(ids.unknown, sent).reading().charge;

const bit = { size: 1, logicalMax: 1 };
const byte = { size: 8, logicalMax: 255 };
const ampereSeconds = { size: 24, logicalMax: 0xff_fffe, unit: unitCode.ampereSecond };

describe('what 100 % are', () => {
  test.each<[string, Sent[], number | null]>([
    ['mAh of what is full', [capacity(1500), mode(0), full(3000)], 50],
    ['mWh of what it was designed for', [capacity(2700), mode(1), design(3000)], 90],
    ['mWh that are percent all the same', [capacity(80), mode(1), full(100)], 80],
    ['mWh in a byte, which cannot hold the whole', [capacity(80, byte), mode(1), full(3000)], 80],
    ['mWh of nobody knows what', [capacity(80), mode(1)], null],
    ['mWh with percent in its limits', [capacity(80, { logicalMax: 100 }), mode(1)], 80],
    ['percent', [capacity(80), mode(2), full(3000)], 80],
    ['percent that cannot be', [capacity(1500), mode(2), full(3000)], null],
    ['a mode of one bit says nothing: the whole does', [capacity(75), mode(0, bit), full(3000)], 2.5],
    ['no mode: the whole does', [capacity(1500), full(3000)], 50],
    ['no mode, nearly empty', [capacity(75), full(3000)], 2.5],
    ['no mode, and a byte that cannot hold the whole', [capacity(80, byte), full(3000)], 80],
    ['no mode, percent of 100', [capacity(80), full(100)], 80],
    ['no mode, and nothing else', [capacity(80)], 80],
    ['no mode, and too much for percent', [capacity(1500)], null],
    ['ampere-seconds of ampere-seconds', [capacity(60, ampereSeconds), full(240, ampereSeconds)], 25],
    ['a whole of ones, which is none', [capacity(80), full(0xffff)], null],
    ['a whole of ones, and another', [capacity(1500), full(0xffff), design(3000)], 50],
    ['a byte beside a whole of ones', [capacity(80, byte), full(0xff, byte)], 80],
    ['a number without a unit beside a whole with one', [capacity(80), full(3000, ampereSeconds)], null],
    ['a whole beyond the limits of the field', [capacity(80, { logicalMax: 100 }), full(3000)], null],
  ])('%s', (_name, sent, expected) => {
    expect(charge(...sent)).toBe(expected);
  });

  test('the limit is in the same unit', () => {
    expect(device(ids.arduino, [limit(300), mode(1), full(3000)]).reading().lowCharge).toBe(10);
    expect(device(ids.arduino, [limit(20), mode(2)]).reading().lowCharge).toBe(20);
  });

  test.each([25_920, 5184, 200, 120, 60, 5])('09d6:0001 counts ampere-seconds down to the end: %d', (raw) => {
    const told = device([0x09d6, 0x0001], [capacity(raw, ampereSeconds), full(25_920, ampereSeconds)]);
    expect(told.reading().charge).toBeCloseTo((raw / 25_920) * 100, 9);
  });

  const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const cheap = () => {
    const ids = { vendorId: 0x5131, productId: 0x2007, manufacturer: '', product: '' };
    const descriptor = upsDescriptor(readDescriptor('generic-5131-2007').bytes);
    return new DeviceState(descriptor, quirksFor(ids, descriptor));
  };

  // The feature report of the log in https://github.com/networkupstools/nut/issues/3227, without its id.
  test.each([400, 200, 121, 120, 100, 80, 20])('5131:2007 says %d of 400', (remaining) => {
    const state = cheap();
    state.polled(0x0b, bytesOf('3105900100280000040000010000dc00900100900100'), 1);
    expect(state.reading('x').charge).toBe(100);
    state.interrupted(Uint8Array.of(0x0b, remaining & 0xff, remaining >> 8, 0, 0, 0, 2), 2);
    expect(state.reading('x').charge).toBe(remaining / 4);
  });

  test('until the whole has come, what is wider than a byte is not known', () => {
    const state = cheap();
    state.interrupted(Uint8Array.of(0x0b, 100, 0, 0, 0, 0, 2), 1);
    expect(state.reading('x').charge).toBeNull();
  });

  test('until a mode that could say percent has come, only what cannot be percent is judged', () => {
    const { field } = new FieldStore(upsDescriptor(readDescriptor('apc-back-ups-500').bytes).fields).slots.find(
      ({ field: each }) => each.usage === usage.remainingCapacity,
    ) as { field: HidField };
    const grounds = { mode: undefined, hasMode: true, wholes: [{ field, value: 3000 }] };
    expect([wholeOf(field, 80, grounds), wholeOf(field, 1500, grounds)]).toEqual([0, 3000]);
    expect(wholeOf(field, 80, { ...grounds, mode: 2 })).toBeNull();
  });
});
