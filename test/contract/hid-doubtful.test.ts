import { describe, expect, test, vi } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import type { EventLog } from '../fakes/ups/event-log.ts';
import { hidBench, isFound, isLost, isReading, waitFor } from '../fakes/ups/hid-bench.ts';

// What is old, or the answer to something else, is not told as if it were new.

const bench = hidBench();

type Told = Extract<UpsEvent, { type: 'reading' }>;
const readings = (log: EventLog, from = 0) => log.events.slice(from).filter(isReading) as Told[];
const nothing = {
  acPresent: null,
  charging: null,
  discharging: null,
  fullyCharged: null,
  belowCapacityLimit: null,
  timeLimitExpired: null,
  shutdownImminent: null,
};

describe.concurrent('what is told', { timeout: 60_000 }, () => {
  test('of a unit that never answers for its flags confirms nothing, however often it answers for the rest', async ({
    onTestFinished,
  }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    fake.device.stalled.set(0x16, 'EPIPE');
    const { log } = watch(fake);
    expect(await log.next(isReading)).toMatchObject({ fresh: 'none', reading: nothing });
    // One interrupt report tells of the mains; then no more come, and they fail.
    fake.set({ ACPresent: 1 });
    expect(await log.reading(({ acPresent }) => acPresent === true)).toMatchObject({ fresh: 'interrupt' });
    fake.interrupts = false;
    fake.set({ ACPresent: 0, Discharging: 1, RemainingCapacity: 40 });
    const from = log.events.length;
    await log.reading(({ charge }) => charge === 40);
    await vi.waitFor(() => expect(readings(log, from).length).toBeGreaterThanOrEqual(4), waitFor);
    const told = readings(log, from);
    for (const each of told) expect(each).toMatchObject({ fresh: 'none', reading: nothing });
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('by one interrupt report is told once', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    fake.device.stalled.set(0x16, 'EPIPE');
    const { log } = watch(fake);
    await log.next(isReading);
    const from = log.events.length;
    fake.set({ ACPresent: 0, Discharging: 1, BelowRemainingCapacityLimit: 1 });
    await vi.waitFor(() => expect(readings(log, from).length).toBeGreaterThanOrEqual(4), waitFor);
    const said = readings(log, from).filter(({ reading }) => reading.acPresent !== null);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ fresh: 'interrupt', reading: { acPresent: false, belowCapacityLimit: true } });
    const others = readings(log, from).filter((each) => !said.includes(each));
    for (const each of others) expect(each).toMatchObject({ fresh: 'none', reading: nothing });
  });

  test('when the answer is another report is not told at all', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log } = watch(fake);
    await log.reading(({ acPresent, charge }) => acPresent === true && charge === 100);
    // As flags 0x53 says: discharging, no mains, low battery.
    fake.set({ RemainingCapacity: 0x53 }, { push: false });
    fake.answersAs.set(0x16, 0x0c);
    const asked = () => fake.log.filter(({ id }) => id === 0x16).length;
    const before = asked();
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(before + 3), waitFor);
    expect(readings(log).filter(({ reading }) => reading.acPresent === false)).toEqual([]);
    fake.answersAs.clear();
    fake.set({ ACPresent: 0, Discharging: 1 }, { push: false });
    expect(await log.reading(({ acPresent }) => acPresent === false)).toMatchObject({ fresh: 'poll' });
    expect(log.events.filter(isLost)).toEqual([]);
  });

  test('an order is not written over the answer of another report', async ({ onTestFinished }) => {
    const { plugged, watch } = bench(onTestFinished);
    const fake = await plugged();
    const { log, supervisor } = watch(fake);
    const { ups } = (await log.next(isFound)) as Extract<UpsEvent, { type: 'found' }>;
    fake.answersAs.set(0x15, 0x0c);
    await expect(supervisor.command(ups.id, { command: 'shutdown.stayoff', delay: 60 })).rejects.toMatchObject({
      fault: { code: 'ups-refused', what: expect.stringContaining('so it was not written') },
    });
    expect(fake.written).toEqual([]);
  });
});
