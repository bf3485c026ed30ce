import { describe, expect, test, vi } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { captured } from '../fakes/ups/captured.ts';
import { FakeUps } from '../fakes/ups/fake-ups.ts';
import { hidBench, isFound, isLost, isReading, isTrouble, waitFor } from '../fakes/ups/hid-bench.ts';
import { smallApc } from '../fakes/ups/small-apc.ts';

// Devices that do not behave: through the real node-hid, against an emulated hidraw device.

const bench = hidBench();

/** A keyboard with one input and one feature report of its own. */
const keyboard = Buffer.from('05010906a101850305071500250175019508190029078102850495017508b102c0', 'hex');

describe.concurrent('a device', { timeout: 90_000 }, () => {
  test('that answers longer or shorter than declared is read as far as it goes', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    // Charge and runtime are one report: of the runtime half is missing.
    fake.answerBytes.set(0x0c, 2);
    fake.answerBytes.set(0x16, 40);
    fake.answerBytes.set(0x31, 200);
    const { log } = watch(fake);
    const { reading } = await log.reading(({ inputVoltage, charge }) => inputVoltage !== null && charge !== null);
    expect(reading).toMatchObject({ acPresent: true, charge: 100, runtime: null, inputVoltage: 230 });
  });

  test('whose low battery stands in a report that stalls is asked for it every 5 s at last, and for the others as ever', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    // Low battery stands in a report of its own, 0x14: it is read with the status.
    const fake = await plugged({ model: captured('apc-back-ups-bx1600mi'), serial: 'BX1' });
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    fake.device.stalled.set(0x14, 'EPIPE');
    supervisor.hurry(true);
    const before = fake.log.length;
    const asked = (id: number) => fake.log.slice(before).filter((entry) => entry.id === id).length;
    await vi.waitFor(() => expect(asked(0x16)).toBeGreaterThanOrEqual(24), { timeout: 40_000, interval: 20 });
    // Three times in a row, and then with a rest of 5 s.
    expect(asked(0x14)).toBeGreaterThanOrEqual(6);
    expect(asked(0x14)).toBeLessThanOrEqual(8);
    // What it said before it stalled is not known any more, and the rest is as fresh as ever.
    expect(log.events.at(-1)).toMatchObject({ fresh: 'poll', reading: { acPresent: true, belowCapacityLimit: null } });
    fake.device.stalled.clear();
    fake.set({ BelowRemainingCapacityLimit: 1 }, { push: false });
    await log.reading(({ belowCapacityLimit }) => belowCapacityLimit === true, 7000);
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('that answers nothing any more, and sends nothing, is lost, left alone and opened again', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log, pids } = watch(fake);
    const first = await log.next(isFound);
    await log.next(isReading);
    fake.device.fault = 'EPIPE';
    expect(await log.next(isLost, 40_000)).toMatchObject({
      fault: { code: 'ups-lost', what: expect.stringContaining('has not answered for 20 s') },
    });
    const lost = Date.now();
    fake.device.fault = null;
    expect(await log.next(isFound)).toEqual(first);
    expect(Date.now() - lost).toBeGreaterThanOrEqual(1900);
    await log.next(isReading);
    expect(pids).toHaveLength(1);
  });

  test('that dozes for some polls and then answers again was never lost', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged({ model: captured('cyberpower-cp1000pfclcda'), serial: 'CPS1' });
    const { log } = watch(fake);
    await log.reading(({ charge }) => charge !== null);
    const asked = fake.log.length;
    fake.device.fault = 'EPIPE';
    await vi.waitFor(() => expect(fake.log.length).toBeGreaterThan(asked + 4), waitFor);
    fake.device.fault = null;
    fake.set({ ACPresent: 0, Discharging: 1 }, { push: false });
    await log.reading(({ acPresent }) => acPresent === false);
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('whose interrupt reports stop is opened again, untold, and sends them again', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log } = watch(fake);
    const first = await log.next(isFound);
    for (const charge of [99, 98, 97]) {
      fake.set({ RemainingCapacity: charge });
      await log.reading((reading) => reading.charge === charge);
    }
    fake.interrupts = false;
    let charging = 1;
    const change = setInterval(() => {
      charging = 1 - charging;
      fake.set({ Charging: charging });
    }, 2500);
    onTestFinished(() => clearInterval(change));
    expect(await log.next(isFound, 80_000)).toEqual(first);
    clearInterval(change);
    fake.interrupts = true;
    await log.next(isReading);
    fake.set({ ACPresent: 0, Discharging: 1 });
    expect(await log.reading(({ acPresent }) => acPresent === false)).toMatchObject({ fresh: 'interrupt' });
    expect(log.events.filter(isLost)).toEqual([]);
    expect(fake.written).toEqual([]);
  });

  test('whose polled answers are frozen still tells an outage by interrupt', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log } = watch(fake);
    await log.reading(({ charge }) => charge === 100);
    fake.freeze();
    fake.set({ ACPresent: 0, Discharging: 1 });
    expect(await log.reading(({ acPresent }) => acPresent === false)).toMatchObject({ fresh: 'interrupt' });
  });

  test('that is one of several on a composite device is read, and what the others send is not taken for its own', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const descriptor = Buffer.concat([keyboard, smallApc.descriptor]);
    const fake = await plugged({ model: { ...smallApc, descriptor }, interfaceNumber: 2, serial: '' });
    const { log } = watch(fake);
    expect(await log.next(isFound)).toMatchObject({ ups: { id: 'hid:051d:0002@usb-0000:00:14.0-1/input2' } });
    await log.reading(({ charge }) => charge === 100);
    fake.device.push(Buffer.from([3, 0xff]));
    fake.set({ ACPresent: 0, Discharging: 1 });
    await log.reading(({ acPresent }) => acPresent === false);
    // The keyboard's feature report is nobody's business.
    expect(fake.log.map(({ id }) => id)).not.toContain(4);
    expect(log.events.filter(isFound)).toHaveLength(1);
  });

  test.for([
    ['without a serial number', ''],
    ['with zeros for one', '000000000000'],
  ] as const)('%s is known by its port, and two of them are two', async ([, serial], { onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const one = await plugged({ serial });
    const other = new FakeUps({ folder: one.device.folder, serial, port: 'usb-0000:00:14.0-2/input0' });
    onTestFinished(() => other.unplug());
    await other.plug(1);
    const { log } = watch(one);
    await log.next(isFound);
    await log.next(isFound);
    const ids = log.events.flatMap((event) => (event.type === 'found' ? event.ups.id : []));
    expect(ids.sort()).toEqual(['hid:051d:0002@usb-0000:00:14.0-1/input0', 'hid:051d:0002@usb-0000:00:14.0-2/input0']);
  });

  test('with the serial number of another one goes by its port, and so does the other', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const one = await plugged({ serial: 'SAME' });
    const other = new FakeUps({ folder: one.device.folder, serial: 'SAME', port: 'usb-0000:00:14.0-2/input0' });
    onTestFinished(() => other.unplug());
    await other.plug(1);
    const { log } = watch(one);
    await log.next(isFound);
    await log.next(isFound);
    const ids = log.events.flatMap((event) => (event.type === 'found' ? event.ups.id : []));
    expect(ids.sort()).toEqual(['hid:051d:0002@usb-0000:00:14.0-1/input0', 'hid:051d:0002@usb-0000:00:14.0-2/input0']);
  });

  test('whose serial number turns up a second time keeps its id until it is unplugged', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const one = await plugged({ serial: 'SAME' });
    const { log } = watch(one);
    const alone = (await log.next(isFound)) as Extract<UpsEvent, { type: 'found' }>;
    expect(alone.ups.id).toBe('hid:051d:0002:SAME');
    const other = new FakeUps({ folder: one.device.folder, serial: 'SAME', port: 'usb-0000:00:14.0-2/input0' });
    onTestFinished(() => other.unplug());
    await other.plug(1);
    expect(await log.next(isFound, 20_000)).toMatchObject({ ups: { id: 'hid:051d:0002@usb-0000:00:14.0-2/input0' } });
    expect(log.events.filter(isLost)).toEqual([]);
    await one.unplug();
    expect(await log.next(isLost)).toMatchObject({ upsId: 'hid:051d:0002:SAME' });
    await one.plug(2);
    expect(await log.next(isFound, 20_000)).toMatchObject({ ups: { id: 'hid:051d:0002@usb-0000:00:14.0-1/input0' } });
  });

  test('whose descriptor was garbage is read when it has a good one', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    // A pop without a push; hidapi looks no further than to the usage and the end of the collection.
    const descriptor = Buffer.from('05840904a101b4c0', 'hex');
    const bad = await plugged({ model: { ...smallApc, descriptor } });
    const { log } = watch(bad);
    expect(await log.next(isTrouble)).toMatchObject({ fault: { code: 'ups-bad-descriptor' } });
    expect(bad.log).toEqual([]);
    const good = new FakeUps({ folder: bad.device.folder });
    onTestFinished(() => good.unplug());
    await bad.unplug();
    await good.plug(0);
    await log.next(isFound, 40_000);
    await log.next((event) => event.type === 'trouble' && event.fault === null);
  });
});
