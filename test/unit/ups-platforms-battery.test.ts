import { describe, expect, test } from 'vitest';
import type { UpsEvent } from '../../electron/core/ports.ts';
import { parsePmset } from '../../electron/ups/system/pmset.ts';
import type { SystemUps } from '../../electron/ups/system/system-ups.ts';
import { parseWin32Battery } from '../../electron/ups/system/win32-battery.ts';
import { SystemBattery } from '../../electron/ups/system-battery.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

describe('what pmset prints', () => {
  test.each<[string, string, Partial<SystemUps>[]]>([
    [
      'a UPS on mains',
      "Now drawing from 'AC Power'\n -Back-UPS ES 700G FW:871.O4 .I USB FW:O4  (id=32702464)\t100%; AC attached; not charging present: true\n",
      [{ name: 'Back-UPS ES 700G', acPresent: true, charging: false, discharging: false, charge: 100, runtime: null }],
    ],
    [
      'a UPS on battery',
      "Now drawing from 'UPS Power'\n -CP1300EPFCLCD (id=24379392)\t87%; discharging; 0:45 remaining present: true\n",
      [{ name: 'CP1300EPFCLCD', acPresent: false, discharging: true, charge: 87, runtime: 2700 }],
    ],
    [
      'no estimate',
      "Now drawing from 'UPS Power'\n -Back-UPS ES 700 (id=1234)\t87%; discharging; (no estimate)\n",
      [{ acPresent: false, runtime: null }],
    ],
    [
      '0:00, which is none either',
      "Now drawing from 'UPS Power'\n -UPS (id=1)\t87%; discharging; 0:00 remaining present: true\n",
      [{ runtime: null }],
    ],
    [
      'no word about the time',
      "Now drawing from 'UPS Power'\n -UPS (id=1)\t87%; discharging present: true\n",
      [{ acPresent: false, discharging: true, charge: 87, runtime: null, key: '1' }],
    ],
    [
      'no word about the time, charging',
      "Now drawing from 'AC Power'\n -UPS (id=1)\t87%; charging present: true\n",
      [{ acPresent: true, charging: true }],
    ],
    [
      'the time to full, which is no runtime',
      "Now drawing from 'AC Power'\n -UPS (id=1)\t87%; charging; 1:10 remaining present: true\n",
      [{ acPresent: true, charging: true, runtime: null }],
    ],
    [
      'a state that is not known',
      "Now drawing from 'AC Power'\n -UPS (id=1)\t87%; something new; present: true\n",
      [{ acPresent: null, charging: null, discharging: null, charge: 87 }],
    ],
    [
      'a notebook beside a UPS: only the UPS',
      "Now drawing from 'Battery Power'\n -UPS-1500VA (id=1234567)\t100%; charged; 0:00 remaining present: true\n -InternalBattery-0 (id=7340131)\t53%; discharging; 3:10 remaining present: true\n",
      [{ name: 'UPS-1500VA', acPresent: true }],
    ],
    ['a computer without either', "Now drawing from 'AC Power'\n", []],
    ['nonsense', '-(id=)%;;;\n\u0000', []],
  ])('%s', (_what, text, expected) => {
    expect(parsePmset(text)).toEqual(expected.map((ups) => expect.objectContaining(ups)));
  });
});

describe('what Windows answers', () => {
  const ups = {
    Name: 'Back-UPS XS 1400U FW:926.T2 .I USB FW:T2',
    DeviceID: '4B1837P41014American Power ConversionBack-UPS XS 1400U',
    BatteryStatus: 2,
    EstimatedChargeRemaining: 100,
    EstimatedRunTime: 71_582_788,
    Chemistry: 3,
  };
  const notebook = { ...ups, Name: 'DELL 4M1JN11', BatteryStatus: 1, EstimatedRunTime: 120, Chemistry: 6 };
  const answer = (upses: number, ...batteries: object[]) => parseWin32Battery(JSON.stringify({ upses, batteries }));

  test.each<[string, object, Partial<SystemUps>]>([
    ['on mains', {}, { acPresent: true, discharging: false, charge: 100, runtime: null }],
    ['on battery', { BatteryStatus: 1, EstimatedRunTime: 26 }, { acPresent: false, discharging: true, runtime: 1560 }],
    ['charging', { BatteryStatus: 6 }, { acPresent: true, charging: true }],
    ['low, on battery', { BatteryStatus: 4, EstimatedRunTime: 3 }, { acPresent: false, runtime: 180 }],
    ['low, on mains', { BatteryStatus: 4 }, { acPresent: true, runtime: null }],
    ['low, nobody knows where', { BatteryStatus: 5, EstimatedRunTime: null }, { acPresent: null, discharging: null }],
    ['undefined', { BatteryStatus: 10 }, { acPresent: null }],
    ['on battery, with a runtime of years', { BatteryStatus: 1 }, { acPresent: false, runtime: null }],
  ])('%s', (_what, change, expected) => {
    expect(answer(1, { ...ups, ...change })).toEqual([expect.objectContaining(expected)]);
  });

  test("the computer's own battery is none", () => {
    expect(answer(0, notebook)).toEqual([]);
    expect(answer(1, notebook, ups).map(({ name }) => name)).toEqual([ups.Name]);
    expect(answer(2, ups, { ...ups, DeviceID: 'other' }).map(({ key }) => key)).toEqual([
      '4B1837P41014American Power ConversionBac',
      'other',
    ]);
  });

  test.each([['[]'], ['{"upses":1}'], ['not json'], ['{"upses":1,"batteries":[{"BatteryStatus":"x"}]}']])(
    'an answer that is none throws: %s',
    (text) => {
      expect(() => parseWin32Battery(text)).toThrow();
    },
  );
});

