import { describe, expect, test } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { HidSupervisor } from '../../electron/ups/hid/supervisor.ts';
import { emptyReading, type Ups } from '../../shared/reading.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { ScriptedWorker } from '../fakes/ups/scripted-worker.ts';

const ups: Ups = {
  id: 'hid:051d:0002:X',
  name: 'Back-UPS',
  manufacturer: 'APC',
  serial: 'X',
  firmware: '',
  source: 'hid',
  via: 'USB',
  offers: [],
};

function started() {
  const clock = new ManualClock();
  const workers: ScriptedWorker[] = [];
  const events: UpsEvent[] = [];
  const supervisor = new HidSupervisor(() => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  }, clock);
  supervisor.start((event) => {
    events.push(event);
    // A listener may answer an event with a command, also while a worker's exit is being told.
    if (event.type === 'lost') supervisor.hurry(true);
  });
  const worker = () => workers.at(-1) as ScriptedWorker;
  /** Lets the worker live for `seconds`. */
  const live = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1000);
      worker().say({ type: 'heartbeat' });
    }
  };
  return { clock, workers, worker, events, supervisor, live };
}

const types = (events: readonly UpsEvent[]) => events.map(({ type }) => type);

describe('the HID supervisor', () => {
  test('passes on what the worker tells, not its heartbeats', async () => {
    const { worker, events, live } = started();
    worker().say({ type: 'found', ups });
    worker().say({ type: 'reading', reading: emptyReading(ups.id, 1), fresh: 'poll' });
    worker().say({ type: 'reading', reading: emptyReading(ups.id, 2), fresh: 'none' });
    await live(30);
    expect(types(events)).toEqual(['found', 'reading', 'reading']);
    expect(events.at(-1)).toMatchObject({ fresh: 'none' });
    expect(worker().killed).toBe(false);
  });

  test('begins at once with the first worker, and tells it the pace', () => {
    const { worker, supervisor } = started();
    supervisor.hurry(true);
    supervisor.hurry(true);
    expect(worker().commands).toEqual([
      { type: 'begin', quietMs: 0 },
      { type: 'hurry', onBattery: false },
      { type: 'hurry', onBattery: true },
    ]);
  });

  test('ends a worker that is silent for 5 s, and does not wait for its exit', async () => {
    const { clock, workers, worker, events, live } = started();
    worker().say({ type: 'found', ups });
    await live(20);
    await clock.advance(4999);
    expect(worker().killed).toBe(false);
    await clock.advance(1);
    expect(workers[0]?.killed).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'lost', upsId: ups.id, fault: { code: 'ups-worker-ended' } });
    await clock.advance(250);
    expect(workers).toHaveLength(2);
    workers[0]?.exit();
    workers[0]?.say({ type: 'found', ups });
    await clock.advance(1000);
    expect(workers).toHaveLength(2);
    expect(types(events)).toEqual(['found', 'lost']);
  });

  test('takes a message that does not parse for no sign of life', async () => {
    const { clock, worker, events } = started();
    for (let second = 0; second < 6; second += 1) {
      worker().babble({ type: 'reading', reading: 'nonsense' });
      await clock.advance(900);
    }
    expect(worker().killed).toBe(true);
    expect(events).toEqual([]);
  });

  test('a sleep of this computer is not a silence of the worker', async () => {
    const { clock, worker } = started();
    await clock.advance(4000);
    clock.jump(3_600_000);
    await clock.advance(1000);
    expect(worker().killed).toBe(false);
    await clock.advance(5000);
    expect(worker().killed).toBe(true);
  });

  test('after an accident it restarts in 250 ms, yet leaves the device alone for 2 s', async () => {
    const { clock, workers, worker, live } = started();
    await live(11);
    worker().exit();
    await clock.advance(249);
    expect(workers).toHaveLength(1);
    await clock.advance(1);
    expect(workers).toHaveLength(2);
    expect(worker().commands[0]).toEqual({ type: 'begin', quietMs: 1750 });
  });

  test('a worker that cannot even load is told after the second, and when one does', async () => {
    const { clock, workers, worker, events } = started();
    worker().exit('ended with code 1');
    expect(events).toEqual([]);
    await clock.advance(2000);
    worker().exit('ended with code 1');
    expect(events).toMatchObject([
      { type: 'trouble', fault: { code: 'ups-worker-ended', what: expect.stringContaining('ended with code 1') } },
    ]);
    await clock.advance(4000);
    worker().exit('ended with code 1');
    expect([workers.length, events.length]).toEqual([3, 1]);
    await clock.advance(8000);
    worker().say({ type: 'heartbeat' });
    expect(events.slice(1)).toEqual([{ type: 'trouble', fault: null }]);
    worker().exit();
    expect(events).toHaveLength(2);
  });

  test('one that cannot be started is told too', async () => {
    const clock = new ManualClock();
    const events: UpsEvent[] = [];
    const supervisor = new HidSupervisor(() => {
      throw new Error('spawn ENOENT');
    }, clock);
    supervisor.start((event) => events.push(event));
    await clock.advance(2000);
    expect(events).toMatchObject([{ type: 'trouble', fault: { what: expect.stringContaining('spawn ENOENT') } }]);
    await supervisor.stop();
  });

  test('posts nothing from the exit listener; the next worker learns the pace', async () => {
    const { clock, workers, worker, live } = started();
    worker().say({ type: 'found', ups });
    await live(11);
    expect(() => worker().exit()).not.toThrow();
    await clock.advance(250);
    expect(workers[1]?.commands[1]).toEqual({ type: 'hurry', onBattery: true });
  });

  test('waits longer and longer for workers that end soon, 30 s at most, and forgives one that lasts', async () => {
    const { clock, workers, worker, live } = started();
    for (const seconds of [2, 4, 8, 16, 30, 30]) {
      const before = workers.length;
      worker().exit();
      await clock.advance(seconds * 1000 - 1);
      expect(workers).toHaveLength(before);
      await clock.advance(1);
      expect(workers).toHaveLength(before + 1);
      expect(worker().commands[0]).toEqual({ type: 'begin', quietMs: 0 });
    }
    await live(11);
    worker().exit();
    await clock.advance(250);
    expect(workers).toHaveLength(8);
  });

  test('a process that cannot even be started is tried again', async () => {
    const clock = new ManualClock();
    let tries = 0;
    const supervisor = new HidSupervisor(() => {
      tries += 1;
      throw new Error('EAGAIN');
    }, clock);
    supervisor.start(() => undefined);
    await clock.advance(6000);
    expect(tries).toBe(3);
  });

  test('the trouble of a worker that ended is over; the next one tells its own', async () => {
    const { worker, events } = started();
    const fault = { code: 'ups-no-access' as const, what: 'w', where: 'x', remedy: 'r' };
    worker().say({ type: 'trouble', fault });
    worker().exit();
    expect(events).toEqual([
      { type: 'trouble', fault },
      { type: 'trouble', fault: null },
    ]);
  });

  test('stops the worker in peace, tells nothing more and starts no other', async () => {
    const { clock, workers, worker, events, supervisor } = started();
    worker().say({ type: 'found', ups });
    const stopped = supervisor.stop();
    expect(worker().commands.at(-1)).toEqual({ type: 'stop' });
    worker().exit('ended with code 0');
    await stopped;
    await clock.advance(60_000);
    expect([workers.length, worker().killed, types(events)]).toEqual([1, false, ['found']]);
  });

  test('a worker that does not stop is killed after 3 s', async () => {
    const { clock, worker, supervisor } = started();
    const stopped = supervisor.stop();
    await clock.advance(3000);
    await stopped;
    expect(worker().killed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('stopped while waiting for a restart it starts none', async () => {
    const { clock, workers, worker, supervisor } = started();
    worker().exit();
    await supervisor.stop();
    await clock.advance(60_000);
    expect(workers).toHaveLength(1);
  });

  describe('asked for something', () => {
    const order = { command: 'beeper.mute', delay: null } as const;
    const lost = { fault: { code: 'ups-lost', where: 'Back-UPS' } };

    function connected() {
      const bench = started();
      bench.worker().say({ type: 'found', ups });
      return bench;
    }

    test('hands it to the worker and gives back the answer that bears its number', async () => {
      const { worker, supervisor } = connected();
      const command = supervisor.command(ups.id, order);
      const details = supervisor.details(ups.id);
      expect(worker().commands.slice(-2)).toEqual([
        { type: 'command', request: 1, upsId: ups.id, order },
        { type: 'details', request: 2, upsId: ups.id },
      ]);
      worker().say({ type: 'answer', request: 2, answer: { to: 'details', details: [] } });
      worker().say({ type: 'answer', request: 1, answer: { to: 'command', sentence: 'Its beeper is silent' } });
      expect([await command, await details]).toEqual(['Its beeper is silent', []]);
    });

    test('a dump comes as bytes', async () => {
      const { worker, supervisor } = connected();
      const dump = supervisor.dump(ups.id);
      const features = [{ id: 12, bytes: '64ff' }];
      const sent = { vendorId: '051d', productId: '0002', descriptor: '0584', features, inputs: [], failed: [] };
      worker().say({ type: 'answer', request: 1, answer: { to: 'dump', dump: sent } });
      expect(await dump).toEqual({
        ...sent,
        descriptor: Uint8Array.of(5, 0x84),
        features: [{ id: 12, bytes: Uint8Array.of(0x64, 0xff) }],
      });
    });

    test('a refusal of the worker is its own fault', async () => {
      const { worker, supervisor } = connected();
      const command = supervisor.command(ups.id, order);
      const fault = { code: 'ups-refused' as const, what: 'w', where: 'x', remedy: 'r' };
      worker().say({ type: 'refused', request: 1, fault });
      await expect(command).rejects.toMatchObject({ fault });
    });

    test('the end of the worker ends it', async () => {
      const { worker, supervisor } = connected();
      const command = supervisor.command(ups.id, order);
      worker().exit();
      await expect(command).rejects.toMatchObject({ fault: { code: 'ups-lost' } });
    });

    test('a worker that lives but does not answer has its time, by the clock', async () => {
      const { worker, supervisor, live } = connected();
      const late = supervisor.command(ups.id, order).catch((error) => error);
      await live(30);
      expect(await late).toMatchObject({
        fault: { what: expect.stringContaining('whether it was taken is not known') },
      });
      // An answer after that is nobody's.
      worker().say({ type: 'answer', request: 1, answer: { to: 'command', sentence: 'late' } });
    });

    test('an answer to something else is a fault', async () => {
      const { worker, supervisor } = connected();
      const command = supervisor.command(ups.id, order);
      worker().say({ type: 'answer', request: 1, answer: { to: 'details', details: [] } });
      await expect(command).rejects.toMatchObject(lost);
    });

    test('a UPS that is lost is still spoken of, but not asked; another one is not known at all', async () => {
      const { worker, supervisor } = connected();
      expect([supervisor.has(ups.id), supervisor.has('hid:other')]).toEqual([true, false]);
      worker().say({ type: 'lost', upsId: ups.id, fault: { code: 'ups-lost', what: 'w', where: 'x', remedy: 'r' } });
      expect(supervisor.has(ups.id)).toBe(true);
      const sent = worker().commands.length;
      await expect(supervisor.details(ups.id)).rejects.toMatchObject(lost);
      expect(worker().commands).toHaveLength(sent);
    });

    test('closing the program ends what is asked', async () => {
      const { worker, supervisor } = connected();
      const command = supervisor.command(ups.id, order).catch((error) => error);
      const stopped = supervisor.stop();
      expect(await command).toMatchObject({ fault: { code: 'ups-lost' } });
      worker().exit();
      await stopped;
    });
  });
});
