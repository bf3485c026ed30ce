import { expect, test } from 'vitest';
import { playMonths } from './months/happenings.ts';
import { Months } from './months/months.ts';
import { profiles } from './months/profiles.ts';
import { needs } from './months/rack.ts';
import type { Tally } from './months/tally.ts';

/**
 * Hours of mains for each profile. The hours in which nothing happens are hopped over; what is around an event is gone
 * through second by second with the real engine, an armed plan and a rack that counts what reaches it.
 */
const hours = Number(process.env.GLIDEPATH_MONTHS ?? 1000);
const seed = Number(process.env.GLIDEPATH_SEED ?? 20261121);

const all: Tally[] = [];

test.each(profiles.map((profile, index) => ({ index, ...profile })))(
  'months behind $name: no run too many, and nothing cut hard',
  async ({ index, ...profile }) => {
    const months = new Months(profile, seed + index);
    expect(months.saidNeeds).toBe(needs);
    const tally = await playMonths(months, hours);
    all.push(tally);
    const { wrong, missed, happened, cutHard } = tally;
    const numbers = { ...happened, watched: tally.watched, hours: tally.hours, runs: tally.runs };
    const text = Object.entries(numbers).map(([name, value]) => `${name} ${Math.round(value)}`);
    console.log(`${profile.name}: ${text.join(', ')}, wrong ${wrong.length}, missed ${missed.length}, cut ${cutHard}`);
    expect({ wrong, missed, cutHard }).toEqual({ wrong: [], missed: [], cutHard: 0 });
    expect(tally.runs).toBeGreaterThan(0);
    expect(happened.dips).toBeGreaterThan(0);
    expect(happened['long outages']).toBeGreaterThan(0);
  },
  3_600_000,
);

test('everything that can happen has happened', () => {
  const sum = (what: string) => all.reduce((total, { happened }) => total + (happened[what] ?? 0), 0);
  const kinds = [
    'noises',
    'zeros',
    'stalls',
    'tests',
    'calibrations',
    'losses',
    'moves',
    'sleeps',
    'short outages',
    'outages asleep',
    'sleeps on battery',
    'losses on battery',
    'low and then lost',
    'freezes on battery',
    'wavers',
    'creeps',
    'outages of one feed',
    'outages with a dead partner',
  ];
  expect(kinds.filter((kind) => sum(kind) === 0)).toEqual([]);
});