describe('the battery of the system as a source', () => {
  const found: SystemUps = {
    name: 'CP1300EPFCLCD',
    key: '24379392',
    acPresent: true,
    charging: false,
    discharging: false,
    charge: 100,
    runtime: null,
  };

  function started() {
    const clock = new ManualClock();
    const state = { found: [found] as SystemUps[] | Error, needed: true, asked: 0 };
    const source = new SystemBattery(
      async () => {
        state.asked += 1;
        if (state.found instanceof Error) throw state.found;
        return state.found;
      },
      clock,
      () => state.needed,
    );
    const events: UpsEvent[] = [];
    source.start((event) => events.push(event));
    return { clock, state, source, events };
  }

  test('is found once, and read more often than a reading gets old', async () => {
    const { clock, state, source, events } = started();
    await clock.advance(8000);
    expect(events.map(({ type }) => type)).toEqual(['found', 'reading', 'reading', 'reading']);
    expect(events[0]).toMatchObject({ ups: { id: 'system:CP1300EPFCLCD', source: 'system', offers: [] } });
    expect(events[1]).toMatchObject({ fresh: 'poll', reading: { acPresent: true, charge: 100, load: null } });
    source.hurry(true);
    const before = state.asked;
    await clock.advance(12_000);
    expect(state.asked - before).toBeGreaterThanOrEqual(5);
  });

  test('is lost when it is not listed, or nothing is answered, and comes back', async () => {
    const { clock, state, events } = started();
    await clock.advance(0);
    state.found = new Error('spawn ENOENT');
    await clock.advance(4000);
    expect(events.at(-1)).toMatchObject({ type: 'lost', fault: { what: expect.stringContaining('ENOENT') } });
    state.found = [found];
    await clock.advance(4000);
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['found', 'reading']);
  });

  const told = (events: readonly UpsEvent[]) =>
    events.flatMap((event) => (event.type === 'reading' ? [[event.reading.upsId, event.reading.acPresent]] : []));

  test('two of one name are two, and the one that was there first keeps its id', async () => {
    const { clock, state, events } = started();
    await clock.advance(0);
    const twin: SystemUps = { ...found, key: '7', acPresent: false };
    state.found = [twin, found];
    await clock.advance(4000);
    expect(told(events.slice(2))).toEqual([
      ['system:CP1300EPFCLCD #7', false],
      ['system:CP1300EPFCLCD', true],
    ]);
    expect(events.filter(({ type }) => type === 'lost')).toEqual([]);
    // Gone and back under another key it may be either.
    state.found = [twin];
    await clock.advance(4000);
    state.found = [{ ...found, key: '8' }, twin];
    await clock.advance(4000);
    expect(told(events).slice(-2)).toEqual([
      ['system:CP1300EPFCLCD #8', true],
      ['system:CP1300EPFCLCD #7', false],
    ]);
  });

  test.each([
    ['without keys', ''],
    ['with one key', '5'],
  ])('two of one name %s are numbered, and neither is hidden', async (_what, key) => {
    const { clock, state, events } = started();
    state.found = [
      { ...found, key },
      { ...found, key, acPresent: false },
    ];
    await clock.advance(4000);
    expect(told(events).slice(-2)).toEqual([
      ['system:CP1300EPFCLCD #1', true],
      ['system:CP1300EPFCLCD #2', false],
    ]);
  });

  test('is silent while UPSes are read over USB, and does not even ask', async () => {
    const { clock, state, events } = started();
    await clock.advance(0);
    state.needed = false;
    await clock.advance(4000);
    expect(events.at(-1)).toMatchObject({ type: 'lost' });
    const before = state.asked;
    await clock.advance(60_000);
    expect(state.asked).toBe(before);
  });

  test('takes no command, tells what it knows, and stops', async () => {
    const { clock, source, events } = started();
    await clock.advance(0);
    expect([source.has('system:CP1300EPFCLCD'), source.has('hid:x')]).toEqual([true, false]);
    await expect(source.command('system:CP1300EPFCLCD')).rejects.toMatchObject({ fault: { code: 'ups-refused' } });
    expect(await source.details('system:CP1300EPFCLCD')).toContainEqual(
      expect.objectContaining({ name: 'charge', value: '100', feeds: 'charge' }),
    );
    await expect(source.details('system:other')).rejects.toMatchObject({ fault: { code: 'ups-lost' } });
    await source.stop();
    const before = events.length;
    await clock.advance(60_000);
    expect([events.length, clock.pending]).toEqual([before, 0]);
  });
});
