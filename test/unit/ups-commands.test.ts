import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upsDescriptor } from '../../electron/ups/hid/candidates.ts';
import { offersOf } from '../../electron/ups/hid/commands/offers.ts';
import type { Device } from '../../electron/ups/hid/commands/recipe.ts';
import { fits } from '../../electron/ups/hid/commands/write-bits.ts';
import type { Family } from '../../electron/ups/hid/quirks/quirks.ts';
import { FaultError } from '../../shared/fault.ts';
import { type Order, offerSchema } from '../../shared/ups-command.ts';
import { descriptorNames, readDescriptor } from '../fakes/ups/fixtures.ts';
import { known, made, order, plan } from './ups-commands-kit.ts';

const families: readonly Family[] = [
  'apc',
  'cyberpower',
  'eaton',
  'tripplite',
  'liebert',
  'belkin',
  'powercom',
  'powerwalker',
  'arduino',
  'generic',
];

/** Report id and raw value of each write. */
const writes = (what: Order, family: Family, device: Device) =>
  plan(what, family, device).writes.map(({ field, raw }) => [field.reportId, raw]);
const commands = (family: Family, device: Device) => offersOf(family, device).map(({ command }) => command);
const beeper = ['beeper.disable', 'beeper.enable', 'beeper.mute'];
const tests = ['test.battery.start.quick', 'test.battery.start.deep', 'test.battery.stop'];

