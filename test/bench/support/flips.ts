import { setTimeout as wait } from 'node:timers/promises';
import type { FakeUps } from '../../fakes/ups/fake-ups.ts';
import { now, type Seen, SpiedApp, type Startable } from './spied-app.ts';

/** Milliseconds from the interrupt report. */
export interface Flip {
  /** The first reading with the new source has come to the main process. */
  reading: number;
  /** The tray shows the new source: the monitor has believed it, for which it takes a poll that says the same. */
  tray: number;
}

/** Power fails at any moment between two polls: each flip comes so many ms later after one than the flip before. */
const later = 10;

type Source = 'mains' | 'battery';
const other = { mains: 'battery', battery: 'mains' } as const;
const flags = {
  mains: { ACPresent: 1, Discharging: 0 },
  battery: { ACPresent: 0, Discharging: 1 },
} as const;

const shows = (seen: Seen, source: Source) => seen.what === 'tooltip' && seen.text.startsWith(`On ${source}`);

/** Cuts the mains and brings them back, `count` changes in all, each when the one before is in the tray. */
export async function flipPower(how: Startable, ups: FakeUps, count: number): Promise<Flip[]> {
  const app = new SpiedApp(how);
  const flips: Flip[] = [];
  try {
    let source: Source = 'mains';
    await app.next('the UPS on mains', (seen) => shows(seen, 'mains') || null);
    while (flips.length < count) {
      await poll(app);
      await wait(flips.length * later);
      source = other[source];
      flips.push(await flip(app, ups, source));
    }
  } finally {
    await app.close();
  }
  return flips;
}

function poll(app: SpiedApp): Promise<true> {
  return app.next('a poll', (seen) => (seen.what === 'reading' && seen.fresh === 'poll') || null);
}

async function flip(app: SpiedApp, ups: FakeUps, source: Source): Promise<Flip> {
  let reading: number | null = null;
  const seen = app.next(`the tray on ${source}`, (one) => {
    if (one.what === 'reading' && one.reading.acPresent === (source === 'mains')) reading ??= one.at;
    return reading !== null && shows(one, source) ? { reading, tray: one.at } : null;
  });
  const pushedAt = now();
  ups.set(flags[source]);
  const at = await seen;
  return { reading: at.reading - pushedAt, tray: at.tray - pushedAt };
}
