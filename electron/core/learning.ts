import { type Discharge, dischargesKept, type LearnedFile } from '../../shared/learned.ts';

/** A discharge that goes on. Charge in percent, load in percent of the nominal power, times in ms. */
export interface Drain {
  at: number;
  fromMono: number;
  fromCharge: number;
  /** When the newest word came. */
  toMono: number;
  /** The lowest charge, and when it was reached: a charge that stands still from there on teaches nothing. */
  toCharge: number;
  lowMono: number;
  loadSum: number;
  loads: number;
  saidFirst: number | null;
  saidLast: number | null;
}

/** What a reading tells of a discharge. */
export interface DrainSign {
  charge: number | null;
  load: number | null;
  runtime: number | null;
}

/** Ms without a word after which nobody knows what happened in between: a discharge begins anew. */
const gapMost = 15_000;

/** Without a charge nothing can be learned, and what is there stays as it is. */
export function drainOn(old: Drain | null, sign: DrainSign, at: { wall: number; mono: number }): Drain | null {
  if (sign.charge === null) return old;
  const goesOn = old !== null && at.mono - old.toMono <= gapMost;
  const begun: Drain = goesOn
    ? old
    : {
        at: at.wall,
        fromMono: at.mono,
        fromCharge: sign.charge,
        toMono: at.mono,
        toCharge: sign.charge,
        lowMono: at.mono,
        loadSum: 0,
        loads: 0,
        saidFirst: sign.runtime,
        saidLast: null,
      };
  const falls = sign.charge < begun.toCharge;
  return {
    ...begun,
    toMono: at.mono,
    toCharge: falls ? sign.charge : begun.toCharge,
    lowMono: falls ? at.mono : begun.lowMono,
    loadSum: begun.loadSum + (sign.load ?? 0),
    loads: begun.loads + (sign.load === null ? 0 : 1),
    saidFirst: begun.saidFirst ?? sign.runtime,
    saidLast: falls ? (sign.runtime ?? begun.saidLast) : begun.saidLast,
  };
}

/** Percent and seconds of a discharge from which something can be told: a test of ten seconds says nothing. */
const leastDrop = 10;
const leastSeconds = 120;

/** Percent a second: an hour for each percent. Nobody has hung such a battery on a UPS of this kind. */
const slowest = 1 / 3600;

/** What could have been seen: a file that somebody has written may hold anything. */
const isPlausible = ({ seconds, fromCharge, toCharge }: Discharge): boolean =>
  seconds >= leastSeconds && fromCharge - toCharge >= leastDrop && (fromCharge - toCharge) / seconds >= slowest;

/** null: too short or too shallow to say anything. */
export function dischargeOf(drain: Drain): Discharge | null {
  const seconds = Math.round((drain.lowMono - drain.fromMono) / 1000);
  if (seconds < leastSeconds || drain.fromCharge - drain.toCharge < leastDrop) return null;
  const load = drain.loads === 0 ? null : Math.round(drain.loadSum / drain.loads);
  const { at, fromCharge, toCharge, saidFirst, saidLast } = drain;
  return { at, seconds, fromCharge, toCharge, load, saidFirst, saidLast };
}

/** A unit that says 0 % does not measure: what hangs on it draws something. */
const measured = (load: number | null): number | null => (load === 0 ? null : load);

/** A load below this (percent) is counted as this: the UPS itself needs its share, and nobody has measured it there. */
const leastLoad = 10;
/** What a discharge at another load tells: pulled harder, lead gives less (Peukert); pulled less, nothing extra is promised. */
const harder = 1.3;
/** Faster by this when the load is not told on either side: it may be another one by now. */
const blindFactor = 1.25;
/** A battery loses of its capacity with the years; what was learned long ago is taken to be better than it is now. */
const agingPerYear = 0.08;
const year = 365 * 86_400_000;
/** Discharges older than two years belong, as likely as not, to another battery. */
const oldest = 2 * year;
/** Percent at the end on which nothing is built: the last of a charge goes faster than the rest. */
const reserve = 5;

/** Percent a second that a discharge would take at `load` today. */
function rateAt(load: number | null, past: Discharge, now: number): number {
  const rate = (past.fromCharge - past.toCharge) / past.seconds;
  const aged = rate * (1 + (agingPerYear * Math.max(0, now - past.at)) / year);
  const pastLoad = measured(past.load);
  if (load === null || pastLoad === null) return aged * blindFactor;
  const ratio = Math.max(load, leastLoad) / Math.max(pastLoad, leastLoad);
  return aged * (ratio > 1 ? ratio ** harder : ratio);
}

