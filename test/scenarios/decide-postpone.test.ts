import { describe, expect, test } from 'vitest';
import { FaultError } from '../../shared/fault.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, off } from './bench.ts';

/** Without the charge, which the scripted UPS does not let fall. The plan needs 345 s and must start at 431 s. */
const sequence = rackSequence({ triggers: { runtime: {}, charge: { enabled: false }, onBattery: {} } });
const decision = (made: Bench) => made.engine.status().decision;
const refused = (made: Bench, seconds = 60): string => {
  try {
    made.engine.postpone(seconds);
  } catch (error) {
    if (error instanceof FaultError) return `${error.fault.code}: ${error.fault.what}`;
  }
  return 'not refused';
};

/** Seconds until a run begins; null: none does. */
async function untilRun(made: Bench, most: number): Promise<number | null> {
  for (let second = 1; second <= most; second += 1) {
    await made.seconds(1);
    if (made.engine.run()) return second;
  }
  return null;
}

describe('a start that is put off', () => {
  test('begins when the time is over', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    expect(decision(made)).toMatchObject({ state: 'counting', postponedUntil: null });
    made.engine.postpone(60);
    const { sentence, postponedUntil, startsIn, latestStartIn } = decision(made);
    expect(postponedUntil).toBe(made.clock.now() + 60_000);
    expect(startsIn).toBe(60);
    expect(latestStartIn).toBe(105);
    expect(sentence).toMatch(/^Put off by hand for another 1 min, at the latest for 1 min 45 s,/);
    expect(await untilRun(made, 200)).toBe(60);
    expect(decision(made).postponedUntil).toBeNull();
  });

  test('begins at the latest start, whatever was asked for', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    made.engine.postpone(7200);
    expect(await untilRun(made, 200)).toBe(105);
    await made.seconds(345);
    expect(off(made)).toBe('esx web nas');
  });

  test('begins at low battery all the same', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    made.engine.postpone(100);
    made.ups.now.belowCapacityLimit = true;
    await made.seconds(8);
    expect(made.engine.run()?.cause).toBe('low-battery');
  });

  test('is forgotten when the mains are back: the next outage is judged as ever', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    made.engine.postpone(7200);
    made.ups.restore();
    await made.seconds(5);
    made.ups.cut({ runtime: 400 });
    await made.seconds(8);
    expect(made.engine.run()?.cause).toBe('runtime');
  });

  test('is forgotten when Glidepath is started again, and after a sleep', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    made.engine.postpone(7200);
    await made.restart();
    await made.seconds(30);
    expect(made.engine.run()?.cause).toBe('runtime');
    const other = await bench({ sequence });
    other.ups.cut({ runtime: 460 });
    await other.seconds(10);
    other.engine.postpone(7200);
    other.engine.resumedFromSleep();
    expect(decision(other).postponedUntil).toBeNull();
  });

  test('is over once a run begins: the outage of another UPS is not held back by it', async () => {
    const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
    const hosts = rackHosts().map((host) => ({
      ...host,
      fedBy: { upses: [host.id === 'esx' ? firstUps.id : second.id], need: 'any' as const },
    }));
    const made = await bench({ sequence: { ...sequence, scope: 'critical' }, second, hosts });
    made.ups.cut({ runtime: 900 });
    await made.seconds(10);
    made.engine.postpone(7200);
    await made.engine.startByHand();
    await made.seconds(120);
    expect(off(made)).toBe('esx');
    // Less than the plan is started at, and more than it needs.
    made.second.cut({ runtime: 425 });
    await made.seconds(10);
    expect(made.engine.run()?.runId).toBe('run-2');
  });

  test('can be put off again, for more and for less', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 460 });
    await made.seconds(10);
    made.engine.postpone(90);
    made.engine.postpone(20);
    expect(decision(made).startsIn).toBe(20);
    made.engine.postpone(70);
    expect(await untilRun(made, 200)).toBe(70);
  });
});

describe('nothing is put off', () => {
  test('on mains', async () => {
    const made = await bench({ sequence });
    expect(refused(made)).toMatch(/^refused: nothing is counting down: If the power failed now/);
  });

  test('by a plan that is not armed', async () => {
    const made = await bench({ sequence, armed: false });
    made.ups.cut({ runtime: 600 });
    await made.seconds(5);
    expect(refused(made)).toBe('refused: the plan is not armed, so nothing would start');
  });

  test('when nobody knows how long the battery lasts', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: null, charge: null });
    await made.seconds(5);
    expect(refused(made)).toMatch(/^refused: how long the battery lasts is not known/);
  });

  test('when the plan no longer fits', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 340 });
    await made.seconds(3);
    expect(refused(made)).toBe('refused: the battery lasts no longer than the plan needs');
  });

  test('while a run goes on', async () => {
    const made = await bench({ sequence });
    made.ups.cut({ runtime: 300 });
    await made.seconds(9);
    expect(refused(made)).toBe('refused: a run is going on');
  });
});
