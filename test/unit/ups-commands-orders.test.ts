import { describe, expect, test } from 'vitest';
import { upsDescriptor } from '../../electron/ups/hid/candidates.ts';
import type { Device } from '../../electron/ups/hid/commands/recipe.ts';
import { runOrder } from '../../electron/ups/hid/commands/run-order.ts';
import type { Family } from '../../electron/ups/hid/quirks/quirks.ts';
import type { FaultError } from '../../shared/fault.ts';
import type { Order } from '../../shared/ups-command.ts';
import { ReportMemory } from '../fakes/ups/report-memory.ts';
import { known, made, order, plan } from './ups-commands-kit.ts';

/** A made-up device whose reports are all ones. */
function ones({ fields }: Device): ReportMemory {
  const ids = [...new Set(fields.map(({ reportId }) => reportId))];
  const reports = ids.map((id) => ({ kind: 'feature' as const, id, bytes: 2 }));
  const descriptor = { fields: [...fields], collections: [], reports };
  return new ReportMemory(descriptor, new Map(ids.map((id) => [id, Uint8Array.of(255, 255)])));
}

describe('an order', () => {
  const cyber = known('cyberpower-cp1000pfclcda');
  const eaton = known('eaton-3s-700');
  const run = (what: Order, family: Family, device: Device, memory: ReportMemory) =>
    runOrder(plan(what, family, device), memory, 'UPS');
  const refused = async (running: Promise<string>) => {
    const fault = await running.then(
      (said) => `resolved: ${said}`,
      (error: FaultError) => error.fault,
    );
    expect(fault).toMatchObject({ code: 'ups-refused', where: 'UPS' });
    return typeof fault === 'string' ? fault : fault.what;
  };

  test('says what the UPS does, with the delay that it really keeps', async () => {
    expect(await run(order('shutdown.return', 90), 'cyberpower', cyber.device, cyber.memory())).toBe(
      'Switches its outlets off in 1 min and on again when the mains are back',
    );
  });

  test('waits 125 ms and more between two writes', async () => {
    const memory = eaton.memory();
    await run(order('shutdown.return', 60), 'eaton', eaton.device, memory);
    expect(memory.written.map(({ id }) => id)).toEqual([0x0a, 0x09]);
    expect(Math.min(...memory.pauses)).toBeGreaterThanOrEqual(125);
  });

  test('a longer delay than asked for is told as it is', async () => {
    const memory = eaton.memory();
    memory.onWrite = (id) => {
      memory.reports.set(id, Uint8Array.of(90, 0, 0, 0));
      return null;
    };
    expect(
      await run(order('shutdown.stayoff', 60), 'eaton', eaton.device, memory).catch((error) => error.fault.what),
    ).toContain('still counts down');
    memory.onWrite = (id, payload) => {
      memory.reports.set(id, payload[0] === 60 ? Uint8Array.of(90, 0, 0, 0) : payload);
      return null;
    };
    expect(await run(order('shutdown.stayoff', 60), 'eaton', eaton.device, memory)).toContain('off in 1 min 30 s');
  });

  test('a shorter delay than asked for is a refusal, with the number', async () => {
    const memory = eaton.memory();
    memory.onWrite = (id, payload) => {
      memory.reports.set(id, payload[0] === 60 ? Uint8Array.of(20, 0, 0, 0) : payload);
      return null;
    };
    expect(await refused(run(order('shutdown.return', 60), 'eaton', eaton.device, memory))).toContain(
      '20 s, not 1 min',
    );
  });

  test('when the timer for "on" is not taken, nothing is switched off', async () => {
    const memory = eaton.memory();
    memory.onWrite = () => null;
    expect(await refused(run(order('shutdown.return', 60), 'eaton', eaton.device, memory))).toContain(
      'does not show it',
    );
    expect(memory.written.map(({ id }) => id)).toEqual([0x0a]);
  });

  test('a write that the device refuses is told in its words', async () => {
    const memory = eaton.memory();
    memory.onWrite = () => 'ioctl (SFEATURE): Broken pipe';
    expect(await refused(run(order('beeper.mute'), 'eaton', eaton.device, memory))).toContain('Broken pipe');
  });

  test('a value that does not stand there afterwards was not taken', async () => {
    const memory = eaton.memory(new Map([[0x1f, Uint8Array.of(2)]]));
    memory.onWrite = () => null;
    expect(await refused(run(order('beeper.disable'), 'eaton', eaton.device, memory))).toContain('the value is 2');
  });

  test('minutes may have lost one as soon as a second is over, not two', async () => {
    const memory = cyber.memory();
    const reads = (minutes: number) => {
      memory.onWrite = (id, payload) => {
        memory.reports.set(id, Uint8Array.of((payload[0] ?? 0) - minutes, 0));
        return null;
      };
    };
    reads(1);
    expect(await run(order('shutdown.return', 300), 'cyberpower', cyber.device, memory)).toContain('off in 5 min');
    reads(2);
    expect(await refused(run(order('shutdown.return', 300), 'cyberpower', cyber.device, memory))).toContain(
      '4 min, not 6',
    );
  });

  test('0 minutes that stood there before are no proof', async () => {
    const memory = cyber.memory(
      new Map([
        [0x15, Uint8Array.of(0, 0)],
        [0x16, Uint8Array.of(255, 255)],
      ]),
    );
    memory.onWrite = (id, payload) => {
      if (id === 0x16) memory.reports.set(id, payload);
      return null;
    };
    expect(await refused(run(order('shutdown.stayoff', 60), 'cyberpower', cyber.device, memory))).toContain(
      'does not show it',
    );
    // From something else, 0 is the minute that is running out.
    memory.reports.set(0x15, Uint8Array.of(255, 255));
    memory.onWrite = (id, payload) => {
      memory.reports.set(id, id === 0x15 ? Uint8Array.of(0, 0) : payload);
      return null;
    };
    expect(await run(order('shutdown.stayoff', 60), 'cyberpower', cyber.device, memory)).toContain('off in 1 min');
  });

  test('nor are the minutes of a timer for "on" that were there before', async () => {
    const omni = made(`05 84 09 04 a1 01 09 18 a1 00 09 20 a1 00  15 00 27 ff ff 00 00 75 10 95 01 66 01 10
      85 15 09 57 b1 02  06 ff ff 85 16 09 56 b1 02 c0 c0 c0`);
    const memory = ones(omni);
    memory.reports.set(0x16, Uint8Array.of(1, 0));
    memory.onWrite = () => null;
    expect(await refused(run(order('shutdown.return', 60), 'tripplite', omni, memory))).toContain('1 min, not 2 min');
    expect(memory.written.map(({ id }) => id)).toEqual([0x16]);
  });

  test('all ones that begin to count are no stop', async () => {
    const unsigned = made(`05 84 09 04 a1 01 09 24 a1 00 15 00 27 ff ff 00 00 75 10 95 01 66 01 10
      85 01 09 57 b1 02 85 02 09 56 b1 02 c0 c0`);
    const memory = ones(unsigned);
    expect(await run(order('shutdown.stop'), 'generic', unsigned, memory)).toContain('stopped');
    expect(memory.pauses.reduce((sum, ms) => sum + ms)).toBeGreaterThan(1000);
    memory.onWrite = (id, payload) => {
      memory.reports.set(id, payload);
      return null;
    };
    const pause = memory.pause.bind(memory);
    memory.pause = async (ms) => {
      await pause(ms);
      if (memory.pauses.length >= 6) memory.reports.set(0x01, Uint8Array.of(0xfe, 0xff));
    };
    expect(await refused(run(order('shutdown.stop'), 'generic', unsigned, memory))).toContain('still counts down');
  });

  test('a report that is told short is not written', async () => {
    const memory = eaton.memory(new Map([[0x0a, Uint8Array.of(255, 255)]]));
    expect(await refused(run(order('shutdown.return', 60), 'eaton', eaton.device, memory))).toContain('2 of 4 bytes');
    expect(memory.written).toEqual([]);
  });

  test('a longer answer than declared is not written back longer', async () => {
    const memory = eaton.memory(new Map([[0x1f, Uint8Array.of(2, 9, 9, 9)]]));
    await run(order('beeper.disable'), 'eaton', eaton.device, memory);
    expect(memory.written).toEqual([{ id: 0x1f, bytes: [1] }]);
  });

  test('the other fields of the report go back as they were', async () => {
    // One report with the two timers of 16 bits and a byte between.
    const packed = made(`05 84 09 04 a1 01 09 24 a1 00 85 15 16 ff ff 26 ff 7f 95 01 66 01 10
      75 10 09 57 b1 02  75 08 b1 03  75 10 09 56 b1 02 c0 c0`);
    const { reports, collections, fields } = upsDescriptor(
      Buffer.from(
        '058409 04a1010924a1008515 16ffff 26ff7f 9501 660110 7510 0957b102 7508b103 7510 0956b102 c0c0'.replaceAll(
          ' ',
          '',
        ),
        'hex',
      ),
    );
    const memory = new ReportMemory(
      { reports, collections, fields },
      new Map([[0x15, Uint8Array.of(255, 255, 0xa5, 255, 255)]]),
    );
    await run(order('shutdown.return', 300), 'powerwalker', packed, memory);
    expect(memory.written.map(({ bytes }) => bytes)).toEqual([
      [255, 255, 0xa5, 0x36, 0x01],
      [0x2c, 0x01, 0xa5, 0x36, 0x01],
    ]);
  });

  test('a unit that may not be switched by software is left alone', async () => {
    const locked = made(`05 84 09 04 a1 01 09 24 a1 00 17 ff ff ff ff 27 ff ff ff 7f 75 20 95 01 66 01 10
      85 09 09 57 b1 02 85 0a 09 56 b1 02
      09 02 a1 02 15 00 25 01 75 08 65 00 85 0b 09 6c b1 03 c0 c0 c0`);
    const memory = eaton.memory(new Map([[0x0b, Uint8Array.of(0)]]));
    expect(await refused(run(order('shutdown.return', 60), 'eaton', locked, memory))).toContain('disabled');
    expect(await refused(run(order('shutdown.return', 60), 'eaton', locked, eaton.memory(new Map())))).toContain(
      'does not say',
    );
    expect(memory.written).toEqual([]);
  });

  test('stopping a countdown is taken when none runs any more', async () => {
    const memory = eaton.memory(new Map([[0x09, Uint8Array.of(45, 0, 0, 0)]]));
    expect(await run(order('shutdown.stop'), 'eaton', eaton.device, memory)).toContain('stopped');
    memory.reports.set(0x09, Uint8Array.of(45, 0, 0, 0));
    memory.onWrite = () => null;
    expect(await refused(run(order('shutdown.stop'), 'eaton', eaton.device, memory))).toContain(
      'still counts down 45 s',
    );
  });

  test.each([
    ['in progress', 6, 5, true],
    ['over at once', 6, 1, true],
    ['the old result, which says nothing', 1, 1, true],
    ['none initiated', 6, 6, false],
    ['another old result', 4, 4, false],
  ])('a quick test shows %s: taken or not', async (_what, before, after, taken) => {
    const memory = cyber.memory(new Map([[0x14, Uint8Array.of(before)]]));
    memory.onWrite = (id) => {
      memory.reports.set(id, Uint8Array.of(after));
      return null;
    };
    const done = run(order('test.battery.start.quick'), 'cyberpower', cyber.device, memory).then(
      () => true,
      () => false,
    );
    expect(await done).toBe(taken);
  });

  test('Powercom: the countdown is decoded as it is coded', async () => {
    const powercom = known('powercom-0004');
    const memory = powercom.memory();
    memory.onWrite = (id) => {
      // 2 min 3 s left, without the flags.
      memory.reports.set(id, Uint8Array.of(3, 2));
      return null;
    };
    expect(await run(order('shutdown.return', 125), 'powercom', powercom.device, memory)).toContain('off in 2 min 5 s');
    expect(memory.written).toEqual([{ id: 0x0f, bytes: [0x45, 0x02] }]);
  });
});
