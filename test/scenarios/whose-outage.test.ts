import { describe, expect, test } from 'vitest';
import { simulatedOffers } from '../../electron/ups/simulated/offers.ts';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { bench, off } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const server = { ...firstUps, id: 'nut:nas:3493/rack', source: 'nut' as const, name: 'NAS UPS' };
const a = firstUps.id;
const b = second.id;
const fed = (need: 'any' | 'all', ...upses: string[]): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: { upses, need } }));
/** The first host by the first UPS, the others by the second. */
const split = (): Host[] =>
  rackHosts().map((host, index) => ({ ...host, fedBy: { upses: [index === 0 ? a : b], need: 'any' } }));
const twin = (port: string, name: string) => ({
  ...firstUps,
  id: `hid:0764:0501@${port}`,
  name,
  offers: simulatedOffers,
});

describe('the mains of one UPS are not those of another', () => {
  test.each([
    ['each host with a UPS of its own', split],
    ['hosts that hang on any UPS', rackHosts],
  ])('a run resumed without the UPS that failed is not given up: %s', async (_how, hosts) => {
    const made = await bench({ second, hosts: hosts() });
    made.ups.cut({ runtime: 100 });
    await made.seconds(9);
    expect(made.engine.run()?.phase).toBe('down');
    made.kill();
    made.ups.unplug();
    await made.seconds(20);
    await made.restart();
    made.engine.setSupplies([{ id: a, name: 'A', commandsAllowed: false }]);
    await made.seconds(300);
    expect(made.engine.run()).toMatchObject({ runId: 'run-1', cancelled: null });
    expect(off(made)).toBe('esx web nas');
  });

  test('nor is it cancelled after a stall in which the other one speaks first', async () => {
    const made = await bench({ second });
    made.second.cut({ runtime: 100 });
    await made.seconds(9);
    made.clock.jump(600_000);
    made.engine.resumedFromSleep();
    await made.seconds(300);
    expect(made.engine.run()).toMatchObject({ runId: 'run-1', cancelled: null });
    expect(off(made)).toBe('esx web nas');
  });

  test('a run that was stopped by hand is not begun again by it', async () => {
    const made = await bench({ second, hosts: split() });
    made.ups.cut({ runtime: 100 });
    await made.seconds(8);
    made.engine.cancel();
    await made.seconds(120);
    made.clock.jump(600_000);
    made.engine.resumedFromSleep();
    await made.seconds(60);
    expect(made.engine.run()?.runId).toBe('run-1');
  });
});

describe('an outage that has had its run', () => {
  test('is also that of a UPS that fails while a run for everybody goes down', async () => {
    const made = await bench({ second });
    made.ups.cut({ runtime: 300 });
    await made.seconds(20);
    made.second.cut({ runtime: 300 });
    await made.seconds(400);
    expect(made.engine.run()).toMatchObject({ runId: 'run-1', phase: 'waiting-for-return' });
  });

  test('is over for a UPS when its mains are back, whatever its server still says', async () => {
    const made = await bench({ second: server });
    made.ups.cut({ runtime: 3000, charge: 90 });
    made.second.cut({ runtime: 3000, charge: 90, forcedShutdown: true });
    await made.seconds(4);
    expect(made.engine.run()?.cause).toBe('forced-shutdown');
    made.engine.cancel();
    made.ups.restore({ runtime: 3600, charge: 100 });
    made.second.restore({ runtime: 3600, charge: 100 });
    await made.seconds(3600);
    made.ups.cut({ runtime: 250, charge: 20 });
    await made.seconds(200);
    expect(made.engine.run()?.runId).toBe('run-2');
    expect(off(made)).toBe('esx web nas');
  });

  test('is no reason to overlook the next one of another UPS, though the first was never heard of again', async () => {
    const made = await bench({ second: server });
    made.ups.cut({ runtime: 3000, charge: 90 });
    made.second.cut({ runtime: 600 });
    await made.seconds(20);
    made.second.unplug();
    await made.seconds(420);
    expect(made.engine.run()).not.toBeNull();
    made.engine.cancel();
    made.ups.restore({ runtime: 3600, charge: 100 });
    await made.seconds(3600);
    made.ups.cut({ runtime: 250, charge: 20 });
    await made.seconds(200);
    expect(made.engine.run()?.runId).toBe('run-2');
    expect(off(made)).toBe('esx web nas');
  });

  test('a forced shutdown that is said once, or was said before anybody listened, starts nothing', async () => {
    const made = await bench({ second: server });
    made.second.now = { ...made.second.now, forcedShutdown: true };
    await made.seconds(1);
    made.second.now = { ...made.second.now, forcedShutdown: false };
    await made.seconds(30);
    expect(made.engine.run()).toBeNull();
    made.second.now = { ...made.second.now, forcedShutdown: true };
    made.kill();
    await made.restart();
    await made.seconds(60);
    expect(made.engine.run()).toBeNull();
  });

  test('one of long ago, of a UPS that has died, is no proof of anything', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.cut({ runtime: 600 });
    await made.seconds(60);
    made.ups.unplug();
    await made.seconds(86_400);
    made.second.unplug();
    await made.seconds(60);
    expect(made.engine.run()).toBeNull();
  }, 30_000);
});

