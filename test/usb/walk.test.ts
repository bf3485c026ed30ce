import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Guest } from '../fakes/usb/guest.ts';
import type { Field } from '../fakes/usb/report-descriptor.ts';
import type { FieldKey } from '../fakes/usb/ups-fields.ts';
import { UsbDevice } from '../fakes/usb/usb-device.ts';
import { onLine, UsbUps } from '../fakes/usb/usb-ups.ts';
import type { UsbredirServer } from '../fakes/usb/usbredir-server.ts';
import { compare, differences, disagreeing } from './support/compare.ts';
import { image } from './support/image.ts';
import { Readers } from './support/readers.ts';
import { type Change, Report } from './support/report.ts';

// A real kernel reads emulated UPSes on an emulated USB; NUT's own driver and our built worker read the same one,
// each through a device of its own, as NUT takes its device away from the kernel. At every stage of a power failure
// every value that both can have must be the same.

const serials = { nut: 'NUT00001', ours: 'OURS0001', exponent: 'WRONGEXP', bits: 'WRONGBIT' };

/** Ten times what it is. */
const wrongExponent = (field: Field<FieldKey>): Field<FieldKey> =>
  field.key === 'runtime' ? { ...field, exponent: field.exponent + 1 } : field;

const other: Partial<Record<FieldKey, number>> = { charging: 0x85_0045, discharging: 0x85_0044 };
const swappedBits = (field: Field<FieldKey>): Field<FieldKey> => ({ ...field, usage: other[field.key] ?? field.usage });

const ups = new UsbUps();
const guest = new Guest();
const readers = new Readers(guest);
const report = new Report();
let cable: UsbredirServer;

beforeAll(async () => {
  await guest.attach(new UsbDevice(ups, { serial: serials.nut }));
  cable = await guest.attach(new UsbDevice(ups, { serial: serials.ours }));
  await guest.attach(new UsbDevice(ups, { serial: serials.exponent, declare: wrongExponent }));
  await guest.attach(new UsbDevice(ups, { serial: serials.bits, declare: swappedBits }));
  await report.timed('boot', () => guest.boot(image()));
  await report.timed("NUT's first values", () => readers.startNut());
  await report.timed('our first values', async () => {
    await readers.startOurs();
    await readers.until('our first reading', () => ours() !== null);
  });
});

afterAll(async () => {
  await guest.close();
  console.log(report.text(guest.ready));
});

function ours(serial = serials.ours) {
  const reading = readers.readings.get(serial);
  const found = readers.upses.get(serial);
  return reading && found ? { reading, found } : null;
}

function compared(serial = serials.ours) {
  const known = ours(serial);
  return known ? compare(known.found, known.reading, readers.nut) : [];
}

/** Waits until all agrees: some values are asked for every ten seconds only. Then says what does not. */
async function agree(stage: string) {
  const agreed = () => compared().length > 0 && disagreeing(compared()).length === 0;
  const took = await readers.until(stage, agreed, 20_000).catch(() => null);
  report.stage(stage, compared(), took);
  expect(differences(compared())).toEqual([]);
  expect(compared().length).toBeGreaterThan(20);
}

/** A change that goes out by interrupt, and how long each of the two takes until it has it. */
async function change(name: string, { make, ours: seenByUs, nut: seenByNut }: Change) {
  const us = readers.until(`${name}, ours`, () => seenByUs(readers.readings.get(serials.ours)), 10_000);
  const nut = readers.until(`${name}, NUT's`, () => seenByNut(readers.nut), 10_000);
  make();
  report.latency(name, { ours: await us, nut: await nut });
}

const has = (flag: string) => (nut: Readonly<Record<string, string>>) =>
  nut['ups.status']?.split(' ').includes(flag) === true;

const drain = (charge: number, runtime: number): Change => ({
  make: () => ups.drainTo(charge, runtime),
  ours: (reading) => reading?.charge === charge,
  nut: (variables) => Number(variables['battery.charge']) === charge,
});

describe('a power failure, as NUT sees it and as we see it', { timeout: 60_000 }, () => {
  test('on line', () => agree('on line'));

  test("NUT's own UPS is not passed over in silence: another program has it", async () => {
    await readers.until('ups-in-use', () => readers.faults.some(({ code }) => code === 'ups-in-use'), 25_000);
    expect(readers.faults.map(({ code }) => code)).toEqual(['ups-in-use']);
    expect(readers.upses.has(serials.nut)).toBe(false);
  });

  test('what is wrong in a descriptor is not taken for agreement', async () => {
    await readers.until('the wrong ones', () => ours(serials.exponent) !== null && ours(serials.bits) !== null);
    const only = (serial: string, names: string[]) =>
      readers.until(names.join(), () => disagreeing(compared(serial)).join() === names.join()).catch(() => undefined);
    await only(serials.exponent, ['battery.runtime']);
    expect(disagreeing(compared(serials.exponent))).toEqual(['battery.runtime']);
    await only(serials.bits, ['ups.status CHRG', 'ups.status DISCHRG']);
    expect(disagreeing(compared(serials.bits))).toEqual(['ups.status CHRG', 'ups.status DISCHRG']);
    report.caught(2);
  });

  test('the mains fail', async () => {
    await change('mains lost', {
      make: () => ups.loseMains(),
      ours: (reading) => reading?.acPresent === false,
      nut: has('OB'),
    });
    await agree('mains lost');
  });

  test('the battery drains', async () => {
    for (const [charge, runtime] of [
      [80, 1500],
      [65, 1200],
      [50, 900],
    ] as const) {
      await change(`${charge} %`, drain(charge, runtime));
    }
    await agree('draining');
  });

  test('the battery is low, and everything else is not as it was', async () => {
    ups.set({ needReplacement: true, overload: true, load: 117, outputVoltage: 221.7, temperature: 313.9 });
    ups.set({ beeper: 3, test: 2, offIn: 180, onIn: 60 });
    await change('low battery', {
      make: () => ups.drainTo(9, 100),
      ours: (reading) => reading?.belowCapacityLimit === true,
      nut: has('LB'),
    });
    await agree('low');
  });

  test('the mains are back', async () => {
    await change('mains back', {
      make: () => ups.mainsBack(),
      ours: (reading) => reading?.acPresent === true,
      nut: has('OL'),
    });
    ups.set(onLine);
    await change('60 %', drain(60, 1000));
    await agree('mains back');
  });

  test('unplugged and plugged in again', async () => {
    cable.unplug();
    report.latency('unplugged', { ours: await readers.until('the loss', () => ours() === null, 10_000) });
    cable.plug();
    report.latency('found again', { ours: await readers.until('it again', () => ours() !== null, 15_000) });
    await agree('plugged in again');
  });
});