describe('what is offered', () => {
  test.each<[string, Family, string[]]>([
    // No timer for "on", and what APCDelayBeforeReboot does is not agreed on: no return.
    ['apc-back-ups-es-850g2', 'apc', ['shutdown.stayoff', 'shutdown.stop', ...beeper.slice(0, 2), ...tests]],
    ['apc-back-ups-rs-1000g', 'apc', ['shutdown.stayoff', 'shutdown.stop', ...beeper, ...tests]],
    ['apc-back-ups-bx1600mi', 'apc', ['shutdown.stayoff', 'shutdown.stop', ...beeper, ...tests]],
    ['apc-back-ups-500', 'apc', []],
    ['apc-smart-ups-1000-0002', 'apc', ['shutdown.return', 'shutdown.stayoff', 'shutdown.stop', ...beeper, ...tests]],
    [
      'cyberpower-cp1000pfclcda',
      'cyberpower',
      ['shutdown.return', 'shutdown.stayoff', 'shutdown.stop', ...beeper, ...tests],
    ],
    ['eaton-3s-700', 'eaton', ['shutdown.return', 'shutdown.stayoff', 'shutdown.stop', ...beeper]],
    [
      'tripplite-3016',
      'tripplite',
      ['shutdown.return', 'shutdown.stayoff', 'shutdown.stop', ...beeper, 'test.battery.start.quick'],
    ],
    ['liebert-psi5', 'liebert', ['shutdown.stayoff', 'shutdown.stop', ...beeper, ...tests]],
    ['powercom-0004', 'powercom', ['shutdown.return', 'shutdown.stayoff', 'test.battery.start.quick']],
    ['generic-5131-2007', 'generic', []],
    ['emulator-194-synology-nut', 'generic', []],
  ])('%s as %s', (name, family, expected) => {
    expect(commands(family, known(name).device)).toEqual(expected);
  });

  test('parses, whatever device is taken for whatever family', () => {
    for (const name of descriptorNames) {
      for (const family of families) {
        const { device } = known(name);
        const offers = offersOf(family, device);
        expect(offers.map((offer) => offerSchema.safeParse(offer).error)).toEqual(offers.map(() => undefined));
        expect(new Set(offers.map(({ command }) => command)).size).toBe(offers.length);
      }
    }
  });

  test('from a descriptor with bytes that are wrong, never more than values that fit fields that may be written', () => {
    const byte = fc.record({ at: fc.nat(1200), value: fc.nat(255) });
    const names = fc.constantFrom(...descriptorNames);
    fc.assert(
      fc.property(
        names,
        fc.constantFrom(...families),
        fc.array(byte, { maxLength: 4 }),
        fc.nat(600_000),
        (name, family, changes, wanted) => {
          const bytes = Buffer.from(readDescriptor(name).bytes);
          for (const { at, value } of changes) bytes[at % bytes.length] = value;
          let fields: Device['fields'];
          try {
            fields = upsDescriptor(bytes).fields;
          } catch (error) {
            expect(error).toBeInstanceOf(FaultError);
            return;
          }
          const device = { fields, product: '' };
          for (const offer of offersOf(family, device)) {
            expect(offerSchema.safeParse(offer).error).toBeUndefined();
            const each = plan(order(offer.command, offer.delay && wanted), family, device);
            for (const { field, raw } of each.writes) {
              expect([field.constant, field.kind, fits(field, raw)]).toEqual([false, 'feature', true]);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('no field is written that the host may not write, and never the watchdog of a Tripp Lite', () => {
    for (const name of descriptorNames) {
      for (const family of families) {
        const { device } = known(name);
        for (const { command, delay } of offersOf(family, device)) {
          const each = plan(order(command, delay && 120), family, device);
          for (const { field } of each.writes) {
            expect([field.constant, field.kind, field.usage === 0xffff_0092]).toEqual([false, 'feature', false]);
          }
        }
      }
    }
  });

  test('a return that comes with the clock and not with the mains says so', () => {
    const offer = offersOf('cyberpower', known('cyberpower-cp1000pfclcda').device)[0];
    expect(offer).toMatchObject({
      delay: { kind: 'steps', min: 60, step: 60, round: 'down' },
      note: 'Many of these switch on again a minute after they went off, even if the mains are still out.',
    });
  });

  test('without a timer for "on" it says that somebody has to press the button', () => {
    expect(offersOf('apc', known('apc-back-ups-rs-1000g').device)[0]?.note).toContain('press its button');
  });
});

describe('what is written', () => {
  const smart = known('apc-smart-ups-1000-0002').device;
  const cyber = known('cyberpower-cp1000pfclcda').device;
  const eaton = known('eaton-3s-700').device;
  const tripp = known('tripplite-3016').device;
  const powercom = known('powercom-0004').device;
  const raptor = known('powercom-0004', 'Smart KING Pro').device;

  test.each<[string, Family, Device, Order, number[][]]>([
    [
      'Smart-UPS: on first, then off, of one collection',
      'apc',
      smart,
      order('shutdown.return', 60),
      [
        [0x28, 70],
        [0x27, 60],
      ],
    ],
    [
      'Smart-UPS: "on" taken away, then off',
      'apc',
      smart,
      order('shutdown.stayoff', 60),
      [
        [0x28, -1],
        [0x27, 60],
      ],
    ],
    ['Smart-UPS: stop', 'apc', smart, order('shutdown.stop'), [[0x27, -1]]],
    ['Back-UPS: a bare off', 'apc', known('apc-back-ups-rs-1000g').device, order('shutdown.stayoff', 30), [[0x15, 30]]],
    [
      'CyberPower: minutes',
      'cyberpower',
      cyber,
      order('shutdown.return', 120),
      [
        [0x16, 3],
        [0x15, 2],
      ],
    ],
    [
      'CyberPower: 90 s are one minute',
      'cyberpower',
      cyber,
      order('shutdown.return', 90),
      [
        [0x16, 2],
        [0x15, 1],
      ],
    ],
    [
      'CyberPower: 20 s are not 0, which is at once',
      'cyberpower',
      cyber,
      order('shutdown.return', 20),
      [
        [0x16, 2],
        [0x15, 1],
      ],
    ],
    ['CyberPower: stop', 'cyberpower', cyber, order('shutdown.stop'), [[0x15, -1]]],
    [
      'Eaton: 32 bits',
      'eaton',
      eaton,
      order('shutdown.return', 100_000),
      [
        [0x0a, 100_010],
        [0x09, 100_000],
      ],
    ],
    [
      'Tripp Lite: none is all ones',
      'tripplite',
      tripp,
      order('shutdown.stayoff', 60),
      [
        [0x61, 65_535],
        [0x15, 60],
      ],
    ],
    ['Powercom: 2 min 5 s, back with the mains', 'powercom', powercom, order('shutdown.return', 125), [[0x0f, 0x0245]]],
    ['Powercom: 2 min 5 s, stay off', 'powercom', powercom, order('shutdown.stayoff', 125), [[0x0f, 0x0285]]],
    ['Raptor: the list', 'powercom', raptor, order('shutdown.return', 100), [[0x0f, 10]]],
    ['beeper', 'eaton', eaton, order('beeper.disable'), [[0x1f, 1]]],
    ['test', 'cyberpower', cyber, order('test.battery.start.deep'), [[0x14, 2]]],
  ])('%s', (_what, family, device, what, expected) => {
    expect(writes(what, family, device)).toEqual(expected);
  });

  test('Back-UPS ES with the vendor timers hibernates', () => {
    // APCGeneralCollection with 0xff86007d and 0xff86007e, PowerSummary with DelayBeforeShutdown.
    const es = made(`05 84 09 04 a1 01  16 ff ff 26 ff 7f 75 10 95 01 66 01 10
      06 86 ff 09 05 a1 00  85 41 09 7d b1 02  85 43 09 7e b1 02 c0
      05 84 09 24 a1 00  85 15 09 57 b1 02 c0  c0`);
    expect(writes(order('shutdown.return', 60), 'apc', es)).toEqual([
      [0x43, 120],
      [0x41, 60],
    ]);
    expect(writes(order('shutdown.stayoff', 60), 'apc', es)).toEqual([[0x15, 60]]);
    expect(writes(order('shutdown.stop'), 'apc', es)).toEqual([
      [0x41, -1],
      [0x15, -1],
    ]);
  });

  test('a Smart-UPS with nothing but DelayBeforeReboot hibernates by it, in steps of 90 s', () => {
    const newer = made(`05 84 09 04 a1 01 09 24 a1 00 17 ff ff ff ff 27 ff ff ff 7f 75 20 95 01 66 01 10
      85 12 09 57 b1 02  85 13 09 55 b1 02 c0 c0`);
    expect(writes(order('shutdown.return', 100), 'apc', newer)).toEqual([[0x13, 180]]);
    expect(writes(order('shutdown.stop'), 'apc', newer)).toEqual([
      [0x12, -1],
      [0x13, -1],
    ]);
  });

  test('a Smart-UPS whose limits cannot be meant counts in signed 32 bits', () => {
    const odd = made(`05 84 09 04 a1 01 09 24 a1 00 15 00 25 ff 75 20 95 01 66 01 10
      85 12 09 57 b1 02  85 13 09 55 b1 02 c0 c0`);
    expect(writes(order('shutdown.return', 600), 'apc', odd)).toEqual([[0x13, 630]]);
    expect(writes(order('shutdown.stop'), 'apc', odd)).toEqual([
      [0x12, -1],
      [0x13, -1],
    ]);
  });

  test('Belkin: seconds off, minutes on, 0 takes back', () => {
    const belkin = made(`05 84 09 04 a1 01  05 86 09 27 a1 00  15 00 26 ff 7f 75 10 95 01
      85 20 09 57 b1 02  85 21 09 56 b1 02 c0 c0`);
    expect(writes(order('shutdown.return', 60), 'belkin', belkin)).toEqual([
      [0x21, 2],
      [0x20, 60],
    ]);
    expect(writes(order('shutdown.stop'), 'belkin', belkin)).toEqual([[0x20, 0]]);
  });

  test('Tripp Lite: its own timer for "on" counts minutes', () => {
    const omni = made(`05 84 09 04 a1 01 09 18 a1 00 09 20 a1 00  15 00 27 ff ff 00 00 75 10 95 01 66 01 10
      85 15 09 57 b1 02  06 ff ff 85 16 09 56 b1 02 c0 c0 c0`);
    expect(writes(order('shutdown.return', 60), 'tripplite', omni)).toEqual([
      [0x16, 2],
      [0x15, 60],
    ]);
  });

  test('Eaton: its switch for coming back by itself is set first', () => {
    const five = made(`05 84 09 04 a1 01  09 24 a1 00 17 ff ff ff ff 27 ff ff ff 7f 75 20 95 01 66 01 10
      85 09 09 57 b1 02  85 0a 09 56 b1 02 c0
      09 16 a1 00 09 1a a1 81 15 00 25 01 75 08 65 00 06 ff ff 85 30 09 43 b1 02 c0 c0 c0`);
    expect(writes(order('shutdown.return', 60), 'eaton', five)).toEqual([
      [0x30, 1],
      [0x0a, 70],
      [0x09, 60],
    ]);
    expect(writes(order('shutdown.stayoff', 60), 'eaton', five)).toEqual([
      [0x30, 0],
      [0x0a, -1],
      [0x09, 60],
    ]);
    // What "stay off" took away is given back, after the countdown is stopped.
    expect(writes(order('shutdown.stop'), 'eaton', five)).toEqual([
      [0x09, -1],
      [0x30, 1],
    ]);
  });

  /** The specification's two timers: bits of each, and the items of their limits and unit. */
  const timers = (off: number, on: number, limits: string) =>
    made(`05 84 09 04 a1 01 09 24 a1 00 95 01 ${limits}
      75 ${off.toString(16).padStart(2, '0')} 85 01 09 57 b1 02
      75 ${on.toString(16).padStart(2, '0')} 85 02 09 56 b1 02 c0 c0`);
  const unsignedSeconds = '15 00 26 ff 00 66 01 10';

  test('without a sign under 16 bits there is no "none": all ones would begin a countdown', () => {
    expect(commands('generic', timers(8, 8, unsignedSeconds))).toEqual([]);
    expect(commands('tripplite', timers(8, 8, unsignedSeconds))).toEqual([]);
    expect(commands('apc', timers(8, 8, unsignedSeconds))).toEqual([]);
    expect(commands('generic', timers(16, 8, unsignedSeconds))).toEqual(['shutdown.stop']);
    expect(commands('generic', timers(16, 16, unsignedSeconds))).toHaveLength(3);
    expect(commands('generic', timers(8, 8, '15 ff 25 7f 66 01 10'))).toHaveLength(3);
  });

  test('what counts in minutes is told whole ones, and "on" a minute after "off"', () => {
    const minutes = timers(16, 16, '15 ff 26 ff 7f 35 c4 47 c4 ff 1d 00 66 01 10');
    const [offer] = offersOf('generic', minutes);
    expect(offer?.delay).toMatchObject({ kind: 'steps', min: 60, step: 60 });
    const written = [10, 50, 55, 119, 120].map((delay) => writes(order('shutdown.return', delay), 'generic', minutes));
    expect(written.map((each) => each.map(([, raw]) => raw))).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
      [2, 1],
      [3, 2],
    ]);
  });

  test('a timer whose scale cannot be meant is not used', () => {
    // Unit exponent 3: a thousand seconds each.
    const odd = made(`05 84 09 04 a1 01 09 24 a1 00 16 ff ff 26 ff 7f 75 10 95 01 66 01 10 55 03
      85 15 09 57 b1 02 85 16 09 56 b1 02 c0 c0`);
    expect(commands('generic', odd)).toEqual([]);
  });

  test('what is not offered, and a delay that is missing, are refused', () => {
    expect(() => plan(order('shutdown.return', 60), 'apc', known('apc-back-ups-es-850g2').device)).toThrow(FaultError);
    expect(() => plan(order('shutdown.return'), 'eaton', eaton)).toThrow(/without a delay/);
  });
});