describe('a UPS that no longer says where its power comes from', () => {
  test('does not carry anything', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    Object.assign(made.second.now, { acPresent: null, discharging: null, charging: null });
    await made.seconds(120);
    expect(made.engine.status().powers[1]?.state).toBe('unknown');
    made.ups.cut({ runtime: 60, charge: 10 });
    await made.seconds(60);
    expect(made.engine.run()?.cause).toBe('runtime');
  });

  test('and is low, discharging and testing at once, is on battery', async () => {
    const made = await bench();
    made.ups.cut({ acPresent: null, testing: true, belowCapacityLimit: true, runtime: 60, charge: 5 });
    await made.seconds(30);
    expect(made.engine.run()).not.toBeNull();
  });
});

test('an outage is not forgotten over a short stall of this computer', async () => {
  const made = await bench();
  made.ups.cut({ runtime: 900 });
  await made.seconds(30);
  made.ups.unplug();
  await made.seconds(60);
  made.clock.jump(20_000);
  made.engine.resumedFromSleep();
  await made.seconds(10);
  expect(made.engine.run()).toBeNull();
  await made.seconds(600);
  expect(made.engine.run()?.cause).toBe('runtime');
});

describe('things come back', () => {
  test('though one host names a UPS that nobody knows', async () => {
    const hosts = rackHosts().map((host, index) => ({
      ...host,
      fedBy: { upses: [index === 2 ? 'hid:gone' : a], need: 'any' as const },
    }));
    const made = await bench({ hosts });
    made.ups.cut({ runtime: 100 });
    await made.seconds(300);
    made.ups.restore({ charge: 100, runtime: 3600 });
    await made.seconds(600);
    expect(off(made)).toBe('');
  });

  test('though the UPS hangs on another port when Glidepath is started again', async () => {
    const here = twin('usb-1', 'X');
    const made = await bench({ second: here, hosts: fed('any', here.id) });
    made.second.cut({ runtime: 100 });
    await made.seconds(300);
    made.kill();
    made.second.identity = twin('usb-2', 'X');
    made.second.restore({ charge: 100 });
    await made.restart();
    made.engine.setPlan({ sequence: rackSequence(), hash: 'h', armed: true }, fed('any', 'hid:0764:0501@usb-2'));
    made.engine.setSupplies([{ id: 'hid:0764:0501@usb-2', name: 'X', commandsAllowed: false }]);
    await made.seconds(900);
    expect(off(made)).toBe('');
  });

  test('though the NAS that reads the other UPS is off itself', async () => {
    const made = await bench({ second: server });
    made.ups.cut({ runtime: 500 });
    made.second.cut({ runtime: 500 });
    await made.seconds(60);
    made.second.unplug();
    await made.seconds(500);
    expect(off(made)).toBe('esx web nas');
    made.ups.restore({ charge: 90, runtime: 3600 });
    await made.seconds(600);
    expect(off(made)).toBe('');
  });
});

