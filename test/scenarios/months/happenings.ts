import type { Months, Tally } from './months.ts';

type Happening =
  | 'dip'
  | 'sag'
  | 'noise'
  | 'zeros'
  | 'stall'
  | 'test'
  | 'calibration'
  | 'loss'
  | 'deaf'
  | 'sleep'
  | 'weak';
type Outage = 'short' | 'long' | 'asleep';

/** How often each happens, as weights. About two and a half thousand of them fall into 5,000 hours. */
const weights: Readonly<Record<Happening | Outage, number>> = {
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
  asleep: 0.5,
};

/** Hours between two of them, on average. */
const meanGap = 2;

/** Lets so many hours pass, with all that happens in them. */
export async function playMonths(months: Months, hours: number): Promise<Tally> {
  const { chance, tally } = months;
  await months.start();
  while (tally.hours < hours) {
    const gap = -Math.log(1 - chance.next()) * meanGap * 3_600_000;
    months.rest(gap);
    const [from, to] = months.profile.load;
    months.ups.load = chance.between(from, to) / 100;
    await months.pass(chance.between(4, 8));
    await happenings[chance.pick(weights)](months);
    await months.pass(12);
    await months.settle();
  }
  await months.stop();
  return tally;
}

const happenings: Readonly<Record<Happening | Outage, (months: Months) => Promise<unknown>>> = {
  dip: async (months) => {
    months.tally.dips += 1;
    months.cut();
    await months.pass(months.chance.between(0.02, 4.5));
    months.restore();
  },
  /** The voltage sags: the unit boosts, and goes to battery and back a few times. */
  sag: async (months) => {
    for (let times = Math.ceil(months.chance.between(1, 4)); times > 0; times -= 1) {
      await happenings.dip(months);
      await months.pass(months.chance.between(0.5, 6));
    }
  },
  noise: async (months) => {
    if (!months.profile.traps.flagNoise) return;
    months.tally.noises += 1;
    months.ups.noiseUntil = months.clock.monotonic() + months.chance.between(500, 2500);
  },
  zeros: async (months) => {
    if (!months.profile.traps.zeros) return;
    months.tally.noises += 1;
    months.ups.zerosUntil = months.clock.monotonic() + 2100;
  },
  stall: async (months) => {
    if (!months.profile.traps.stalls) return;
    months.tally.losses += 1;
    months.ups.silentUntil = months.clock.monotonic() + months.chance.between(3000, 25_000);
    await months.pass(26);
  },
  /** Units test themselves with a full battery only. */
  test: async (months) => {
    if (months.ups.battery.charge < 0.9) return;
    months.tally.tests += 1;
    months.ups.testUntil = months.clock.monotonic() + 8000;
  },
  calibration: async (months) => {
    if (months.profile.test === 'battery') return;
    months.tally.tests += 1;
    const full = months.ups.battery.secondsFromFull(months.ups.load);
    months.ups.testUntil = months.clock.monotonic() + full * 700;
    await months.pass(full * 0.7);
  },
  loss: async (months) => {
    months.tally.losses += 1;
    months.ups.drop(months.chance.between(1000, 90_000), months.profile.traps.moves === true);
    await months.pass(95);
  },
  deaf: async (months) => {
    if (months.profile.traps.deadInterrupts) months.ups.hasInterrupts = !months.ups.hasInterrupts;
  },
  sleep: async (months) => {
    const { chance } = months;
    months.tally.sleeps += 1;
    const dips = chance.is(0.5);
    if (dips) months.cut();
    if (dips) await months.pass(chance.between(0, 4));
    months.sleep(chance.between(20_000, dips ? 60_000 : 8 * 3_600_000));
    if (dips) months.restore();
  },
  /** The same with a battery that has not been charged again since the last outage. */
  weak: async (months) => {
    const { chance, ups } = months;
    ups.battery.charge = chance.between(0.05, 0.4);
    const what = chance.pick({ dip: 4, sag: 4, noise: 1, zeros: 1, sleep: 2, loss: 1 });
    await happenings[what](months);
  },
  short: async (months) => {
    if (months.ups.battery.charge < 0.9) return;
    const spare = months.ups.trulyLeft - (months.due * months.profile.early + 60);
    if (spare < 20) return;
    months.tally.shortOutages += 1;
    months.cut();
    const length = months.chance.between(6, Math.min(900, spare * 0.7));
    await months.pass(length, () => disturb(months));
    months.restore();
  },
  long: async (months) => {
    months.cut();
    await untilDown(months);
  },
  /** The mains fail while this computer sleeps. */
  asleep: async (months) => {
    months.cut();
    months.sleep(months.chance.between(20_000, 120_000));
    await untilDown(months);
  },
};

/** What units do besides while they are on battery. Ends nothing. */
function disturb(months: Months): boolean {
  const { chance, ups, profile, clock } = months;
  if (profile.traps.zeros && chance.is(0.01)) ups.zerosUntil = clock.monotonic() + 1100;
  if (profile.traps.stalls && chance.is(0.002)) ups.silentUntil = clock.monotonic() + chance.between(2000, 15_000);
  return months.mayBegin && !ups.isOnMains && months.isRunning;
}

/** An outage that lasts until the run has begun, and mostly until everything is off. */
async function untilDown(months: Months): Promise<void> {
  const { chance, tally } = months;
  const before = tally.runs;
  tally.longOutages += 1;
  // A battery that is nearly empty already when the mains fail: fifteen seconds are given to notice it.
  const noticed = months.clock.monotonic() + 15_000;
  await months.pass(50_000, () => {
    disturb(months);
    const isLate = months.ups.trulyLeft <= months.needs && months.clock.monotonic() > noticed;
    return tally.runs > before || isLate;
  });
  if (tally.runs === before) {
    tally.missed.push(`no run with ${Math.round(months.ups.trulyLeft)} s truly left`);
  } else if (chance.is(0.6)) {
    await months.pass(400, () => months.phase === 'waiting-for-return');
  } else {
    await months.pass(chance.between(0.5, 60));
  }
  months.restore();
}
