import { describe, expect, test } from 'vitest';
import { Recorder } from '../../electron/brain/recorder.ts';
import { EventsFile } from '../../electron/storage/events-file.ts';
import { HistoryFolder } from '../../electron/storage/history.ts';
import type { HistoryPoint } from '../../shared/history.ts';
import type { Reading } from '../../shared/reading.ts';
import type { PowerView } from '../../shared/view.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { onBattery, samplePower } from '../fakes/status.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const nothing = async () => undefined;

/** Notes what would be kept. */
function recorderWith() {
  const clock = new ManualClock();
  const points: HistoryPoint[] = [];
  const ids = new Set<string>();
  const tidied: number[] = [];
  const recorder = new Recorder({
    clock,
    history: {
      add: (id, point) => {
        points.push(point);
        ids.add(id);
      },
      tidy: async (now) => void tidied.push(now),
      settle: nothing,
    },
    file: { read: async () => [], add: () => undefined, settle: nothing },
    isOfRack: (upsId) => !upsId.startsWith('stranger'),
    changed: () => undefined,
  });
  /** Looks every second. */
  const watch = async (seconds: number, power: (second: number) => PowerView) => {
    for (let second = 0; second < seconds; second += 1) {
      recorder.look([power(second)]);
      await clock.advance(1000);
    }
    return points.splice(0);
  };
  return { clock, recorder, watch, tidied, ids };
}

const says = (patch: Partial<Reading>, view: Partial<PowerView> = {}): PowerView => {
  const { reading } = samplePower();
  return samplePower({ reading: reading && { ...reading, ...patch }, ...view });
};

describe('the pace', () => {
  test('on mains is 5 min, or a minute when something changes noticeably', async () => {
    const { watch } = recorderWith();
    expect(await watch(601, () => says({ inputVoltage: 230.4 }))).toHaveLength(3);
    expect(await watch(600, (second) => says({ inputVoltage: second % 2 === 0 ? 230.4 : 231 }))).toHaveLength(2);
    expect(await watch(600, (second) => says({ load: second % 40 }))).toHaveLength(10);
  });

  test('on battery is 5 s, and both turns are there at once', async () => {
    const { watch } = recorderWith();
    const points = await watch(63, (second) => (second >= 1 && second < 61 ? onBattery() : samplePower()));
    expect(points.map(({ onBattery: isOn }) => isOn)).toEqual([false, ...Array(12).fill(true), false]);
  });

  test('is not lost when the clock jumps, to either side', async () => {
    const { clock, watch } = recorderWith();
    expect(await watch(300, () => samplePower())).toHaveLength(1);
    clock.jump(-7 * 86_400_000);
    expect(await watch(600, () => samplePower())).toHaveLength(2);
    clock.jump(14 * 86_400_000);
    expect(await watch(600, () => samplePower())).toHaveLength(2);
  });
});

test('what is not known is not kept: nothing without contact, null for what is not told', async () => {
  const { watch } = recorderWith();
  const silent = await watch(600, (second) => samplePower({ state: second % 2 === 0 ? 'lost-contact' : 'unknown' }));
  expect(silent).toEqual([]);
  expect(await watch(1, () => samplePower({ reading: null }))).toEqual([]);
  expect(await watch(1, () => says({ charge: null, load: 12 }, { runtimeLeft: null }))).toEqual([
    { at: expect.any(Number), onBattery: false, charge: null, runtime: null, load: 12, inputVoltage: null },
  ]);
});

test('a server that goes on naming new UPSes fills no disk, and hides none of the rack', async () => {
  const { recorder, ids } = recorderWith();
  const named = (id: string) => samplePower({ ups: { ...samplePower().ups, id } });
  for (let n = 0; n < 200; n += 1) recorder.look([named(`stranger-${n}`)]);
  recorder.look([named('ups-1'), named('stranger-3'), named('stranger-300')]);
  expect(ids.size).toBe(51);
  expect(ids).toContain('ups-1');
});

test('old history is tidied every day, not at once, and not after the end', async () => {
  const { clock, recorder, tidied } = recorderWith();
  await recorder.start();
  await clock.advance(14 * 60_000);
  expect(tidied).toEqual([]);
  await clock.advance(25 * 3_600_000);
  expect(tidied).toHaveLength(2);
  await recorder.stop();
  await clock.advance(48 * 3_600_000);
  expect(tidied).toHaveLength(2);
});

test('over a restart in an outage, the window gets its events, newest first, and no second loss', async () => {
  const folder = await temporaryFolder();
  const clock = new ManualClock();
  const open = async () => {
    const file = new EventsFile(folder, keptLog());
    const history = new HistoryFolder(folder, keptLog());
    const told: true[] = [];
    const recorder = new Recorder({ clock, history, file, isOfRack: () => true, changed: () => void told.push(true) });
    await recorder.start();
    return { recorder, history, told };
  };
  const first = await open();
  first.recorder.look([samplePower()]);
  await clock.advance(1000);
  first.recorder.look([onBattery({ onBatterySince: clock.now() })]);
  first.recorder.commandSent('ups-1', 'Eaton 5P', 'It switches its outlets off in 60 s.');
  await first.recorder.stop();
  expect(first.told).toHaveLength(3);
  const second = await open();
  await clock.advance(30_000);
  second.recorder.look([onBattery({ onBatterySince: clock.now() })]);
  await clock.advance(1000);
  second.recorder.look([samplePower()]);
  expect(second.recorder.events.map(({ kind, sentence }) => `${kind}: ${sentence}`)).toEqual([
    'power-back: Mains back after 31 s, charge down to 70 %',
    'command-sent: It switches its outlets off in 60 s.',
    'power-lost: On battery',
  ]);
  expect((await second.history.read('ups-1', clock.now() - 60_000, clock.now() + 1)).length).toBe(4);
});
