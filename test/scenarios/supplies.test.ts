import { describe, expect, test } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { simulatedOffers } from '../../electron/ups/simulated/offers.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, cutHard, off } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const a = firstUps.id;
const b = second.id;
const fed = (need: 'any' | 'all', ...upses: string[]): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: { upses, need } }));
const states = (made: Bench) => made.engine.status().powers.map((power) => `${power.ups.name}: ${power.state}`);
const code = (error: unknown) => (error instanceof FaultError ? error.fault.code : String(error));

describe('hosts with two power supplies', () => {
  test('one UPS fails: nothing starts, and it is said who carries them', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.cut({ runtime: 60, charge: 20 });
    await made.seconds(300);
    expect(made.engine.run()).toBeNull();
    expect(made.engine.status()).toMatchObject({
      critical: [],
      decision: { sentence: 'Back-UPS is on battery, and Rack UPS carries esx, web, nas' },
    });
  });

  test('both fail: the run starts by the one that lasts longer, and goes on when one comes back past the line', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.cut({ runtime: 60 });
    made.second.cut({ runtime: 1500 });
    await made.seconds(30);
    expect(made.engine.run()).toBeNull();
    expect(made.engine.status().critical.map((each) => each.hostId)).toEqual(['esx', 'web', 'nas']);
    made.second.now.runtime = 200;
    await made.seconds(15);
    expect(made.engine.run()?.cause).toBe('runtime');
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    made.second.restore({ charge: 80 });
    await made.seconds(500);
    // One of the two is enough to come back with, the other may stay broken for days.
    expect(off(made)).toBe('');
    expect(cutHard(made)).toBe(0);
  });

  test('the one with mains falls silent: it is given fifteen seconds', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.cut({ runtime: 60 });
    await made.seconds(10);
    made.second.unplug();
    await made.seconds(12);
    expect(made.engine.run()).toBeNull();
    await made.seconds(10);
    expect(made.engine.run()?.cause).toBe('runtime');
  });
});

describe('a UPS that feeds nothing of the plan', () => {
  test('starts nothing, however empty it is', async () => {
    const made = await bench({ second, hosts: fed('all', b) });
    made.ups.cut({ runtime: 20, charge: 5, belowCapacityLimit: true });
    await made.seconds(120);
    expect(made.engine.run()).toBeNull();
    expect(made.engine.status().decision.sentence).toBe('Back-UPS is on battery and feeds no host of the plan');
  });

  test('neither keeps things from coming back nor halts the return', async () => {
    const made = await bench({ second, hosts: fed('all', b) });
    made.second.cut({ runtime: 100 });
    await made.seconds(120);
    expect(off(made)).toBe('esx web nas');
    made.second.restore({ charge: 80, runtime: 3600 });
    await made.seconds(70);
    made.ups.cut({ runtime: 20 });
    await made.seconds(330);
    expect(off(made)).toBe('');
    expect(made.engine.run()?.result).toBe('done');
  });

  test('its coming back cancels nothing', async () => {
    const made = await bench({ second, hosts: fed('all', b) });
    made.ups.cut({ runtime: 20 });
    made.second.cut({ runtime: 100 });
    await made.seconds(8);
    made.ups.restore();
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });
});

describe('the margin', () => {
  test('is that of the UPS on which the hosts depend', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.now.runtime = 500;
    made.second.now.runtime = 900;
    await made.seconds(2);
    expect(made.engine.status().margin.runtimeLeft).toBe(500 + 400 * 0.42);
    made.engine.setPlan({ sequence: rackSequence(), hash: 'h', armed: true }, fed('all', a, b));
    expect(made.engine.status().margin.runtimeLeft).toBe(500);
  });
});

