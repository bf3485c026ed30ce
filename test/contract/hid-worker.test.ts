import { afterAll, describe, expect, test, vi } from 'vitest';
import { captured } from '../fakes/ups/captured.ts';
import { FakeUps } from '../fakes/ups/fake-ups.ts';
import { hidBench, isFound, isLost, isReading, waitFor } from '../fakes/ups/hid-bench.ts';

// The real node-hid, in a real process of its own, against an emulated hidraw device.

const bench = hidBench();
const measured: Record<string, number> = {};
afterAll(() => console.log(`measured (ms): ${JSON.stringify(measured)}`));

describe.concurrent('the worker', { timeout: 60_000 }, () => {
  test('a UPS is found and read', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const { log } = watch(await plugged());
    expect(await log.next(isFound)).toEqual({
      type: 'found',
      ups: {
        id: 'hid:051d:0002:FAKE0001',
        name: 'Back-UPS Fake 700',
        manufacturer: 'American Power Conversion',
        serial: 'FAKE0001',
        firmware: '',
        source: 'hid',
        via: 'USB 051d:0002',
        offers: [
          {
            command: 'shutdown.stayoff',
            delay: { kind: 'steps', min: 10, max: 32_766, step: 1, round: 'down' },
            note: 'It cannot switch its outlets on again: somebody has to press its button.',
          },
          { command: 'shutdown.stop', delay: null, note: '' },
        ],
      },
    });
    const whole = await log.reading((reading) => reading.charge !== null && reading.inputVoltage !== null);
    expect(whole).toMatchObject({
      fresh: 'poll',
      reading: {
        acPresent: true,
        discharging: false,
        batteryPresent: true,
        charge: 100,
        runtime: 3600,
        load: 20,
        inputVoltage: 230,
        batteryVoltage: 13.43,
        temperature: null,
      },
    });
  });

  test('a power failure is seen by interrupt within 500 ms, whole, and then confirmed by a poll', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log } = watch(fake);
    await log.reading((reading) => reading.charge === 100);
    const seen = log.reading((reading) => reading.acPresent === false);
    fake.set({ RemainingCapacity: 97, RunTimeToEmpty: 1500, ACPresent: 0, Discharging: 1 });
    const event = await seen;
    measured['power failure to event'] = Date.now() - fake.pushedAt;
    expect(event).toMatchObject({ fresh: 'interrupt', reading: { discharging: true, charge: 97, runtime: 1500 } });
    expect(measured['power failure to event']).toBeLessThan(500);
    await log.next((next) => next.type === 'reading' && next.fresh === 'poll' && next.reading.acPresent === false);
    measured['power failure to confirmation by poll'] = Date.now() - fake.pushedAt;
    expect(measured['power failure to confirmation by poll']).toBeLessThan(1000);
  });

  test('a change that sends no interrupt is polled', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log } = watch(fake);
    await log.reading((reading) => reading.charge === 100);
    const started = Date.now();
    fake.set({ ACPresent: 0, Discharging: 1 }, { push: false });
    expect(await log.reading((reading) => reading.acPresent === false)).toMatchObject({ fresh: 'poll' });
    measured['silent power failure to event'] = Date.now() - started;
    fake.set({ PercentLoad: 55 }, { push: false });
    await log.reading((reading) => reading.load === 55, 15_000);
  });

  test('a report that stalls is skipped, the others go on', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    fake.device.stalled.set(0x31, 'EPIPE');
    const { log } = watch(fake);
    const event = await log.reading((reading) => reading.load === 20);
    expect(event.reading).toMatchObject({ acPresent: true, charge: 100, inputVoltage: null });
    fake.device.stalled.set(0x16, 'ETIMEDOUT');
    fake.set({ BelowRemainingCapacityLimit: 1 }, { push: false });
    fake.device.stalled.delete(0x31);
    const asked = fake.log.length;
    await vi.waitFor(
      () => expect(fake.log.slice(asked).filter(({ id }) => id === 0x16).length).toBeGreaterThan(2),
      waitFor,
    );
    fake.device.stalled.clear();
    await log.reading((reading) => reading.belowCapacityLimit === true);
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('a slow device does not stop the heartbeat', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log, pids } = watch(fake);
    await log.next(isFound);
    fake.device.delayMs = 7000;
    const asked = fake.log.length;
    // Longer than the supervisor's patience with a worker that says nothing.
    await vi.waitFor(() => expect(fake.log.length).toBeGreaterThan(asked + 1), waitFor);
    fake.device.delayMs = 0;
    await log.next(isReading, 15_000);
    expect(pids).toHaveLength(1);
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('a call to the device that never comes back costs the worker, and nothing else', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log, pids } = watch(fake);
    await log.next(isReading);
    fake.device.delayMs = 3_600_000;
    expect(await log.next(isLost, 20_000)).toMatchObject({ fault: { code: 'ups-worker-ended' } });
    fake.device.delayMs = 0;
    await log.next(isFound);
    expect(await log.next(isReading)).toMatchObject({ reading: { acPresent: true } });
    expect(pids).toHaveLength(2);
  });

  test('unplugged and plugged in again under another number it is the same UPS, not opened within 2 s', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log } = watch(fake);
    const first = await log.next(isFound);
    await log.next(isReading);
    const unplugged = Date.now();
    await fake.unplug();
    const lost = await log.next(isLost);
    measured['unplugged to lost'] = Date.now() - unplugged;
    expect(lost).toMatchObject({ upsId: 'hid:051d:0002:FAKE0001', fault: { code: 'ups-lost' } });
    await fake.plug(3);
    expect(await log.next(isFound)).toEqual(first);
    measured['unplugged to found again'] = Date.now() - unplugged;
    expect(measured['unplugged to found again']).toBeGreaterThanOrEqual(2000);
    expect(await log.next(isReading)).toMatchObject({ reading: { acPresent: true } });
  });

  test('without a serial number it goes by its port', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const { log } = watch(await plugged({ serial: '0000000', port: 'usb-0000:00:14.0-7/input0' }));
    expect(await log.next(isFound)).toMatchObject({
      ups: { id: 'hid:051d:0002@usb-0000:00:14.0-7/input0', serial: '' },
    });
  });

  test('two UPSes at once, of different makes, are kept apart', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const eaton = await plugged({ model: captured('eaton-3s-700'), serial: 'EATON1' });
    const apc = new FakeUps({ folder: eaton.device.folder, serial: 'APC1' });
    await apc.plug(1);
    const { log } = watch(eaton);
    const reading = (id: string) =>
      log.next((event) => event.type === 'reading' && event.reading.upsId === id && event.reading.charge !== null);
    const [one, other] = await Promise.all([reading('hid:0463:ffff:EATON1'), reading('hid:051d:0002:APC1')]);
    expect(one).toMatchObject({ reading: { charge: 92, charging: true, acPresent: true, runtime: 2737 } });
    expect(other).toMatchObject({ reading: { charge: 100, charging: false } });
    await apc.unplug();
    expect(await log.next(isLost)).toMatchObject({ upsId: 'hid:051d:0002:APC1' });
  });

  test('one that may not be opened is told, with the rule that permits it, and opened once it is permitted', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged({}, true);
    const { log } = watch(fake);
    const trouble = await log.next((event) => event.type === 'trouble');
    expect(trouble).toMatchObject({ fault: { code: 'ups-no-access', where: 'Back-UPS Fake 700' } });
    expect(trouble.type === 'trouble' && trouble.fault?.remedy).toContain(
      'KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ATTRS{idVendor}=="051d", ATTRS{idProduct}=="0002", TAG+="uaccess"',
    );
    fake.device.permit();
    await log.next(isFound);
    await log.next((event) => event.type === 'trouble' && event.fault === null);
  });

  test('a UPS whose descriptor is broken is told, not opened', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    // A pop without a push; hidapi looks no further than to the usage and the end of the collection.
    const descriptor = Buffer.from('05840904a101b4c0', 'hex');
    const fake = await plugged({ model: { ...captured('eaton-3s-700'), descriptor } });
    const { log } = watch(fake);
    expect(await log.next((event) => event.type === 'trouble')).toMatchObject({
      fault: { code: 'ups-bad-descriptor', where: '3S 700 at /dev/hidraw0' },
    });
    expect(fake.log).toEqual([]);
  });

  describe('killed', () => {
    test('is replaced, and the UPS comes back as the same one', async ({ onTestFinished }) => {
      const { plugged, watch } = bench(onTestFinished);
      const fake = await plugged();
      const { log, pids } = watch(fake);
      const first = await log.next(isFound);
      await log.next(isReading);
      const killed = Date.now();
      process.kill(pids[0] as number, 'SIGKILL');
      expect(await log.next(isLost)).toMatchObject({ fault: { code: 'ups-worker-ended' } });
      measured['worker killed to lost'] = Date.now() - killed;
      expect(await log.next(isFound)).toEqual(first);
      measured['worker killed to found again'] = Date.now() - killed;
      expect(measured['worker killed to found again']).toBeGreaterThanOrEqual(2000);
      await log.next(isReading);
      expect(new Set(pids).size).toBe(2);
      expect(fake.device.openHandles).toBe(1);
    });

    test('by a stop of its process (SIGSTOP) is noticed by its silence', async ({ onTestFinished }) => {
      const { plugged, watch } = bench(onTestFinished);
      const { log, pids } = watch(await plugged());
      await log.next(isReading);
      const stopped = Date.now();
      process.kill(pids[0] as number, 'SIGSTOP');
      expect(await log.next(isLost, 15_000)).toMatchObject({ fault: { code: 'ups-worker-ended' } });
      measured['worker hung to lost'] = Date.now() - stopped;
      await log.next(isFound, 15_000);
    });
  });
});