describe('two units that cannot be told apart', () => {
  test('an order goes to the one that is meant, and its outage is its own', async () => {
    const one = twin('usb-1', 'X');
    const made = await bench({ second: one, hosts: fed('any', one.id) });
    made.engine.setSupplies([{ id: one.id, name: 'X', commandsAllowed: true }]);
    await made.seconds(3);
    made.second.unplug();
    made.ups.unplug();
    made.ups.identity = twin('usb-3', 'Twin');
    made.ups.plug();
    await made.seconds(3);
    made.second.plug();
    await made.seconds(3);
    await made.engine.command(one.id, { command: 'shutdown.return', delay: 60 });
    expect([made.ups.orders.length, made.second.orders.length]).toEqual([0, 1]);
    made.second.cut({ runtime: 60, charge: 10 });
    await made.seconds(60);
    expect(made.engine.run()).not.toBeNull();
  });

  test('both lost, one back elsewhere on mains: it is not taken for the one on battery', async () => {
    const made = await bench({ second: twin('usb-2', 'B'), hosts: fed('any', 'hid:0764:0501@usb-1') });
    made.ups.unplug();
    made.ups.identity = twin('usb-1', 'A');
    made.ups.plug();
    await made.seconds(5);
    made.ups.cut({ runtime: 600 });
    await made.seconds(10);
    made.ups.unplug();
    made.second.unplug();
    made.second.identity = twin('usb-4', 'B');
    made.second.plug();
    await made.seconds(700);
    expect(made.engine.run()?.cause).toBe('runtime');
  });
});

describe('what is said of several', () => {
  test('the margin counts on what the longest can do after it has taken the others over', async () => {
    const made = await bench({ second, hosts: fed('any', a, b) });
    made.ups.now.runtime = 300;
    made.second.now.runtime = 900;
    await made.seconds(2);
    const before = made.engine.status().margin.runtimeLeft;
    made.ups.cut();
    made.second.cut();
    await made.seconds(2);
    expect(before).toBeCloseTo(552, 0);
    expect(Math.abs((made.engine.status().margin.runtimeLeft ?? 0) - 552)).toBeLessThan(5);
  });

  test('it is not known when some hosts hang on a UPS that tells nothing', async () => {
    const made = await bench({ second, hosts: split() });
    Object.assign(made.second.now, { runtime: null, charge: null });
    await made.seconds(2);
    expect(made.engine.status().margin.runtimeLeft).toBeNull();
  });

  test('one that was never seen carries nothing', async () => {
    const made = await bench({ second, hosts: fed('any', a, b, 'hid:zz') });
    made.engine.setSupplies([{ id: 'hid:zz', name: 'Ghost', commandsAllowed: false }]);
    await made.seconds(30);
    made.ups.cut({ runtime: 60 });
    await made.seconds(5);
    expect(made.engine.status().decision.sentence).toBe('Back-UPS is on battery, and Rack UPS carries esx, web, nas');
  });
});

describe('tests of a battery', () => {
  const deep = { command: 'test.battery.start.deep' as const, delay: null };
  const known = { id: b, name: 'B', commandsAllowed: true };

  test('are refused to the one that carries what another one has left', async () => {
    const made = await bench({ second: { ...second, offers: simulatedOffers }, hosts: fed('any', a, b) });
    made.engine.setSupplies([known]);
    made.second.now.load = 40;
    made.ups.cut({ runtime: 600 });
    await made.seconds(10);
    await expect(made.engine.command(b, deep)).rejects.toThrow('another UPS is on battery');
    expect(made.second.orders).toEqual([]);
  });

  test('are refused to one whose discharge is an outage', async () => {
    const made = await bench({ second: { ...second, offers: simulatedOffers } });
    made.engine.setSupplies([{ ...known, dischargeIsOutage: true }]);
    made.second.now.load = 40;
    await made.seconds(3);
    await expect(made.engine.command(b, deep)).rejects.toThrow('would start a shutdown');
    expect(made.second.orders).toEqual([]);
  });
});

test('one that is forgotten while it was on battery last is judged all the same', async () => {
  const made = await bench({ hosts: fed('any', a) });
  made.engine.setSupplies([{ id: a, name: 'A', commandsAllowed: false }]);
  made.ups.cut({ runtime: 900 });
  await made.seconds(20);
  made.ups.unplug();
  await made.seconds(5);
  made.engine.setSupplies([]);
  await made.seconds(1000);
  expect(made.engine.run()?.cause).toBe('runtime');
});
