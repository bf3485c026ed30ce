import { describe, expect, test } from 'vitest';
import { PollPlan } from '../../electron/ups/hid/poll-plan.ts';
import { Retry } from '../../electron/ups/hid/retry.ts';

describe('the poll plan', () => {
  /** Walks `seconds` with reads of `readMs`, and returns when each report was read. */
  function walk(plan: PollPlan, seconds: number, { readMs = 25, onBattery = false } = {}): Map<string, number[]> {
    const reads = new Map<string, number[]>();
    for (let now = 0; now < seconds * 1000; ) {
      const step = plan.next(now);
      if (step.do === 'wait') {
        now += step.ms;
        continue;
      }
      const name = step.do === 'status' ? 'status' : `report ${step.id}`;
      reads.set(name, [...(reads.get(name) ?? []), now]);
      if (step.do === 'status') plan.statusRead(now, now + readMs, onBattery);
      now += readMs;
    }
    return reads;
  }
  const plan = () => new PollPlan(new Set([22]), new Set([22, 12, 49]), [1, 2, 12, 22, 49], 0);

  test('status first, then what a reading holds, then status again, then all else, once', () => {
    const order = [...walk(plan(), 0.5).entries()];
    expect(order).toEqual([
      ['status', [0, 75]],
      ['report 12', [25]],
      ['report 49', [50]],
      ['report 1', [100]],
      ['report 2', [125]],
    ]);
  });

  test('the status every 2 s on mains, every second on battery; the rest every 10 s', () => {
    const mains = walk(plan(), 60);
    expect(mains.get('status')?.length).toBeGreaterThanOrEqual(30);
    expect(mains.get('status')?.length).toBeLessThanOrEqual(36);
    expect([mains.get('report 12')?.length, mains.get('report 1')?.length]).toEqual([6, 1]);
    const battery = walk(plan(), 60, { onBattery: true });
    const times = battery.get('status') ?? [];
    const gaps = times.slice(1).map((at, index) => at - (times[index] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
  });

  test('a device so slow that the status is always late still gets its other reports read', () => {
    const slow = walk(plan(), 120, { readMs: 3000, onBattery: true });
    expect(slow.get('report 49')?.length).toBeGreaterThan(3);
  });

  test('a change that comes while the status is being read has it read again', () => {
    const busy = plan();
    expect(busy.next(0)).toEqual({ do: 'status' });
    busy.soon(10);
    busy.statusRead(0, 25, false);
    expect(busy.next(25)).toEqual({ do: 'status' });
  });

  test('without a status report there is only the rest', () => {
    const blind = walk(new PollPlan(new Set(), new Set([12]), [12], 0), 25);
    expect([...blind]).toEqual([['report 12', [0, 10_000, 20_000]]]);
  });
});

describe('when a UPS may be opened again', () => {
  test('2 s after a loss, however long it was open', () => {
    const retry = new Retry();
    retry.lost('a', 0, 100_000);
    expect([retry.mayOpen('a', 101_999), retry.mayOpen('a', 102_000)]).toEqual([false, true]);
    retry.lost('b', 0, 1000);
    expect([retry.mayOpen('b', 2999), retry.mayOpen('b', 3000), retry.mayOpen('c', 0)]).toEqual([false, true, true]);
  });

  test('later and later when it does not stay open, 30 s at most, until it does', () => {
    const retry = new Retry();
    let now = 0;
    const waits = [2, 3, 6, 12, 24, 30, 30].map((seconds) => {
      retry.failed('a', now);
      const early = retry.mayOpen('a', now + seconds * 1000 - 1);
      now += seconds * 1000;
      return [early, retry.mayOpen('a', now)];
    });
    expect(waits.flat()).toEqual(Array.from({ length: 7 }, () => [false, true]).flat());
    retry.lost('a', now, now + 10_000);
    expect(retry.mayOpen('a', now + 12_000)).toBe(true);
  });
});
