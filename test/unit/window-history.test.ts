import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyCsv } from '../../renderer/history/csv.ts';
import { frame, gaps, longestPause, onBattery, pathOf, widthOf } from '../../renderer/history/lines.ts';
import { ranges, ticks } from '../../renderer/history/ranges.ts';
import { loadScale, voltScale } from '../../renderer/history/scales.ts';
import { sumWords } from '../../renderer/history/sum-words.ts';
import { tableRows } from '../../renderer/history/table-rows.ts';
import type { HistoryPoint } from '../../shared/history.ts';

const minute = 60_000;
const point = (at: number, change: Partial<HistoryPoint> = {}): HistoryPoint => ({
  at,
  onBattery: false,
  charge: 90,
  runtime: 2400,
  load: 30,
  inputVoltage: 230,
  ...change,
});
const span = { from: 0, to: 800 * minute };
const charge = (each: HistoryPoint) => each.charge;
const percent = { low: 0, high: 100 };
const everyMinute = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => point((from + index) * minute));

describe('gaps', () => {
  it('are not the five minutes between two points while nothing changes', () => {
    const points = Array.from({ length: 160 }, (_, index) => point(index * 5 * minute));
    expect(widthOf(span)).toBe(minute);
    expect(gaps({ span, points })).toEqual([]);
    expect(pathOf({ span, points }, charge, percent).match(/M/g)).toHaveLength(1);
  });

  it('are what is longer, also before the first point and after the last', () => {
    const points = [...everyMinute(100, 200), ...everyMinute(300, 700)];
    expect(gaps({ span, points })).toEqual([
      { from: 0, to: 100 * minute },
      { from: 200 * minute, to: 300 * minute },
      { from: 700 * minute, to: 800 * minute },
    ]);
    const rows = tableRows({ span, points });
    expect(rows.filter((row) => row.type === 'gap').map((row) => row.at / minute)).toEqual([700, 200, 0]);
    expect(rows).toHaveLength(503);
    expect(rows.map((row) => row.at)).toEqual(rows.map((row) => row.at).sort((a, b) => b - a));
  });

  it('are some minutes without a word in an outage, when a word comes every 5 s', () => {
    const day = { from: 0, to: 86_400_000 };
    const width = widthOf(day);
    const points = Array.from({ length: 100 }, (_, index) => point(index * width, { onBattery: true }));
    const silent = points.toSpliced(40, 4);
    const [inner] = gaps({ span: day, points: silent });
    expect(inner).toEqual({ from: 40 * width, to: 44 * width });
    expect(onBattery({ span: day, points: silent })).toHaveLength(2);
    // On mains again within the stretch of the one point, and calm since: nothing is missing.
    const over = [...points, point(points.length * width + 3 * minute)];
    expect(gaps({ span: day, points: over })).toHaveLength(1);
  });

  it('are the whole time when there is nothing', () => {
    expect(gaps({ span, points: [] })).toEqual([span]);
    expect(pathOf({ span, points: [] }, charge, percent)).toBe('');
  });
});

describe('a line', () => {
  it('stops at a gap and at what is not known, and goes on behind it', () => {
    const points = [
      point(0),
      point(minute),
      point(2 * minute, { charge: null }),
      point(3 * minute),
      point(99 * minute),
    ];
    const d = pathOf({ span, points }, charge, percent);
    expect(d).toBe('M0.0 10.0L1.3 10.0L2.5 10.0M3.8 10.0L5.0 10.0M123.8 10.0L125.0 10.0');
  });

  it('never leaves its frame nor crosses a gap, whatever is kept', () => {
    const any = fc.record({
      at: fc.integer({ min: -1e7, max: 6e7 }),
      charge: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: (each) => each.at, maxLength: 60 }), (found) => {
        const points = found.map((each) => point(each.at, { charge: each.charge })).sort((a, b) => a.at - b.at);
        const d = pathOf({ span, points }, charge, percent);
        for (const run of d.split('M').filter(Boolean)) {
          const places = run.split('L').map((place) => place.split(' ').map(Number)) as [number, number][];
          expect(places.every(([x, y]) => x >= 0 && x <= frame.width && y >= 0 && y <= frame.height)).toBe(true);
          const longest = ((longestPause(span) + widthOf(span)) / (span.to - span.from)) * frame.width;
          const steps = places.slice(1).map(([x], index) => x - (places[index] as [number, number])[0]);
          expect(Math.max(...steps)).toBeLessThanOrEqual(longest + 0.2);
        }
      }),
    );
  });

  it('is shaded where it ran from the battery, to the end of that stretch', () => {
    const points = everyMinute(0, 30).map((each, index) => ({ ...each, onBattery: index >= 10 && index < 14 }));
    expect(onBattery({ span, points })).toEqual([{ from: 10 * minute, to: 14 * minute }]);
  });
});

describe('scales', () => {
  it('leave room for an overload, and let no load look high that is not', () => {
    expect(loadScale([point(0)])).toEqual({ low: 0, high: 50 });
    expect(loadScale([point(0), point(1, { load: 104 })])).toEqual({ low: 0, high: 150 });
  });

  it('show what the mains do, and say that an outage lies below', () => {
    const volts = [226, 0, 238].map((inputVoltage, at) => point(at, { inputVoltage }));
    expect(voltScale(volts)).toEqual({ low: 220, high: 240, isCut: true });
    expect(voltScale([point(0, { inputVoltage: 121 })])).toEqual({ low: 120, high: 140, isCut: false });
    expect(voltScale([point(0, { inputVoltage: null })])).toEqual({ low: 0, high: 240 });
  });
});

describe('words and files', () => {
  it('sum up a line for those who do not see it', () => {
    const points = [point(0, { charge: 98 }), point(1, { charge: 71.4 }), point(2, { charge: null })];
    expect(sumWords('Charge', points, charge, '%').replaceAll('\u00a0', ' ')).toBe(
      'Charge: 71 % to 98 %, 71 % at the end',
    );
    expect(sumWords('Charge', [point(0, { charge: null })], charge, '%')).toBe('Charge: not reported');
  });

  it('leave the cell of an unknown value empty', () => {
    const points = [point(0), point(minute, { onBattery: true, load: null, inputVoltage: 0 })];
    expect(historyCsv(points).split('\r\n')).toEqual([
      'time,on_battery,charge_percent,runtime_s,load_percent,input_volts',
      '1970-01-01T00:00:00.000Z,0,90,2400,30,230',
      '1970-01-01T00:01:00.000Z,1,90,2400,,0',
      '',
    ]);
  });

  it('stand at whole hours of a day, and at few days of a month', () => {
    const to = new Date(2026, 10, 21, 19, 2).getTime();
    const day = ticks({ from: to - ranges['24h'].ms, to });
    expect(day.map((tick) => new Date(tick.at).getHours())).toEqual([20, 0, 4, 8, 12, 16]);
    const month = ticks({ from: to - ranges['30d'].ms, to });
    expect(month.length).toBeGreaterThan(4);
    expect(month.length).toBeLessThan(9);
    expect(month.every((tick) => new Date(tick.at).getHours() === 0)).toBe(true);
  });
});
