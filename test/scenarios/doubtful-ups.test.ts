import { describe, expect, test } from 'vitest';
import type { Discharge } from '../../shared/learned.ts';
import { ups as firstUps, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench } from './bench.ts';

const a = firstUps.id;
const day = 86_400_000;
const rack = rackSequence();
const byRuntime = { ...rack, triggers: { ...rack.triggers, charge: { enabled: false, percent: 30 } } };
/** Seconds that the plan of the rack needs. */
const needs = 345;

const past = (patch: Partial<Discharge>): Discharge => ({
  at: 1,
  seconds: 600,
  fromCharge: 100,
  toCharge: 40,
  load: 30,
  saidFirst: null,
  saidLast: null,
  ...patch,
});

/** A bench that has learned these, one a day before the other. */
async function taught(discharges: Partial<Discharge>[], options: Parameters<typeof bench>[0] = {}): Promise<Bench> {
  const made = await bench(options);
  const at = made.clock.now();
  const all = discharges.map((each, index) => past({ at: at - (index + 1) * day, ...each }));
  made.learned.file = {
    format: 'glidepath-learned',
    version: 1,
    upses: [{ upsId: a, discharges: all.reverse() }],
  };
  await made.restart();
  await made.seconds(3);
  return made;
}

/** Seconds until a run begins; null: none does. */
async function untilRun(made: Bench, most: number, each: (second: number) => void = () => undefined) {
  for (let second = 1; second <= most; second += 1) {
    each(second);
    await made.seconds(1);
    if (made.engine.run()) return second;
  }
  return null;
}

describe('a UPS that stands still on battery does not hide the outage', () => {
  test('charge and load, no runtime: the estimate is counted down', async () => {
    const made = await bench();
    made.ups.now = { ...made.ups.now, runtime: null, load: 25 };
    await made.seconds(3);
    made.ups.cut();
    expect(await untilRun(made, 900)).not.toBeNull();
    expect(made.engine.run()?.why).toMatch(/by a cautious estimate/);
  });

  test('the charge alone: after five minutes nothing is left by which to judge', async () => {
    const made = await bench();
    made.ups.now = { ...made.ups.now, runtime: null, load: null };
    await made.seconds(3);
    made.ups.cut();
    await made.seconds(60);
    expect(made.engine.status().decision.sentence).toMatch(
      /^Starts in 4 min .*nothing but its charge, which has been 100 % for 5. s$/,
    );
    expect(await untilRun(made, 300)).not.toBeNull();
  });

  test('the charge alone, as long as it falls, is waited for', async () => {
    const made = await bench();
    made.ups.cut({ runtime: null, load: null });
    const run = await untilRun(made, 2000, (second) => {
      made.ups.now.charge = 100 - Math.floor(second / 20);
    });
    expect(run).toBeGreaterThan(1100);
  });

  test('far above what was learned: the learned is counted down as well', async () => {
    const made = await taught([{ seconds: 1000, toCharge: 0 }], { sequence: byRuntime });
    made.ups.drains = false;
    made.ups.now.load = 30;
    made.ups.cut({ runtime: 7200, charge: 100 });
    expect(await untilRun(made, 1000 - needs)).not.toBeNull();
  });

  test('the charge stands still and the runtime, which is switched off, does not: it counts', async () => {
    const triggers = { ...rack.triggers, runtime: { ...rack.triggers.runtime, enabled: false } };
    const made = await bench({ sequence: { ...rack, triggers } });
    made.ups.cut({ runtime: 1500, charge: 100 });
    expect(await untilRun(made, 1500 - needs)).not.toBeNull();
  });
});

describe('a runtime that does not fall', () => {
  test.each<[string, (second: number) => number]>([
    ['wavers', (second) => 1200 + (Math.floor(second / 10) % 2)],
    ['creeps up', (second) => 1200 + Math.floor(second / 10) * 10],
  ])('%s: the first word of the outage is counted down', async (_, runtime) => {
    const made = await bench({ sequence: byRuntime });
    made.ups.drains = false;
    made.ups.cut({ runtime: 1200, load: 30, charge: null });
    const run = await untilRun(made, 1200 - needs, (second) => {
      made.ups.now.runtime = runtime(second);
    });
    expect(run).not.toBeNull();
    expect(made.engine.status().powers[0]?.runtimeDoubt).toMatch(/more than can be left of what it said at first/);
  });

  test('is believed when the load has fallen as well', async () => {
    const made = await bench({ sequence: byRuntime });
    made.ups.drains = false;
    made.ups.cut({ runtime: 1200, load: 40, charge: null });
    for (let second = 1; second <= 600; second += 1) {
      // At 100 s half of the hosts are switched off: what is left lasts twice as long and more.
      made.ups.now = { ...made.ups.now, ...(second < 100 ? { load: 40, runtime: 1200 - second } : {}) };
      if (second >= 100) made.ups.now = { ...made.ups.now, load: 20, runtime: 2400 - (second - 100) };
      await made.seconds(1);
    }
    expect(made.engine.status().powers[0]).toMatchObject({ runtimeFrom: 'reported', runtimeDoubt: null });
  });
});

