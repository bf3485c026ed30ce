import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../electron/core/ports.ts';
import { VirtualClock } from '../../electron/core/simulation/virtual-clock.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('timers come in the order of their time, those of one moment in the order in which they were set', async () => {
  const clock = new VirtualClock(settle);
  const seen: string[] = [];
  clock.after(20, () => seen.push('c'));
  clock.after(10, () => seen.push('a'));
  clock.after(10, () => seen.push('b'));
  await clock.advanceTo(20);
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('what waits for no timer goes on before the next timer', async () => {
  const clock = new VirtualClock(settle);
  const seen: string[] = [];
  clock.after(10, () => {
    void (async () => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      seen.push(`promises at ${clock.now()}`);
    })();
  });
  clock.after(10, () => seen.push('next timer'));
  await clock.advanceTo(10);
  expect(seen).toEqual(['promises at 10', 'next timer']);
});

test('it stops at the end, and what is due later stays', async () => {
  const clock = new VirtualClock(settle);
  let called = 0;
  clock.after(100, () => {
    called += 1;
  });
  expect(await clock.step(99)).toBe(false);
  expect([clock.now(), called]).toEqual([99, 0]);
  expect(await clock.step(100)).toBe(true);
  expect([clock.now(), called, clock.called]).toEqual([100, 1, 1]);
});

test('what settling throws ends it', async () => {
  const clock = new VirtualClock(() => Promise.reject(new Error('ended')));
  clock.after(1, () => undefined);
  await expect(clock.advanceTo(10)).rejects.toThrow('ended');
});

interface Plan {
  ms: number;
  /** Which of the timers set before is cancelled when it fires; null: none. */
  cancels: number | null;
  sets: Plan[];
}

/** Sets timers that set and cancel others, and tells which were called when. */
async function play(clock: Clock, plans: readonly Plan[], go: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const stops: (() => void)[] = [];
  const set = ({ ms, cancels, sets }: Plan) => {
    const name = stops.length;
    const from = clock.monotonic();
    stops.push(
      clock.after(ms, () => {
        seen.push(`${name} after ${clock.monotonic() - from}`);
        if (cancels !== null) stops[cancels % stops.length]?.();
        for (const plan of sets) set(plan);
      }),
    );
  };
  for (const plan of plans) set(plan);
  await go();
  return seen;
}

test('it does the same as a clock that sorts all timers each time', async () => {
  const plans = (depth: number): fc.Arbitrary<Plan[]> =>
    fc.array(
      fc.record({
        ms: fc.integer({ min: -5, max: 40 }),
        cancels: fc.option(fc.nat(20)),
        sets: depth > 0 ? plans(depth - 1) : fc.constant([]),
      }),
      { maxLength: 4 },
    );
  await fc.assert(
    fc.asyncProperty(plans(2), async (timers) => {
      const manual = new ManualClock(0);
      const virtual = new VirtualClock(settle);
      const expected = await play(manual, timers, () => manual.advance(100));
      expect(await play(virtual, timers, () => virtual.advanceTo(100))).toEqual(expected);
      expect(virtual.now()).toBe(100);
    }),
    { numRuns: 200 },
  );
});