describe('known supplies', () => {
  const known = (id: string, name: string, commandsAllowed = false) => ({ id, name, commandsAllowed });

  test('carry the name that the user gave them, everywhere', async () => {
    const made = await bench();
    made.engine.setSupplies([known(a, 'Cellar')]);
    expect(states(made)).toEqual(['Cellar: mains']);
    made.ups.cut({ runtime: 100, belowCapacityLimit: true });
    await made.seconds(8);
    expect(made.engine.run()?.why).toContain('Cellar');
    made.engine.setSupplies([]);
    expect(states(made)[0]).toMatch(/^Back-UPS/);
  });

  test('one that is not found is missed after fifteen seconds, and nothing is concluded from it', async () => {
    const made = await bench();
    made.engine.setSupplies([known(a, 'Cellar'), known(b, 'Attic')]);
    await made.seconds(14);
    expect(states(made)).toEqual(['Cellar: mains']);
    await made.seconds(2);
    expect(states(made)).toEqual(['Cellar: mains', 'Attic: lost-contact']);
    expect(made.engine.status().powers[1]?.sentence).toBe('Attic has not been seen since Glidepath started');
    await made.seconds(3600);
    expect(made.engine.run()).toBeNull();
    made.ups.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    made.ups.restore({ charge: 80 });
    await made.seconds(400);
    expect(off(made)).toBe('');
  });

  test.each([
    ['most: a calibration', undefined, null],
    ['one of which the user says so: an outage', true, 'runtime'],
  ])('discharging with the mains present is, with %s', async (_who, dischargeIsOutage, cause) => {
    const made = await bench();
    made.engine.setSupplies([{ ...known(a, 'Cellar'), ...(dischargeIsOutage ? { dischargeIsOutage } : {}) }]);
    Object.assign(made.ups.now, { acPresent: true, discharging: true, charging: false, runtime: 100 });
    await made.seconds(60);
    expect(made.engine.run()?.cause ?? null).toBe(cause);
  });

  test('one that is gone and forgotten is not missed any more; one that speaks stays', async () => {
    const made = await bench({ second });
    made.engine.setSupplies([known(a, 'Cellar'), known(b, 'Attic')]);
    made.second.unplug();
    await made.seconds(5);
    made.engine.setSupplies([]);
    expect(states(made)).toEqual(['Back-UPS: mains']);
  });

  test('one that moved to another port is still the one that feeds the hosts', async () => {
    const here = { ...second, id: 'hid:0764:0501@usb-1' };
    const made = await bench({ second: here, hosts: fed('all', here.id) });
    made.engine.setSupplies([known(a, 'Cellar'), known(here.id, 'Attic')]);
    made.second.unplug();
    made.second.identity = { ...here, id: 'hid:0764:0501@usb-2' };
    made.second.plug();
    await made.seconds(3);
    expect(states(made)).toEqual(['Cellar: mains', 'Attic: mains']);
    made.second.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });

  test('one that moved while Glidepath did not run is recognised too, if it is the only stranger of its make', async () => {
    const there = { ...second, id: 'hid:0764:0501@usb-2' };
    const made = await bench({ second: there, hosts: fed('all', 'hid:0764:0501@usb-1') });
    made.engine.setSupplies([known('hid:0764:0501@usb-1', 'Attic')]);
    await made.seconds(20);
    expect(states(made)).toEqual(['Back-UPS: mains', 'Rack UPS: mains']);
    made.second.cut({ runtime: 100 });
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
  });

  test('a plan whose hosts name a UPS that nobody knows is warned about', async () => {
    const made = await bench({ hosts: fed('any', a, 'gone') });
    const { problems } = made.engine.check({
      sequence: rackSequence(),
      hosts: fed('any', a, 'gone'),
      secretIds: new Set(['esx', 'web', 'nas']),
      others: [],
    });
    const feeding = problems.filter((problem) => problem.what.includes('"gone"'));
    expect(feeding.map((problem) => problem.severity)).toEqual(['warning', 'warning', 'warning']);
    expect(problems.filter((problem) => problem.what.includes(`"${a}"`))).toEqual([]);
  });
});

test('a NUT primary sends everybody down, with mains and a full battery; what it still says after minutes on mains is old', async () => {
  const made = await bench({ second: { ...second, source: 'nut' }, hosts: fed('all', b) });
  made.second.now.forcedShutdown = true;
  await made.seconds(2);
  expect(made.engine.run()).toMatchObject({ cause: 'forced-shutdown' });
  await made.seconds(250);
  expect(off(made)).toBe('esx web nas');
  expect(made.engine.status().decision.sentence).toMatch(/still says that everybody must shut down/);
  await made.seconds(400);
  expect(off(made)).toBe('');
  expect(made.engine.run()?.phase).toBe('ended');
  // Said all the time since, it starts nothing; a new outage does.
  made.second.cut({ runtime: 60 });
  await made.seconds(200);
  expect(off(made)).toBe('esx web nas');
});