describe('silence', () => {
  test('of a UPS whose word is known to be twice too much leaves time for the plan', async () => {
    const fast = { load: null, saidFirst: 1200, saidLast: 0, toCharge: 0 };
    const made = await taught([fast, fast]);
    made.ups.cut({ runtime: 1200, charge: 100 });
    await made.seconds(3);
    made.ups.unplug();
    const run = await untilRun(made, 600);
    expect(600 - 3 - (run ?? 600)).toBeGreaterThan(needs);
  });

  test('after low counts as low, before its runtime is over', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 2400, charge: 60 });
    await made.seconds(60);
    made.ups.now.belowCapacityLimit = true;
    await made.seconds(3);
    made.ups.unplug();
    await made.seconds(10);
    expect(made.engine.run()).toBeNull();
    await made.seconds(6);
    expect(made.engine.run()).toMatchObject({ cause: 'low-battery' });
    expect(made.engine.run()?.why).toMatch(/said that its battery is low, and has not answered for 15 s/);
  });

  test('after a report of zeros starts nothing as long as what it promised on mains lasts', async () => {
    const made = await bench();
    made.ups.cut({ runtime: 0, charge: 90 });
    await made.seconds(3);
    made.ups.unplug();
    await made.seconds(60);
    expect(made.engine.run()).toBeNull();
    expect(made.engine.status().powers[0]).toMatchObject({ runtimeFrom: 'counted-down' });
    expect(await untilRun(made, 3600 - needs)).not.toBeNull();
  });

  test('is dated by the last word', async () => {
    const made = await bench();
    await made.seconds(600);
    const heard = made.clock.now();
    made.ups.unplug();
    await made.seconds(90);
    const { state, since } = made.engine.status().powers[0] ?? {};
    expect(state).toBe('lost-contact');
    expect(Math.abs((since ?? 0) - heard)).toBeLessThan(1001);
  });
});

describe('what is learned', () => {
  const falling = async (made: Bench, seconds: number) => {
    for (let second = 10; second <= seconds; second += 10) {
      made.ups.now.charge = 100 - second / 10;
      await made.seconds(10);
    }
  };
  const learned = (made: Bench) => made.learned.file.upses.flatMap(({ discharges }) => discharges);

  test('has no silence in it', async () => {
    const made = await bench({ sequence: byRuntime });
    made.ups.cut({ runtime: null, charge: 100, load: 30 });
    await falling(made, 150);
    made.ups.unplug();
    await made.seconds(6 * 3600);
    made.ups.restore({ charge: 100 });
    made.ups.plug();
    await made.seconds(10);
    expect(learned(made).map(({ seconds }) => seconds <= 160)).toEqual([true]);
  });

  test('ends with the last word on battery: a runtime of 0 as the mains come back teaches nothing', async () => {
    const made = await bench({ sequence: byRuntime });
    for (let times = 0; times < 2; times += 1) {
      made.ups.cut({ runtime: 3000, charge: 100, load: 30 });
      await falling(made, 150);
      made.ups.restore({ charge: 85, runtime: 0 });
      await made.seconds(10);
      made.ups.now = { ...made.ups.now, runtime: 3000, charge: 100 };
      await made.seconds(100);
    }
    expect(learned(made).map(({ saidLast }) => (saidLast ?? 0) > 2800)).toEqual([true, true]);
    made.ups.cut({ runtime: 3000, charge: 100, load: 30 });
    await made.seconds(20);
    expect(made.engine.run()).toBeNull();
  });

  test('is saved of every UPS while several discharge', async () => {
    const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
    const made = await bench({ second });
    made.ups.cut({ runtime: 9000 });
    made.second.cut({ runtime: 9000 });
    for (let step = 0; step < 30; step += 1) {
      made.ups.now.charge = 100 - step;
      made.second.now.charge = 100 - step;
      await made.seconds(10);
    }
    expect(made.learned.file.upses.map(({ upsId }) => upsId).sort()).toEqual([a, second.id].sort());
  });

  test.each([{ seconds: 1 }, { toCharge: 100 }, { fromCharge: 40, toCharge: 90 }, { seconds: 604_800, toCharge: 90 }])(
    'is not taken when it cannot have been: %o',
    async (nonsense) => {
      const made = await taught([nonsense]);
      made.ups.now.load = 30;
      made.ups.cut({ runtime: 3600, charge: 100 });
      await made.seconds(20);
      expect(made.engine.run()).toBeNull();
      expect(made.engine.status().powers[0]).toMatchObject({ runtimeFrom: 'reported', runtimeDoubt: null });
    },
  );

  test('of the present discharge alone is not called an earlier one', async () => {
    const made = await bench({ sequence: byRuntime });
    made.ups.drains = false;
    made.ups.cut({ runtime: 9000, charge: 100, load: 30 });
    for (let second = 1; second <= 200; second += 1) {
      made.ups.now = { ...made.ups.now, charge: 100 - second / 5, runtime: 9000 - second };
      await made.seconds(1);
    }
    expect(made.engine.status().powers[0]).toMatchObject({
      runtimeFrom: 'learned',
      runtimeDoubt: expect.stringMatching(/more than twice what this discharge showed$/),
    });
  });
});

test('a load of 0 % is one that is not measured: half load is assumed', async () => {
  const made = await bench({ sequence: byRuntime });
  made.ups.now = { ...made.ups.now, runtime: null, load: 0 };
  await made.seconds(3);
  expect(made.engine.status().powers[0]).toMatchObject({ runtimeFrom: 'estimated', runtimeLeft: 399 });
});
