import { expect, test } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { ModelBattery } from '../../electron/core/simulation/battery.ts';
import { PowerRoom } from '../../electron/core/simulation/power-room.ts';
import { PowerSource } from '../../electron/core/simulation/power-source.ts';
import { VirtualClock } from '../../electron/core/simulation/virtual-clock.ts';
import type { Host } from '../../shared/inventory.ts';
import { linux } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';

const fed = (id: string, upses: string[], need: 'any' | 'all' = 'any'): Host => ({
  ...linux(id),
  fedBy: { upses, need },
});
const allOn = () => true;

test('a battery lasts as long as the UPS said at the load of then', () => {
  const battery = new ModelBattery({ charge: 0.5, seconds: 600, load: 40 });
  expect(battery.secondsLeft(40)).toBeCloseTo(600);
  battery.drain(300, 40);
  expect(battery.charge).toBeCloseTo(0.25);
  battery.drain(300, 40);
  expect(battery.charge).toBe(0);
});

test.each([
  // What makers print for one unit: 200 VA 99 min, 400 VA 42 min, 800 VA 16 min; another: 47, 19, 7.7.
  { from: 99, load: 2, printed: 42 },
  { from: 47, load: 2, printed: 19 },
])('pulled $load times as hard, $from min become about $printed', ({ from, load, printed }) => {
  const battery = new ModelBattery({ charge: 1, seconds: from * 60, load: 20 });
  expect(battery.secondsLeft(20 * load) / 60 / printed).toBeGreaterThan(0.95);
  expect(battery.secondsLeft(20 * load) / 60 / printed).toBeLessThan(1.1);
});

test('a lighter load is promised no more than its share, and one near nothing counts as a tenth', () => {
  const battery = new ModelBattery({ charge: 1, seconds: 600, load: 40 });
  expect(battery.secondsLeft(20)).toBeCloseTo(1200);
  expect(battery.secondsLeft(0)).toBeCloseTo(2400);
});

test('it fills in four hours, and no further', () => {
  const battery = new ModelBattery({ charge: 0.5, seconds: 600, load: 40 });
  battery.fill(3600);
  expect(battery.charge).toBeCloseTo(0.75);
  battery.fill(36_000);
  expect(battery.charge).toBe(1);
});

test('an empty one stays empty until it is filled', () => {
  const battery = new ModelBattery({ charge: 0, seconds: 0, load: 40 });
  battery.drain(10, 40);
  expect(battery.charge).toBe(0);
  battery.fill(1440);
  expect(battery.charge).toBeCloseTo(0.1);
});

test('the load falls with the hosts that go off, in equal parts', () => {
  const room = new PowerRoom([linux('a'), linux('b'), linux('c'), linux('d')], [supply('u', { load: 60 })], 1.5);
  room.setMains(false);
  room.pass(1, allOn);
  expect(room.supplies[0]?.load).toBeCloseTo(90);
  room.pass(1, (hostId) => hostId === 'a');
  expect(room.supplies[0]?.load).toBeCloseTo(22.5);
});

test('a host with two supplies draws from the one that is left, which then lasts shorter', () => {
  const hosts = [fed('a', ['u', 'v'])];
  const powers = [supply('u', { runtime: 600, load: 30 }), supply('v', { runtime: 1800, load: 30 })];
  const room = new PowerRoom(hosts, powers, 1);
  room.setMains(false);
  room.pass(600, allOn);
  expect(room.supplies.map(({ load }) => load)).toEqual([0, 60]);
  expect(room.isFed('a')).toBe(true);
  // 1200 s at the load of before, at twice the load 0.42 of that.
  expect(new PowerRoom(hosts, powers, 1).emptyAfter()).toBeCloseTo(600 + 1200 / 2 ** 1.25);
});

test('a host that needs both goes with the first', () => {
  const hosts = [fed('a', ['u', 'v'], 'all'), fed('b', ['v'])];
  const powers = [supply('u', { runtime: 600 }), supply('v', { runtime: 1800 })];
  expect(new PowerRoom(hosts, powers, 1).emptyAfter()).toBeCloseTo(600);
  const room = new PowerRoom(hosts, powers, 1);
  room.setMains(false);
  room.pass(601, allOn);
  expect([room.isFed('a'), room.isFed('b')]).toEqual([false, true]);
});

