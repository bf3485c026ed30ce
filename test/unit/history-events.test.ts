import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Memory, powerEvents, remember } from '../../electron/brain/power-events.ts';
import { EventsFile } from '../../electron/storage/events-file.ts';
import type { PowerEvent } from '../../shared/history.ts';
import type { Reading } from '../../shared/reading.ts';
import type { PowerView } from '../../shared/view.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { onBattery, samplePower } from '../fakes/status.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const start = Date.UTC(2026, 10, 21, 19);
const second = 1000;
const mains = samplePower();
const lost = samplePower({ state: 'lost-contact', sentence: 'No answer from the UPS for 12 s' });
const says = (patch: Partial<Reading>): PowerView =>
  samplePower({ reading: mains.reading && { ...mains.reading, ...patch } });

/** What is told when the UPS is so from these seconds on, one look each. */
function tell(looks: [seconds: number, power: PowerView][], memory: Memory = new Map()) {
  const events: PowerEvent[] = [];
  for (const [seconds, power] of looks) {
    const next = powerEvents(memory, [power], start + seconds * second);
    events.push(...next.events);
    memory = next.memory;
  }
  return events;
}
const lines = (events: PowerEvent[]) =>
  events.map(({ at, kind, sentence }) => `${(at - start) / second} ${kind}: ${sentence}`);
const outage = (seconds: number, charge: number | null, patch: Partial<PowerView> = {}) =>
  onBattery({ onBatterySince: start + seconds * second, sentence: `On battery, ${charge} %`, ...patch }, charge);

describe('an outage', () => {
  test('is told with its length and its lowest charge', () => {
    const events = tell([
      [0, mains],
      [2, outage(1, 98)],
      [100, outage(1, 71)],
      [370, outage(1, 73)],
      [373, mains],
      [400, mains],
    ]);
    expect(lines(events)).toEqual([
      '1 power-lost: On battery, 98 %',
      '373 power-back: Mains back after 6 min 12 s, charge down to 71 %',
    ]);
    expect(events[0]).toMatchObject({ upsId: 'ups-1', upsName: 'Eaton 5P' });
  });

  test('of a UPS that tells no charge has none', () => {
    expect(
      lines(
        tell([
          [0, outage(0, null)],
          [30, mains],
        ]),
      )[1],
    ).toBe('30 power-back: Mains back after 30 s');
  });

  test('that gets low says so once', () => {
    const low = outage(0, 9, { state: 'low', sentence: 'Battery low, 9 %' });
    expect(
      lines(
        tell([
          [0, outage(0, 20)],
          [5, low],
          [6, outage(0, 9)],
          [7, low],
          [9, mains],
        ]),
      ),
    ).toEqual([
      '0 power-lost: On battery, 20 %',
      '5 battery-low: Battery low, 9 %',
      '9 power-back: Mains back after 9 s, charge down to 9 %',
    ]);
  });

  test('goes on while there is no contact', () => {
    const silent = outage(0, 50, { state: 'lost-contact' });
    const unknown = samplePower({ state: 'unknown' });
    expect(
      lines(
        tell([
          [0, outage(0, 50)],
          [1, silent],
          [5, unknown],
          [6, outage(6, 40)],
          [8, mains],
        ]),
      ),
    ).toEqual(['0 power-lost: On battery, 50 %', '8 power-back: Mains back after 8 s, charge down to 40 %']);
  });

  test('is one and the same over a restart in it', () => {
    const before = tell([
      [0, mains],
      [1, outage(1, 90)],
    ]);
    const after = tell(
      [
        [60, samplePower({ state: 'unknown' })],
        [61, outage(61, 60)],
        [65, mains],
      ],
      remember(before),
    );
    expect(lines(after)).toEqual(['65 power-back: Mains back after 1 min 4 s, charge down to 60 %']);
  });

  test('that ended while Glidepath did not run is told as over', () => {
    const after = tell(
      [
        [7200, mains],
        [7201, mains],
      ],
      remember(tell([[0, outage(0, 90)]])),
    );
    expect(lines(after)).toEqual([
      '7200 power-back: On mains; the power was lost 2 h ago, and came back while Glidepath did not run',
    ]);
    // The next one is one of its own.
    expect(lines(tell([[9000, outage(9000, 90)]], remember(after)))).toEqual(['9000 power-lost: On battery, 90 %']);
  });

  test('has no length below nothing when the clock is set back', () => {
    expect(
      lines(
        tell([
          [0, outage(0, 90)],
          [-3600, mains],
        ]),
      )[1],
    ).toBe('-3600 power-back: Mains back after 0 s, charge down to 90 %');
  });
});

