import { describe, expect, test, vi } from 'vitest';
import { captured } from '../fakes/ups/captured.ts';
import { hidBench, isFound, isLost, isReading, waitFor } from '../fakes/ups/hid-bench.ts';

// Commands by the real node-hid to an emulated hidraw device that counts down, refuses, or ignores what is written.

const bench = hidBench();
const eaton = { model: captured('eaton-3s-700'), serial: 'EATON1' };
const eatonId = 'hid:0463:ffff:EATON1';
const cyber = { model: captured('cyberpower-cp1000pfclcda'), serial: 'CPS1' };
const cyberId = 'hid:0764:0601:CPS1';
const refusal = (what: string | RegExp) => ({ fault: { code: 'ups-refused', what: expect.stringMatching(what) } });

describe.concurrent('a command', { timeout: 60_000 }, () => {
  test('switches off with a delay: "on" is set first, both count down, and the countdown can be stopped', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    expect(await supervisor.command(eatonId, { command: 'shutdown.return', delay: 60 })).toBe(
      'Switches its outlets off in 1 min and on again when the mains are back',
    );
    expect(fake.written).toEqual([0x0a, 0x09]);
    const gaps = fake.log.filter(({ op }) => op === 'set').map(({ at }) => at);
    expect((gaps[1] ?? 0) - (gaps[0] ?? 0)).toBeGreaterThanOrEqual(125);
    await log.reading(
      ({ offIn, onIn }) => offIn !== null && offIn <= 60 && offIn > 40 && onIn !== null && onIn > offIn,
    );
    expect(await supervisor.command(eatonId, { command: 'shutdown.stop', delay: null })).toContain('stopped');
    await log.reading(({ offIn }) => offIn === null);
  });

  test('comes to its end: the outlets go off', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    const off = new Promise<string>((resolve) => {
      fake.onTimer = resolve;
    });
    await supervisor.command(eatonId, { command: 'shutdown.stayoff', delay: 10 });
    expect(await off).toBe('DelayBeforeShutdown');
  });

  test('in minutes where the device counts minutes, never less than one', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(cyber);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    expect(await supervisor.command(cyberId, { command: 'shutdown.return', delay: 20 })).toContain('off in 1 min');
    expect(fake.written).toEqual([0x16, 0x15]);
  });

  test('that the device refuses is told, and nothing more is written', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    fake.refuses = 'EPIPE';
    const command = supervisor.command(eatonId, { command: 'shutdown.return', delay: 60 });
    await expect(command).rejects.toMatchObject(refusal(/refused report 0x0a: .*Broken pipe/));
    expect(fake.written).toEqual([0x0a]);
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('that the device accepts and ignores is found out by reading back', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    fake.ignoresWrites = true;
    const command = supervisor.command(eatonId, { command: 'shutdown.return', delay: 60 });
    await expect(command).rejects.toMatchObject(refusal('does not show it: no countdown runs'));
    expect(fake.written).toEqual([0x0a]);
  });

  test('to a report that answers short is not sent', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    fake.answerBytes.set(0x0a, 2);
    const command = supervisor.command(eatonId, { command: 'shutdown.return', delay: 60 });
    await expect(command).rejects.toMatchObject(refusal(/2 of 4 bytes/));
    expect(fake.written).toEqual([]);
  });

  test('the beeper and the test of the battery', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(cyber);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    expect(await supervisor.command(cyberId, { command: 'beeper.disable', delay: null })).toBe('Its beeper is off');
    await log.reading(({ beeper }) => beeper === 'disabled');
    await supervisor.command(cyberId, { command: 'test.battery.start.quick', delay: null });
    expect(fake.written).toEqual([0x0c, 0x14]);
  });

  test('polling goes on while a command is carried out and after it', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    fake.ignoresWrites = true;
    const command = supervisor.command(eatonId, { command: 'beeper.enable', delay: null }).catch(() => 'refused');
    fake.set({ ACPresent: 0, Discharging: 1 }, { push: false });
    await log.reading(({ acPresent }) => acPresent === false);
    expect(await command).toBe('refused');
  });

  test('to a UPS that is unplugged in the middle of it ends as a loss', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(eaton);
    const { log, supervisor } = watch(fake);
    await log.next(isReading);
    fake.device.delayMs = 500;
    const command = supervisor.command(eatonId, { command: 'shutdown.return', delay: 60 }).catch((error) => error);
    const asked = fake.log.length;
    await vi.waitFor(() => expect(fake.log.slice(asked).map(({ id }) => id)).toContain(0x0a), waitFor);
    await fake.unplug();
    expect(await command).toMatchObject({ fault: { code: 'ups-lost' } });
    await log.next(isLost);
    await expect(supervisor.details(eatonId)).rejects.toMatchObject({ fault: { code: 'ups-lost' } });
  });
});

describe.concurrent('what is only read', { timeout: 60_000 }, () => {
  test('a whole session writes nothing: not one SET_REPORT', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged(cyber);
    const { log, supervisor } = watch(fake);
    await log.next(isFound);
    supervisor.hurry(true);
    fake.set({ ACPresent: 0, Discharging: 1 });
    await log.reading(({ acPresent }) => acPresent === false);
    fake.device.stalled.set(0x08, 'EPIPE');
    await supervisor.details(cyberId);
    await supervisor.dump(cyberId);
    fake.set({ ACPresent: 1, Discharging: 0 });
    await log.reading(({ acPresent }) => acPresent === true);
    await fake.unplug();
    await log.next(isLost);
    await fake.plug(1);
    await log.next(isFound);
    await log.next(isReading);
    expect(fake.log.filter(({ op }) => op === 'get').length).toBeGreaterThan(30);
    expect(fake.written).toEqual([]);
  });

  test('details name the place of each value, and a dump has all bytes and what was not answered', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log, supervisor } = watch(fake);
    await log.reading(({ charge, inputVoltage }) => charge !== null && inputVoltage !== null);
    const details = await supervisor.details('hid:051d:0002:FAKE0001');
    expect(details.find(({ name }) => name === 'UPS.PowerSummary.RemainingCapacity')).toMatchObject({
      raw: '100',
      feeds: 'charge',
    });
    fake.set({ RemainingCapacity: 99 });
    await log.reading(({ charge }) => charge === 99);
    fake.device.stalled.set(0x50, 'EPIPE');
    const dump = await supervisor.dump('hid:051d:0002:FAKE0001');
    expect(dump).toMatchObject({ vendorId: '051d', productId: '0002' });
    expect(dump.descriptor.length).toBeGreaterThan(200);
    expect(dump.features.find(({ id }) => id === 0x0c)?.bytes.slice(0, 3)).toEqual(Uint8Array.of(99, 0x10, 0x0e));
    expect(dump.failed).toEqual([{ id: 0x50, why: expect.stringContaining('Broken pipe') }]);
    expect(dump.inputs).toEqual([{ id: 0x0c, bytes: Uint8Array.of(99, 0x10, 0x0e) }]);
  });
});