test('a host that names no UPS goes down with the first there is', () => {
  const powers = [supply('u', { runtime: 600 }), supply('v', { runtime: 1800 })];
  expect(new PowerRoom([linux('a')], powers, 1).emptyAfter()).toBeCloseTo(600);
});

test('of a UPS that says nothing of its runtime it is not known when it is empty', () => {
  expect(new PowerRoom([linux('a')], [supply('u', { runtime: null })], 1).emptyAfter()).toBeNull();
  expect(new PowerRoom([linux('a')], [], 1).emptyAfter()).toBeNull();
});

test('one that a host names and nobody sees is there, and lasts an hour', () => {
  const room = new PowerRoom([fed('a', ['gone'])], [], 1);
  expect(room.supplies.map(({ ups, secondsLeft }) => [ups.id, secondsLeft])).toEqual([['gone', 3600]]);
});

test('what runs on another host draws nothing of its own', () => {
  const guest = { ...fed('vm', ['other']), runsOn: 'a' };
  const room = new PowerRoom([linux('a'), guest], [supply('u', { load: 40 })], 1);
  room.pass(1, (hostId) => hostId === 'a');
  expect(room.supplies.map(({ load }) => load)).toEqual([40]);
});

async function listen(powers: Parameters<typeof supply>[1], seconds: number, backAt?: number): Promise<UpsEvent[]> {
  const clock = new VirtualClock(() => Promise.resolve());
  const room = new PowerRoom([linux('a')], [supply('u', powers)], 1);
  const source = new PowerSource(clock, room, { isOn: allOn, passed: () => undefined });
  const events: UpsEvent[] = [];
  source.begin();
  source.start((event) => events.push(event));
  clock.after(1000, () => source.setMains(false));
  if (backAt) clock.after(backAt * 1000, () => source.setMains(true));
  await clock.advanceTo(seconds * 1000);
  return events;
}

const readings = (events: readonly UpsEvent[]) =>
  events.flatMap((event) => (event.type === 'reading' ? [event.reading] : []));

test('it tells the cut at once, and each second what is left', async () => {
  const events = await listen({ runtime: 100, charge: 100, load: 50 }, 11);
  const told = readings(events).map(({ acPresent, charge, runtime }) => `${acPresent} ${charge} ${runtime}`);
  expect(told.slice(0, 4)).toEqual(['true 100 100', 'false 100 100', 'false 99 99', 'false 98 98']);
  expect(told.at(-1)).toBe('false 90 90');
});

test('it tells no more than the real one does', async () => {
  const events = await listen({ runtime: 100, charge: null, load: null }, 11);
  expect(
    readings(events).every(
      ({ charge, load, belowCapacityLimit }) => charge === null && load === null && belowCapacityLimit === null,
    ),
  ).toBe(true);
});

test('what is known of its runtime is told, whoever knows it', async () => {
  const view = { ...supply('u', { runtime: null }), runtimeLeft: 100, runtimeFrom: 'learned' as const };
  const [first] = new PowerRoom([linux('a')], [view], 1).supplies;
  expect(first?.reading(0).runtime).toBe(100);
});

test('it calls itself low where the real one would', async () => {
  const low = readings(await listen({ runtime: 100, charge: 100, lowCharge: 95 }, 11)).filter(
    (each) => each.belowCapacityLimit,
  );
  expect(low.map(({ charge }) => charge)).toEqual([94, 93, 92, 91, 90]);
});

test('an empty one is lost, and found again with the mains', async () => {
  const events = await listen({ runtime: 10, charge: 100 }, 40, 30);
  const kinds = events.map(({ type }) => type);
  expect(kinds.filter((type) => type !== 'reading')).toEqual(['found', 'lost', 'found']);
  expect(kinds.indexOf('lost')).toBe(kinds.lastIndexOf('found') - 1);
  expect(readings(events).at(-1)?.acPresent).toBe(true);
});