describe('the contact', () => {
  test('is told when it has been lost for 10 s, from its beginning, and when it is back', () => {
    expect(
      lines(
        tell([
          [0, mains],
          [5, lost],
          [14, lost],
          [15, lost],
          [60, lost],
          [65, mains],
        ]),
      ),
    ).toEqual(['5 contact-lost: No answer from the UPS for 12 s.', '65 contact-back: Answers again after 1 min']);
  });

  test('is not told of a UPS that is found some seconds after the start', () => {
    expect(
      tell([
        [0, lost],
        [8, lost],
        [9, mains],
      ]),
    ).toEqual([]);
  });

  test('that was lost before a restart is not lost once more', () => {
    const before = tell([
      [0, lost],
      [20, lost],
    ]);
    expect(before).toHaveLength(1);
    expect(
      lines(
        tell(
          [
            [100, lost],
            [120, lost],
            [130, mains],
          ],
          remember(before),
        ),
      ),
    ).toEqual(['130 contact-back: Answers again after 2 min 10 s']);
  });
});

describe('what a UPS says of itself', () => {
  test.each([
    ['needReplacement', 'replace-battery'],
    ['overload', 'overload'],
    ['bypass', 'bypass'],
    ['outputOff', 'output-off'],
    ['forcedShutdown', 'forced-shutdown'],
  ] as const)('%s is told once, until it is over', (flag, kind) => {
    const bad = says({ [flag]: true });
    const good = says({ [flag]: false });
    const kinds = (events: PowerEvent[]) => events.map((event) => event.kind);
    const first = tell([
      [0, good],
      [1, bad],
      [2, mains],
      [3, bad],
      [4, lost],
      [5, bad],
    ]);
    expect(kinds(first)).toEqual([kind]);
    expect(tell([[9, bad]], remember(first))).toEqual([]);
    expect(
      kinds(
        tell(
          [
            [9, good],
            [10, bad],
          ],
          remember(first),
        ),
      ),
    ).toEqual([kind]);
  });

  test('a test of its battery begins and ends', () => {
    const testing = says({ testing: true, testResult: 'running' });
    const passed = says({ testing: false, testResult: 'passed' });
    expect(
      lines(
        tell([
          [0, says({ testing: false })],
          [1, testing],
          [2, testing],
          [9, passed],
        ]),
      ),
    ).toEqual(['1 test-started: Tests its battery', '9 test-ended: The battery test has ended: passed']);
    expect(tell([[5, testing]], remember(tell([[1, testing]])))).toEqual([]);
  });

  test('is told for each UPS by itself, and fits into what is kept', () => {
    const other = onBattery({ ups: { ...mains.ups, id: 'ups-2', name: 'x'.repeat(300) }, sentence: 'y'.repeat(900) });
    const { events } = powerEvents(new Map(), [mains, other], start);
    expect(events).toMatchObject([{ upsId: 'ups-2', kind: 'power-lost' }]);
    expect([events[0]?.upsName.length, events[0]?.sentence.length]).toEqual([200, 500]);
  });
});

describe('the list', () => {
  const event = (n: number): PowerEvent => ({
    at: start + n,
    upsId: 'ups-1',
    upsName: 'Eaton',
    kind: 'command-sent',
    sentence: `number ${n}`,
  });

  test('comes back over a restart, without damaged lines', async () => {
    const folder = await temporaryFolder();
    const log = keptLog();
    const file = new EventsFile(folder, log);
    file.add(event(1));
    await file.settle();
    await fs.appendFile(join(folder, 'events.jsonl'), '{"at":2}\nno\n{"at":');
    const again = new EventsFile(folder, log);
    again.add(event(3));
    expect(await again.read()).toEqual([event(1), event(3)]);
    expect(log.lines).toEqual([expect.stringContaining('3 damaged lines')]);
  });

  test('keeps the newest 5,000', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'events.jsonl');
    const old = Array.from({ length: 5499 }, (_, n) => `${JSON.stringify(event(n))}\n`);
    await fs.writeFile(path, old.join(''));
    const file = new EventsFile(folder, keptLog());
    expect(await file.read()).toHaveLength(5499);
    file.add(event(5499));
    file.add(event(5500));
    const kept = await file.read();
    expect(kept).toHaveLength(5001);
    expect([kept[0], kept.at(-1)]).toEqual([event(500), event(5500)]);
  });

  test('costs nobody anything when it cannot be written', async () => {
    const folder = await temporaryFolder();
    await fs.mkdir(join(folder, 'events.jsonl'));
    const log = keptLog();
    const file = new EventsFile(folder, log);
    for (let n = 0; n < 3; n += 1) file.add(event(n));
    expect(await file.read()).toEqual([]);
    expect(log.lines.filter((line) => line.includes('is not written'))).toHaveLength(1);
  });
});
