import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { parseSimulatedScript, type SimulatedEvent, towerScript } from '../../electron/ups/simulated/script.ts';
import { SimulatedUps, simulatedUpses } from '../../electron/ups/simulated.ts';
import { FaultError } from '../../shared/fault.ts';
import { type Reading, readingSchema, upsSchema } from '../../shared/reading.ts';
import type { UpsCommand } from '../../shared/ups-command.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

function started(timeline: SimulatedEvent[] = []) {
  const clock = new ManualClock();
  const ups = new SimulatedUps(clock, { ...towerScript, timeline });
  const events: UpsEvent[] = [];
  ups.start((event) => events.push(event));
  const last = (): Reading => {
    const event = events.findLast((each) => each.type === 'reading');
    if (event?.type !== 'reading') throw new Error('no reading');
    return readingSchema.parse(event.reading);
  };
  const order = (command: UpsCommand, delay: number | null = null) => ups.command('simulated:1', { command, delay });
  return { clock, ups, events, last, order, seconds: (n: number) => clock.advance(n * 1000) };
}

describe('a script', () => {
  const minimal = { format: 'glidepath-simulated-ups', version: 1, name: 'Cellar' };

  test('says what the UPS is', () => {
    const script = parseSimulatedScript(JSON.stringify({ ...minimal, load: 50, halfLoadRuntime: 600 }), 'a.json');
    const ups = new SimulatedUps(new ManualClock(), script, 3);
    const events: UpsEvent[] = [];
    ups.start((event) => events.push(event));
    expect(events[0]?.type === 'found' && upsSchema.parse(events[0].ups)).toMatchObject({
      id: 'simulated:3',
      name: 'Cellar',
      serial: 'SIM-3',
    });
    expect(events[1]).toMatchObject({ reading: { upsId: 'simulated:3', runtime: 600, load: 50 } });
    expect([ups.has('simulated:3'), ups.has('simulated:1')]).toEqual([true, false]);
  });

  test.each([
    ['no JSON', '{', /not JSON/],
    ['another file', '{}', /format/],
    ['an unknown event', JSON.stringify({ ...minimal, timeline: [{ at: 1, do: 'explode' }] }), /timeline\.0\.do/],
    ['a time before the start', JSON.stringify({ ...minimal, timeline: [{ at: -1, do: 'cut' }] }), /timeline\.0\.at/],
    ['a surplus key', JSON.stringify({ ...minimal, volts: 3 }), /volts/],
  ])('is refused with its place: %s', (_, text, expected) => {
    const fault = (() => {
      try {
        return parseSimulatedScript(text, 'a.json');
      } catch (error) {
        return error instanceof FaultError ? error.fault : error;
      }
    })();
    expect(fault).toMatchObject({ code: 'file-broken', where: 'a.json', what: expect.stringMatching(expected) });
  });

  test('whatever the text, it is parsed or refused with a fault', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseSimulatedScript(text, 'a.json');
        } catch (error) {
          return error instanceof FaultError;
        }
        return true;
      }),
    );
  });

  test('several have ids of their own', () => {
    const found = simulatedUpses(new ManualClock(), [towerScript, { ...towerScript, name: 'Attic' }]);
    expect(found.map((ups) => [ups.has('simulated:1'), ups.has('simulated:2')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

describe('a timeline', () => {
  test('is played: cut, load, charge, restore', async () => {
    const { last, seconds } = started([
      { at: 5, do: 'charge', value: 60 },
      { at: 10, do: 'cut' },
      { at: 12, do: 'load', value: 120 },
      { at: 20, do: 'restore' },
    ]);
    await seconds(4);
    expect(last()).toMatchObject({ acPresent: true, charge: 100 });
    await seconds(7);
    expect(last()).toMatchObject({ acPresent: false, charge: 60, load: 35 });
    await seconds(4);
    expect(last()).toMatchObject({ load: 120, overload: true });
    await seconds(10);
    expect(last()).toMatchObject({ acPresent: true, charging: true });
  });

  test('silent says nothing, answer speaks again; unplug and replug are told', async () => {
    const { events, seconds } = started([
      { at: 5, do: 'silent' },
      { at: 20, do: 'answer' },
      { at: 30, do: 'unplug' },
      { at: 40, do: 'replug' },
    ]);
    await seconds(6);
    const count = events.length;
    await seconds(13);
    expect(events).toHaveLength(count);
    await seconds(2);
    expect(events.length).toBeGreaterThan(count);
    await seconds(20);
    expect(events.filter((event) => event.type !== 'reading').map((event) => event.type)).toEqual([
      'found',
      'lost',
      'found',
    ]);
  });

  test('freeze tells the old state for ever, zeros is one report', async () => {
    const frozen = started([
      { at: 5, do: 'freeze' },
      { at: 6, do: 'cut' },
    ]);
    await frozen.seconds(60);
    expect(frozen.last()).toMatchObject({ acPresent: true, charge: 100 });
    const zeros = started([{ at: 5, do: 'zeros' }]);
    await zeros.seconds(5);
    expect(zeros.last()).toMatchObject({ acPresent: true, charge: 0, runtime: 0, inputVoltage: 0 });
    await zeros.seconds(2);
    expect(zeros.last()).toMatchObject({ charge: 100 });
  });

  test('flags are set and taken back', async () => {
    const { last, seconds } = started([
      { at: 5, do: 'flag', flag: 'forcedShutdown', value: true },
      { at: 10, do: 'flag', flag: 'forcedShutdown', value: false },
    ]);
    await seconds(6);
    expect(last().forcedShutdown).toBe(true);
    await seconds(6);
    expect(last().forcedShutdown).toBe(false);
  });

  test('a self-test drains a little for ten seconds, with the mains present', async () => {
    const { last, seconds } = started([{ at: 5, do: 'self-test', value: 'quick' }]);
    await seconds(8);
    expect(last()).toMatchObject({ acPresent: true, discharging: true, testing: true, testResult: 'running' });
    await seconds(9);
    expect(last()).toMatchObject({ discharging: false, testing: false, testResult: 'passed' });
  });

  test('ends when the UPS is stopped', async () => {
    const { clock, ups } = started([{ at: 50, do: 'cut' }]);
    await ups.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('commands', () => {
  test('off and on again: counted down, off, and back after a while with mains', async () => {
    const { last, order, seconds } = started();
    expect(await order('shutdown.return', 60)).toBe(
      'It switches its outlets off in 1 min and comes back when the mains are there',
    );
    expect(last()).toMatchObject({ offIn: 60, outputOff: false });
    await seconds(30);
    expect(last().offIn).toBe(30);
    await seconds(31);
    expect(last()).toMatchObject({ offIn: null, outputOff: true, outputVoltage: 0, load: 0 });
    await seconds(15);
    expect(last()).toMatchObject({ outputOff: false, load: 35, onIn: null });
  });

  test('without mains it stays off until they are back, and its battery is not drained', async () => {
    const { ups, last, order, seconds } = started();
    ups.cut();
    await order('shutdown.return', 5);
    await seconds(10);
    const { charge } = last();
    await seconds(3600);
    expect(last()).toMatchObject({ outputOff: true, charge });
    ups.restore();
    await seconds(5);
    expect(last()).toMatchObject({ outputOff: true, onIn: expect.any(Number) });
    await seconds(10);
    expect(last().outputOff).toBe(false);
  });

  test('off for good, and a countdown that is stopped', async () => {
    const { last, order, seconds } = started();
    await order('shutdown.stayoff', 30);
    expect(await order('shutdown.stop')).toBe('The countdown is stopped');
    await seconds(60);
    expect(last()).toMatchObject({ offIn: null, outputOff: false });
    await order('shutdown.stayoff', 3);
    await seconds(3600);
    expect(last().outputOff).toBe(true);
  });

  test('an empty battery takes the load down; it comes back with the mains', async () => {
    const { ups, last, seconds } = started();
    ups.setCharge(1);
    ups.cut();
    await seconds(60);
    expect(last()).toMatchObject({ outputOff: true, charge: 0 });
    ups.restore();
    await seconds(15);
    expect(last().outputOff).toBe(false);
  });

  test('a deep test drains to a quarter, unless it is stopped or the mains fail', async () => {
    const { ups, last, order, seconds } = started();
    await order('test.battery.start.deep');
    await seconds(600);
    expect(last()).toMatchObject({ acPresent: true, discharging: true, testResult: 'running' });
    expect(last().charge).toBeLessThan(85);
    await seconds(3600);
    expect(last()).toMatchObject({ discharging: false, testResult: 'passed' });
    await order('test.battery.start.quick');
    await order('test.battery.stop');
    expect(last().testResult).toBe('aborted');
    await order('test.battery.start.quick');
    ups.cut();
    await seconds(2);
    expect(last()).toMatchObject({ testing: false, testResult: 'aborted' });
    await expect(order('test.battery.start.quick')).rejects.toThrow(/on battery/);
  });

  test('the beeper is switched, and details tell what is read', async () => {
    const { ups, last, order } = started();
    for (const [command, state] of [
      ['beeper.disable', 'disabled'],
      ['beeper.mute', 'muted'],
      ['beeper.enable', 'enabled'],
    ] as const) {
      await order(command);
      expect(last().beeper).toBe(state);
    }
    expect(await ups.details()).toContainEqual(expect.objectContaining({ name: 'charge', raw: '100' }));
  });

  test('one that does not answer takes none', async () => {
    const { order, ups, seconds } = started([{ at: 1, do: 'silent' }]);
    await seconds(2);
    await expect(order('beeper.mute')).rejects.toThrow(/does not answer/);
    await expect(ups.details()).rejects.toThrow(/does not answer/);
  });
});