test('trouble of one source stays when another has none', async () => {
  const made = await bench({ second });
  const tell: ((event: UpsEvent) => void)[] = [];
  await made.engine.stop();
  for (const source of [made.ups, made.second]) {
    const start = source.start.bind(source);
    source.start = (listener) => {
      tell.push(listener);
      start(listener);
    };
  }
  await made.restart();
  const fault = { code: 'ups-no-access' as const, what: 'may not open it', where: 'usb', remedy: 'udev' };
  tell[0]?.({ type: 'trouble', fault });
  tell[1]?.({ type: 'trouble', fault: null });
  expect(made.engine.status().trouble).toEqual(fault);
  tell[0]?.({ type: 'trouble', fault: null });
  expect(made.engine.status().trouble).toBeNull();
});

describe('orders', () => {
  const order = { command: 'test.battery.start.quick' as const, delay: null };

  test('reach the source of their UPS only when the user has allowed it', async () => {
    const made = await bench({ second: { ...second, offers: simulatedOffers } });
    await expect(made.engine.command(b, order).catch(code)).resolves.toBe('refused');
    made.engine.setSupplies([{ id: b, name: 'Attic', commandsAllowed: true }]);
    await expect(made.engine.command(b, order)).resolves.toBe('does test.battery.start.quick');
    made.second.cut();
    await made.seconds(2);
    await expect(made.engine.command(b, order).catch(code)).resolves.toBe('refused');
    expect(made.second.orders).toEqual(['test.battery.start.quick null']);
    expect(made.ups.orders).toEqual([]);
    await expect(made.engine.details('gone').catch(code)).resolves.toBe('refused');
  });
});

describe('what is learned', () => {
  /** An outage of `seconds` in which the charge falls by 0.1 % a second. */
  async function outage(made: Bench, seconds: number): Promise<void> {
    made.ups.cut({ charge: 100, runtime: 3600, load: 40 });
    for (let second = 1; second <= seconds; second += 1) {
      made.ups.now.charge = 100 - second / 10;
      await made.seconds(1);
    }
  }

  test('is kept once a minute and at the end of a discharge', async () => {
    const made = await bench();
    await outage(made, 300);
    expect(made.learned.saves).toBeGreaterThanOrEqual(2);
    expect(made.learned.saves).toBeLessThanOrEqual(4);
    made.ups.restore({ charge: 70 });
    await made.seconds(3);
    expect(made.learned.file.upses[0]?.discharges).toMatchObject([{ fromCharge: expect.closeTo(100, 0), load: 40 }]);
    const [discharge] = made.learned.file.upses[0]?.discharges ?? [];
    expect(discharge?.seconds).toBeGreaterThan(295);
  });

  test('is known after a restart, and the run starts by it when the UPS promises too much', async () => {
    const made = await bench();
    await outage(made, 300);
    made.ups.restore({ charge: 100, runtime: 9000 });
    await made.seconds(3);
    await made.restart();
    await made.seconds(3);
    expect(made.engine.status().powers[0]).toMatchObject({
      runtimeFrom: 'learned',
      runtimeDoubt: expect.stringMatching(/more than twice/),
    });
    made.ups.cut({ runtime: 9000 });
    made.ups.now.charge = 40;
    await made.seconds(20);
    expect(made.engine.run()).toMatchObject({ cause: 'runtime' });
    expect(made.engine.run()?.why).toMatch(/by its earlier discharges/);
  });

  test('a store that fails stops nothing', async () => {
    const made = await bench();
    made.learned.load = () => Promise.reject(new Error('EIO'));
    made.learned.save = () => Promise.reject(new Error('ENOSPC'));
    await made.restart();
    await outage(made, 300);
    made.ups.now.runtime = 100;
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    expect(made.errors.map(String)).toContain('Error: EIO');
  });
});
