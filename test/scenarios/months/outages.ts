import type { Months } from './months.ts';
import { due, needs } from './rack.ts';

/**
 * Outages. A long one lasts until the battery is truly empty, and what is on then is cut hard. What no program can
 * survive is left out: a UPS that stands still at "on mains, 100 %"; a UPS that begins to lie, or is lost, when its last
 * word was wrong by more than the plan's margin, or when there is hardly more left than the plan needs.
 */
export const outages = {
  /** Over before anything is due. */
  short: async (months: Months) => {
    months.charged();
    const spare = months.ups.trulyLeft - (due * months.profile.early + 60);
    if (spare < 20) return;
    months.count('short outages');
    months.cut();
    await months.pass(months.chance.between(6, Math.min(900, spare * 0.7)), () => disturb(months));
    months.restore();
  },
  /** Some end right after the run has begun. */
  long: async (months: Months) => {
    const before = months.tally.runs;
    begin(months, 'long outages');
    if (months.chance.is(0.6)) return untilEmpty(months);
    await months.pass(50_000, () => disturb(months) || months.isDark || months.tally.runs > before);
    await months.pass(months.chance.between(0.5, 60));
    months.restore();
  },
  /** The mains fail while this computer sleeps. */
  asleep: async (months: Months) => {
    if (isSlow(months)) return;
    begin(months, 'outages asleep');
    months.sleep(months.chance.between(20_000, 120_000));
    await untilEmpty(months);
  },
  /** This computer sleeps in the middle of an outage. The mains come back meanwhile, or do not. */
  wakes: async (months: Months) => {
    if (isSlow(months)) return;
    const { chance } = months;
    begin(months, 'sleeps on battery');
    months.isLenient = true;
    await months.pass(chance.between(12, 60));
    if (chance.is(0.5)) {
      months.sleep(chance.between(20_000, 100_000));
      await untilEmpty(months);
      return;
    }
    const left = Math.max(...months.feeds.map((feed) => feed.trulyLeft)) * 1000;
    months.sleep(chance.between(20_000, Math.min(1_800_000, left * 0.9)));
    months.restore();
    months.sleep(chance.between(20_000, 8 * 3_600_000));
  },
  /** No contact from some time on: it is off the bus, or says nothing more. */
  lost: async (months: Months) => {
    if (!(await untilItCounts(months, 'losses on battery'))) return;
    for (const feed of months.feeds) {
      if (months.chance.is(0.5)) feed.drop(Number.MAX_SAFE_INTEGER, false);
      else feed.silentUntil = Number.POSITIVE_INFINITY;
    }
    await untilEmpty(months);
  },
  /** It says that its battery is low, and a moment later nothing more. */
  lowAndLost: async (months: Months) => {
    const { profile, ups, chance } = months;
    if (profile.triggers.onBattery === false) return;
    begin(months, 'low and then lost');
    const low = profile.lowCharge / 100;
    await months.pass(50_000, () => Math.round(ups.battery.charge * 1000) < low * 1000);
    await months.pass(chance.between(1.1, 4.5));
    ups.drop(Number.MAX_SAFE_INTEGER, false);
    await untilEmpty(months);
  },
  /** It says the same for ever. */
  freezes: async (months: Months) => {
    // One that tells neither runtime nor load is judged by its charge, and that only after five minutes.
    const patience = months.profile.runtime === 'none' && !months.profile.tellsLoad ? 300 : 0;
    if (!(await untilItCounts(months, 'freezes on battery', patience))) return;
    for (const feed of months.feeds) feed.begin('freezes');
    await untilEmpty(months);
  },
  wavers: (months: Months) => lies(months, 'wavers'),
  creeps: (months: Months) => lies(months, 'creeps'),
  /** One of two: the hosts have power all the time. */
  oneFeed: async (months: Months) => {
    const [first, second] = months.feeds;
    if (!first || !second) return;
    months.charged();
    months.count('outages of one feed');
    months.cut([first]);
    await months.pass(months.chance.between(20, 1500), () => disturb(months));
    months.restore();
  },
  /** One has been silent for a while when the other one fails: it carries nothing that anybody knows of. */
  deadPartner: async (months: Months) => {
    const [first, second] = months.feeds;
    if (!first || !second) return;
    months.charged();
    months.count('outages with a dead partner');
    months.isLenient = true;
    second.drop(Number.MAX_SAFE_INTEGER, false);
    await months.pass(months.chance.between(20, 600));
    months.cut();
    second.battery.charge = 0;
    await untilEmpty(months);
  },
} satisfies Record<string, (months: Months) => Promise<unknown>>;

/** Of these so little is told that a minute of sleep, or of silence, is already too much. */
const isSlow = ({ profile }: Months): boolean =>
  profile.runtime === 'none' && (!profile.tellsCharge || profile.traps.stuckCharge === true);

function begin(months: Months, what: string): void {
  months.charged();
  // Two batteries are not equally old.
  for (const feed of months.feeds.slice(1)) feed.battery.charge = months.chance.between(0.7, 1);
  months.count(what);
  months.cut();
}

/** By how much a runtime that is told may differ from the truth, as a share of it. */
const wrongBy = { true: 0, coarse: 0, optimistic: 0.2, wild: 0.08, double: 0, none: 0 } as const;

/**
 * On battery for a while, until something begins to be wrong. False: with this unit it cannot be survived. `patience`:
 * seconds that pass before it can be noticed.
 */
async function untilItCounts(months: Months, what: string, patience = 0): Promise<boolean> {
  const { profile, chance, ups } = months;
  months.charged();
  const most = (due - needs - 20) / wrongBy[profile.runtime];
  const least = due + patience + 60;
  if (most < least || ups.trulyLeft < least + 60 || !months.profile.tellsCharge) return false;
  begin(months, what);
  months.isLenient = true;
  // Two reads at least, and longer than a unit takes that drops off the bus as the mains fail.
  await months.pass(20);
  const from = chance.between(least, Math.min(most, ups.trulyLeft));
  const late = () => months.feeds.some((feed) => feed.trulyLeft <= from);
  await months.pass(50_000, () => late() || months.isDark);
  return true;
}

/** From some time on the runtime wavers around one value, or rises, while the battery empties. */
async function lies(months: Months, lie: 'wavers' | 'creeps'): Promise<void> {
  const { profile } = months;
  if (profile.runtime !== 'true' && profile.runtime !== 'coarse') return;
  // Without the load a host that was switched off would look the same, so that it takes longer to be sure.
  if (!(await untilItCounts(months, lie, profile.tellsLoad ? 150 : due * 2.5))) return;
  for (const feed of months.feeds) feed.begin(lie);
  await untilEmpty(months);
}

/** What units do besides while they are on battery. Ends nothing. */
function disturb(months: Months): boolean {
  const { chance, profile, clock } = months;
  for (const feed of months.feeds) {
    if (profile.traps.zeros && chance.is(0.01)) feed.zerosUntil = clock.monotonic() + 1100;
    if (profile.traps.stalls && chance.is(0.002) && feed.silentUntil < clock.monotonic())
      feed.silentUntil = clock.monotonic() + chance.between(2000, 12_000);
  }
  return months.mayBegin && months.isRunning;
}

/** Until the battery is empty, or everything is off. */
async function untilEmpty(months: Months): Promise<void> {
  await months.pass(100_000, () => {
    disturb(months);
    return months.isDark || months.isAllOff;
  });
  await months.pass(months.chance.between(1, 30));
  months.restore();
}
