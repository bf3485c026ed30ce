import { describe, expect, test } from 'vitest';
import { InterruptWatch } from '../../electron/ups/hid/interrupt-watch.ts';
import { PollPlan } from '../../electron/ups/hid/poll-plan.ts';
import { Retry } from '../../electron/ups/hid/retry.ts';
import { Stalls } from '../../electron/ups/hid/stalls.ts';

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
  const plan = () =>
    new PollPlan({ status: new Set([22]), useful: new Set([22, 12, 49]), all: [1, 2, 12, 22, 49] }, 10_000, 0);

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
    const blind = walk(new PollPlan({ status: new Set(), useful: new Set([12]), all: [12] }, 10_000, 0), 25);
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

  test('as a cure, after 5 minutes at the earliest, and less and less often', () => {
    const retry = new Retry();
    const minute = 60_000;
    expect([retry.mayCure('a', 0), retry.mayCure('a', 5 * minute - 1), retry.mayCure('b', 0)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([retry.mayCure('a', 5 * minute), retry.mayCure('a', 15 * minute - 1)]).toEqual([true, false]);
    let now = 15 * minute;
    const gaps = Array.from({ length: 6 }, () => {
      const before = now;
      while (!retry.mayCure('a', now)) now += minute;
      return (now - before) / minute;
    });
    expect(gaps).toEqual([0, 20, 40, 60, 60, 60]);
  });
});

describe('a report that is not answered', () => {
  test('is asked for again twice, then less and less, every 5 minutes at last', () => {
    const stalls = new Stalls(new Set());
    const waits = Array.from({ length: 9 }, (_each, index) => {
      const now = index * 1_000_000;
      stalls.failed(1, now);
      return [0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000].find((ms) => stalls.mayAsk(1, now + ms));
    });
    expect(waits.map((ms) => (ms ?? 0) / 1000)).toEqual([0, 0, 10, 20, 40, 80, 160, 300, 300]);
    expect(stalls.mayAsk(2, 0)).toBe(true);
  });

  test('with a flag that decides it is asked for every 5 s, however often it failed', () => {
    const stalls = new Stalls(new Set([2]));
    for (let times = 0; times < 9; times += 1) {
      stalls.failed(1, 0);
      stalls.failed(2, 0);
    }
    expect([stalls.mayAsk(2, 4999), stalls.mayAsk(2, 5000), stalls.mayAsk(1, 5000)]).toEqual([false, true, false]);
    expect([stalls.isFailing(2), stalls.isFailing(3)]).toEqual([true, false]);
  });

  test('once answered it is like any other', () => {
    const stalls = new Stalls(new Set());
    for (let times = 0; times < 9; times += 1) stalls.failed(1, 0);
    stalls.answered(1);
    stalls.failed(1, 0);
    expect(stalls.mayAsk(1, 0)).toBe(true);
  });
});

describe('interrupt reports that stopped', () => {
  function watched(reports: number): InterruptWatch {
    const watch = new InterruptWatch();
    for (let report = 0; report < reports; report += 1) watch.came(report * 1000);
    return watch;
  }
  const change = (watch: InterruptWatch, times: number) => {
    for (let time = 0; time < times; time += 1) watch.changed();
  };

  test('after 30 s and five changes that they should have told', () => {
    const watch = watched(3);
    change(watch, 4);
    expect(watch.stopped(200_000)).toBe(false);
    change(watch, 1);
    expect([watch.stopped(32_000), watch.stopped(32_001)]).toEqual([false, true]);
  });

  test('not when nothing changed: a calm unit has nothing to say', () => {
    expect(watched(3).stopped(86_400_000)).toBe(false);
  });

  test('not on a device that never sent them regularly', () => {
    const watch = watched(2);
    change(watch, 100);
    expect(watch.stopped(86_400_000)).toBe(false);
  });

  test('not when one came meanwhile', () => {
    const watch = watched(3);
    change(watch, 5);
    watch.came(100_000);
    expect(watch.stopped(300_000)).toBe(false);
  });
});
