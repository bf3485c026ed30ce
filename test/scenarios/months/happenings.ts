import type { Months } from './months.ts';
import { outages } from './outages.ts';
import type { Tally } from './tally.ts';

type Small = 'dip' | 'sag' | 'noise' | 'zeros' | 'stall' | 'test' | 'calibration' | 'loss' | 'deaf' | 'sleep' | 'weak';

/** How often each happens, as weights. About three hundred of them fall into 1,000 hours. */
const weights: Readonly<Record<Small | keyof typeof outages, number>> = {
  dip: 40,
  sag: 8,
  noise: 15,
  zeros: 12,
  stall: 12,
  test: 6,
  calibration: 0.4,
  loss: 6,
  deaf: 1,
  sleep: 5,
  weak: 6,
  short: 6,
  long: 1.5,
  asleep: 1,
  wakes: 3,
  lost: 2,
  lowAndLost: 2,
  freezes: 2,
  wavers: 1.5,
  creeps: 1.5,
  oneFeed: 2,
  deadPartner: 1,
};

/** Hours between two of them, on average. */
const meanGap = 3;

/** Lets so many hours pass, with all that happens in them. */
export async function playMonths(months: Months, hours: number): Promise<Tally> {
  const { chance, tally, profile } = months;
  await months.start();
  const happenings = { ...small, ...outages };
  if (profile.traps.known) for (let times = 0; times < 2; times += 1) await small.calibration(months);
  while (tally.hours < hours) {
    const gap = -Math.log(1 - chance.next()) * meanGap * 3_600_000;
    months.rest(gap);
    const [from, to] = profile.load;
    const load = chance.between(from, to) / 100;
    for (const feed of months.feeds) feed.load = load;
    await months.pass(chance.between(4, 8));
    await happenings[chance.pick(weights)](months);
    await months.pass(12);
    await months.settle();
  }
  await months.stop();
  return tally;
}

const small: Readonly<Record<Small, (months: Months) => Promise<unknown>>> = {
  dip: async (months) => {
    months.count('dips');
    months.cut();
    await months.pass(months.chance.between(0.02, 4.5));
    months.restore();
  },
  /** The voltage sags: the unit boosts, and goes to battery and back a few times. */
  sag: async (months) => {
    for (let times = Math.ceil(months.chance.between(1, 4)); times > 0; times -= 1) {
      await small.dip(months);
      await months.pass(months.chance.between(0.5, 6));
    }
  },
  noise: async (months) => {
    if (!months.profile.traps.flagNoise) return;
    months.count('noises');
    months.ups.noiseUntil = months.clock.monotonic() + months.chance.between(500, 2500);
  },
  zeros: async (months) => {
    if (!months.profile.traps.zeros) return;
    months.count('zeros');
    months.ups.zerosUntil = months.clock.monotonic() + 2100;
  },
  stall: async (months) => {
    if (!months.profile.traps.stalls) return;
    months.count('stalls');
    months.ups.silentUntil = months.clock.monotonic() + months.chance.between(3000, 25_000);
    await months.pass(26);
  },
  /** Units test themselves with a full battery only. */
  test: async (months) => {
    if (months.ups.battery.charge < 0.9) return;
    months.count('tests');
    months.ups.testUntil = months.clock.monotonic() + 8000;
  },
  calibration: async (months) => {
    if (months.profile.test === 'battery') return;
    months.charged();
    months.count('calibrations');
    const full = months.ups.battery.secondsFromFull(months.ups.load);
    months.ups.testUntil = months.clock.monotonic() + full * 700;
    await months.pass(full * 0.7 + 5);
  },
  /** Off the bus on mains; some are plugged in elsewhere. */
  loss: async (months) => {
    const moves = months.profile.traps.moves === true;
    months.count(moves ? 'moves' : 'losses');
    months.ups.drop(months.chance.between(1000, 90_000), moves);
    await months.pass(95);
  },
  deaf: async (months) => {
    if (months.profile.traps.deadInterrupts) months.ups.hasInterrupts = !months.ups.hasInterrupts;
  },
  /** Half of them with a dip over which this computer falls asleep. */
  sleep: async (months) => {
    const { chance } = months;
    months.count('sleeps');
    const dips = chance.is(0.5);
    if (dips) months.cut();
    if (dips) await months.pass(chance.between(0, 4));
    // A battery that is empty before this computer wakes is beyond anybody's help.
    const left = Math.min(...months.feeds.map((feed) => feed.trulyLeft)) * 800;
    const most = dips ? Math.min(60_000, left) : 8 * 3_600_000;
    months.sleep(chance.between(Math.min(20_000, most), most));
    if (dips) months.restore();
  },
  /** The same with a battery that has not been charged again since the last outage. */
  weak: async (months) => {
    const { chance } = months;
    for (const feed of months.feeds) feed.battery.charge = chance.between(0.05, 0.4);
    const what = chance.pick({ dip: 4, sag: 4, noise: 1, zeros: 1, sleep: 2, loss: 1 });
    await small[what](months);
  },
};
