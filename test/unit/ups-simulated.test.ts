import { describe, expect, test } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { SimulatedUps } from '../../electron/ups/simulated.ts';
import { type Reading, readingSchema, upsSchema } from '../../shared/reading.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

function started() {
  const clock = new ManualClock();
  const ups = new SimulatedUps(clock);
  const events: UpsEvent[] = [];
  ups.start((event) => events.push(event));
  const last = (): Reading => {
    const event = events.at(-1);
    if (event?.type !== 'reading') throw new Error('no reading');
    return event.reading;
  };
  return { clock, ups, events, last };
}

describe('the simulated UPS', () => {
  test('is found and read, full and on mains', () => {
    const { events, last } = started();
    expect(events[0]?.type === 'found' && upsSchema.parse(events[0].ups).source).toBe('simulated');
    expect(readingSchema.parse(last())).toMatchObject({
      acPresent: true,
      charge: 100,
      charging: false,
      fullyCharged: true,
    });
  });

  test('is polled every 2 s on mains and every second on battery', async () => {
    const { clock, ups, events } = started();
    const from = events.length;
    await clock.advance(10_000);
    expect(events.length - from).toBe(5);
    ups.hurry(true);
    const battery = events.length;
    await clock.advance(10_000);
    expect(events.length - battery).toBe(10);
  });

  test('a cut is told at once, as by interrupt', () => {
    const { ups, events, last } = started();
    ups.cut();
    expect(events.at(-1)).toMatchObject({ fresh: 'interrupt' });
    expect(last()).toMatchObject({ acPresent: false, discharging: true, inputVoltage: 0, outputVoltage: 230 });
  });

  test('on battery the runtime told is the time that is truly left', async () => {
    const { clock, ups, last } = started();
    ups.setLoad(50);
    ups.cut();
    expect(last().runtime).toBe(1800);
    await clock.advance(600_000);
    expect(last()).toMatchObject({ runtime: 1200, charge: 67, shutdownImminent: false });
    await clock.advance(1_199_000);
    expect(last()).toMatchObject({ charge: 0, belowCapacityLimit: true });
    await clock.advance(2000);
    expect(last()).toMatchObject({ runtime: 0, shutdownImminent: true });
  });

  test('a heavier load empties it more than in proportion', () => {
    const { ups, last } = started();
    ups.setLoad(50);
    const half = last().runtime ?? 0;
    ups.setLoad(100);
    expect(last().runtime).toBeLessThan(half / 2);
    expect(last()).toMatchObject({ load: 100, power: 900 });
  });

  test('back on mains it charges', async () => {
    const { clock, ups, last } = started();
    ups.setCharge(50);
    ups.cut();
    await clock.advance(60_000);
    ups.restore();
    const charge = last().charge ?? 0;
    expect(last()).toMatchObject({ acPresent: true, charging: true, discharging: false });
    await clock.advance(3_600_000);
    expect(last().charge).toBe(charge + 25);
    await clock.advance(4 * 3_600_000);
    expect(last()).toMatchObject({ charge: 100, charging: false, fullyCharged: true });
  });

  test('is silent when stopped', async () => {
    const { clock, ups, events } = started();
    await ups.stop();
    const count = events.length;
    ups.cut();
    await clock.advance(10_000);
    expect(events).toHaveLength(count);
    expect(clock.pending).toBe(0);
  });
});