/** Discharges of which something can be learned today. */
const usable = (discharges: readonly Discharge[], now: number): Discharge[] =>
  discharges.filter((past) => now - past.at < oldest && isPlausible(past));

/** Of several speeds the one that counts, as a share from the slowest to the fastest. */
const cautiousShare = 0.6;

/**
 * Percent a second that this very UPS will lose, by what it did before; null: it was not seen discharging. Of several
 * discharges one a little faster than the median counts: one odd one of three or more does not decide.
 */
export function learnedRate(load: number | null, discharges: readonly Discharge[], now: number): number | null {
  const young = usable(discharges, now);
  const comparable = young.filter((past) => measured(past.load) !== null);
  const drawn = measured(load);
  const rates = (drawn !== null && comparable.length > 0 ? comparable : young)
    .map((past) => rateAt(drawn, past, now))
    .sort((a, b) => a - b);
  return rates[Math.floor(rates.length * cautiousShare)] ?? null;
}

/** Percent a second of the discharge that goes on, as it really is; null: too little has been seen of it. */
export function presentRate(drain: Drain | null): number | null {
  const seen = drain && dischargeOf(drain);
  return seen ? (seen.fromCharge - seen.toCharge) / seen.seconds : null;
}

/** Seconds that a charge lasts at a rate in percent a second. */
export const secondsAt = (charge: number, rate: number): number => Math.max(0, charge - reserve) / rate;

/** Discharges of which so many must agree before they say something about the UPS's own number. */
const leastSeen = 2;

/**
 * How many seconds of told runtime went by in a real one, the median; 1: the UPS is right. Only discharges in which the
 * number fell by half count, because it wavers. null: not seen often enough.
 */
export function toldPerSecond(discharges: readonly Discharge[], now: number): number | null {
  const speeds = usable(discharges, now)
    .flatMap(({ saidFirst, saidLast, seconds }) =>
      saidFirst !== null && saidLast !== null && saidLast <= saidFirst / 2 ? [(saidFirst - saidLast) / seconds] : [],
    )
    .sort((a, b) => a - b);
  return speeds.length < leastSeen ? null : (speeds[Math.floor((speeds.length - 1) / 2)] ?? null);
}

/** What was learned may be held against what the UPS says: without the loads a light one would look like a lie. */
export const isComparable = (load: number | null, discharges: readonly Discharge[]): boolean =>
  measured(load) !== null && discharges.some((past) => measured(past.load) !== null);

/** Seconds that a full battery is taken to last at half load. Makers of small towers print 8 to 12 min. */
const halfLoad = 420;
/** Above half load lead does much worse: printed are 1 to 4 min at full load, and this gives 2. Below it nothing is promised. */
const steep = 1.8;
const shallow = 1.1;

/**
 * Seconds for a UPS of which nothing is known but charge and load: a cautious rule; null: not even these are known. A
 * load that is not measured is taken for half load.
 */
export function estimatedRuntime(charge: number | null, load: number | null): number | null {
  if (charge === null || load === null) return null;
  const ratio = 50 / Math.max(measured(load) ?? 50, leastLoad);
  return halfLoad * ratio ** (ratio < 1 ? steep : shallow) * (Math.max(0, charge - reserve) / 100);
}

/** Deep ones that are kept however many shallow ones come after them: these teach most. */
const deepKept = 3;
const isDeep = (past: Discharge): boolean => past.fromCharge - past.toCharge >= 50;

function newest(all: readonly Discharge[]): readonly Discharge[] {
  if (all.length <= dischargesKept) return all;
  const kept = new Set(all.filter(isDeep).slice(-deepKept));
  const others = all.filter((past) => !kept.has(past)).slice(-(dischargesKept - kept.size));
  return all.filter((past) => kept.has(past) || others.includes(past));
}

/** Takes a discharge in, in the place of an earlier word about the same one. The newest are kept, the others go. */
export function remember(file: LearnedFile, upsId: string, discharge: Discharge): LearnedFile {
  const before = file.upses.find((each) => each.upsId === upsId)?.discharges ?? [];
  const all = [...before.filter((each) => each.at !== discharge.at), discharge].sort((a, b) => a.at - b.at);
  // The UPS that has just spoken stands last, so that the ones that are long gone are dropped first.
  const upses = [...file.upses.filter((each) => each.upsId !== upsId), { upsId, discharges: [...newest(all)] }];
  return { ...file, upses: upses.slice(-50) };
}

export const dischargesOf = (file: LearnedFile, upsId: string): readonly Discharge[] =>
  file.upses.find((each) => each.upsId === upsId)?.discharges ?? [];
