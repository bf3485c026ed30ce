import { expect, test } from 'vitest';
import { playMonths } from './months/happenings.ts';
import { Months } from './months/months.ts';
import { profiles } from './months/profiles.ts';

/**
 * Hours of mains for each profile. The hours in which nothing happens are hopped over; what is around an event is gone
 * through second by second with the real engine, an armed plan and a rack that counts what reaches it.
 */
const hours = Number(process.env.GLIDEPATH_MONTHS ?? 1000);
const seed = Number(process.env.GLIDEPATH_SEED ?? 20261121);

test.each(profiles.map((profile, index) => ({ index, ...profile })))(
  'months behind $name: no run too many, no outage without one',
  async ({ index, ...profile }) => {
    const tally = await playMonths(new Months(profile, seed + index, index % 2 === 0), hours);
    const { wrong, missed, ...numbers } = tally;
    const text = Object.entries(numbers).map(([name, value]) => `${name} ${Math.round(value)}`);
    console.log(`${profile.name}: ${text.join(', ')}, wrong ${wrong.length}, missed ${missed.length}`);
    // Runs that should not have been, and outages without the run that was due.
    expect({ wrong, missed }).toEqual({ wrong: [], missed: [] });
    expect(tally.runs).toBeGreaterThan(0);
    expect(tally.dips).toBeGreaterThan(0);
  },
  600_000,
);
