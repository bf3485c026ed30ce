import type { Fault } from '../../shared/fault.ts';
import type { Discharge } from '../../shared/learned.ts';
import type { Reading, Ups } from '../../shared/reading.ts';
import type { PowerState } from '../../shared/view.ts';
import { type Anchor, anchorOf, type Outset, outsetOf } from './anchor.ts';
import { type FlagGates, steady } from './flags.ts';
import { type Drain, dischargeOf, drainOn } from './learning.ts';
import type { Fresh } from './ports.ts';
import { believe, type Ebb, ebbOf, type Told, toldRuntime } from './told.ts';

/** Milliseconds after which a reading is stale: three polls at the calm pace, which is slower for the system's own battery. */
const staleAfter = (ups: Ups): number => (ups.source === 'system' ? 12_000 : 6000);

/** Where a reading says that the power comes from, before any gate. */
export type Source = 'mains' | 'battery' | 'unknown';

/** What has been seen for a source that is not confirmed yet. */
interface Evidence {
  source: Source;
  polls: number;
  /** When the first interrupt report said so. */
  interruptMono: number | null;
  /** Another one said so, a second or more later: some units tell their state by interrupt alone. */
  lasting: boolean;
  /** When the newest sign came. */
  mono: number;
}

/** How often in a row something has been said, since when, and when it was counted last. */
interface Counted {
  times: number;
  sinceMono: number;
  mono: number;
}

/** All that is known of one UPS. Times ending in `Mono` are monotonic ms, the others ms since the epoch. */
export interface Monitored {
  ups: Ups;
  /** It belongs to the rack, and has not been found since Glidepath was started. */
  unseen: boolean;
  confirmed: Source;
  since: number;
  onBatterySince: number | null;
  onBatteryMono: number | null;
  /** Since when the mains are there, as far as anybody knows. */
  mainsMono: number | null;
  /** When it last said itself that the mains are there; null: never. */
  mainsSaidMono: number | null;
  /** A run has been made for this outage, for this forced shutdown: no second one before it is over. */
  served: { battery: boolean; forced: boolean };
  /** When this computer came out of a short sleep or a stall, on battery; null: it did not. */
  wokeMono: number | null;
  /** When the mains were seen to come back; null: not seen since the start. */
  backMono: number | null;
  evidence: Evidence | null;
  low: Counted;
  forced: Counted;
  /** The newest one, without the flags that flicker. */
  reading: Reading | null;
  /** What the newest one said of its source before any gate. */
  said: Source;
  flags: FlagGates;
  /** When it was found, or everything was forgotten. */
  watchedMono: number;
  /** When the newest reading came; at first, when the UPS was found. */
  heardMono: number;
  heardAt: number;
  /** Seconds of runtime, as far as it is believed; only while on battery. */
  runtime: Told | null;
  /** Percent, as far as it is believed. */
  charge: Told | null;
  /** A sudden fall that has not lasted long enough to be believed. */
  runtimeFall: Told | null;
  chargeFall: Told | null;
  anchor: Anchor | null;
  outset: Outset | null;
  /** The lowest charge of this outage; only while on battery. */
  ebb: Ebb | null;
  /** Seconds of runtime that it told last while it was on mains. */
  promised: number | null;
  /** The discharge that goes on, and the last one that ended. */
  drain: Drain | null;
  drained: Discharge | null;
  /** What this UPS did at earlier discharges. */
  learned: readonly Discharge[];
  lostMono: number | null;
  fault: Fault | null;
}

export interface Moment {
  wall: number;
  mono: number;
}

const never: Counted = { times: 0, sinceMono: 0, mono: Number.NEGATIVE_INFINITY };

export function watch(ups: Ups, at: Moment, learned: readonly Discharge[] = []): Monitored {
  return {
    ups,
    unseen: false,
    confirmed: 'unknown',
    since: at.wall,
    onBatterySince: null,
    onBatteryMono: null,
    mainsMono: null,
    mainsSaidMono: null,
    served: { battery: false, forced: false },
    wokeMono: null,
    backMono: null,
    evidence: null,
    low: never,
    forced: never,
    reading: null,
    said: 'unknown',
    flags: {},
    watchedMono: at.mono,
    heardMono: at.mono,
    heardAt: at.wall,
    runtime: null,
    charge: null,
    runtimeFall: null,
    chargeFall: null,
    anchor: null,
    outset: null,
    ebb: null,
    promised: null,
    drain: null,
    drained: null,
    learned,
    lostMono: null,
    fault: null,
  };
}

const saysLow = (reading: Reading): boolean =>
  reading.belowCapacityLimit === true || reading.timeLimitExpired === true || reading.shutdownImminent === true;

/**
 * Discharging with the mains present is a calibration or a self-test, no outage. (CyberPower's UT series says the same
 * at a real one and cannot be told apart: the user says so of it, see `KnownSupply.dischargeIsOutage`.)
 */
function sourceOf(reading: Reading): Source {
  if (reading.acPresent === true) return 'mains';
  if (reading.acPresent === false) return 'battery';
  // A test that has emptied the battery is no better than an outage, when nobody says that the mains are there.
  if (reading.discharging === true) return reading.testing === true && !saysLow(reading) ? 'unknown' : 'battery';
  if (reading.charging === true || reading.fullyCharged === true || reading.discharging === false) return 'mains';
  return 'unknown';
}

/** Two reads, or an interrupt report and a read: one sign alone is a flicker until something else says the same. */
const isEnough = ({ polls, interruptMono, lasting }: Evidence): boolean =>
  polls >= 2 || lasting || (interruptMono !== null && polls >= 1);

/** Ms between two interrupt reports that count as two signs. */
const lastingAfter = 1000;

/** Ms after which a sign is forgotten that nothing has confirmed. */
const signLasts = 60_000;

function addSign(old: Evidence | null, source: Source, fresh: 'poll' | 'interrupt', at: Moment): Evidence {
  const goesOn = old?.source === source && at.mono - old.mono <= signLasts;
  const before = goesOn ? old : { source, polls: 0, interruptMono: null, lasting: false };
  if (fresh === 'poll') return { ...before, mono: at.mono, polls: before.polls + 1 };
  const first = before.interruptMono ?? at.mono;
  const lasting = before.lasting || at.mono - first >= lastingAfter;
  return { ...before, mono: at.mono, interruptMono: first, lasting };
}

/** A read is a sign of its own; interrupt reports come in showers, and count once a second. */
function count(old: Counted, isSaid: boolean, fresh: 'poll' | 'interrupt', at: Moment): Counted {
  if (!isSaid) return never;
  if (fresh === 'interrupt' && at.mono - old.mono < lastingAfter) return old;
  return { times: old.times + 1, sinceMono: old.times === 0 ? at.mono : old.sinceMono, mono: at.mono };
}

export function observe(old: Monitored, reading: Reading, fresh: Fresh, at: Moment): Monitored {
  const next: Monitored = { ...old, unseen: false, heardMono: at.mono, heardAt: at.wall, lostMono: null, fault: null };
  if (fresh !== 'none') takeSource(next, old, reading, fresh, at);
  const onBattery = next.confirmed === 'battery';
  const shown = steady(next.flags, reading, onBattery, at.mono);
  next.flags = shown.gates;
  next.reading = shown.reading;
  takeCharge(next, reading, at);
  if (onBattery) {
    if (fresh !== 'none') next.low = count(next.low, saysLow(reading), fresh, at);
    takeRuntime(next, reading, at);
  } else {
    // 0 may be a report of zeros.
    next.promised = toldRuntime(reading) || next.promised;
  }
  takeDrain(next, reading, at);
  return next;
}

function takeSource(next: Monitored, old: Monitored, reading: Reading, fresh: 'poll' | 'interrupt', at: Moment): void {
  const source = sourceOf(reading);
  next.said = source;
  // Nobody knows what the mains did while nobody told: stable power is counted anew.
  if (powerState(old, at) !== 'mains' && next.mainsMono !== null) next.mainsMono = at.mono;
  if (source === 'mains') next.mainsSaidMono = at.mono;
  if (source === 'unknown' || source === next.confirmed) {
    next.evidence = null;
  } else {
    next.evidence = addSign(next.evidence, source, fresh, at);
    if (isEnough(next.evidence)) confirm(next, source, at);
  }
  const forced = reading.forcedShutdown === true;
  next.forced = count(next.forced, forced, fresh, at);
  // What was said before anybody listened, and with the mains there, is left from an earlier outage.
  const isOld = forced && old.reading === null && source === 'mains';
  next.served = { ...next.served, forced: isOld || (next.served.forced && reading.forcedShutdown !== false) };
}

function takeCharge(next: Monitored, reading: Reading, at: Moment): void {
  const { told, fall } = believe(next.charge, next.chargeFall, reading.charge, at, { sudden: 20, perSecond: 1 });
  next.charge = told;
  next.chargeFall = fall;
  if (told && next.confirmed === 'battery') next.ebb = ebbOf(next.ebb, told.value, at);
}

/** Ms in which a unit that has just gone to battery may still be making up its mind. */
const settling = 30_000;

function takeRuntime(next: Monitored, reading: Reading, at: Moment): void {
  const { told, fall } = believe(next.runtime, next.runtimeFall, toldRuntime(reading), at, {
    sudden: 60,
    perSecond: 2,
  });
  next.runtime = told;
  next.runtimeFall = fall;
  const isSettled = at.mono - (next.onBatteryMono ?? at.mono) >= settling;
  if (!told) return;
  next.anchor = anchorOf(isSettled ? next.anchor : null, told, reading.load, at);
  if (isSettled) next.outset = outsetOf(next.outset, told, reading.load, at);
}

/**
 * A calibration teaches as much as an outage does. What is said after the mains came back belongs to no discharge, also
 * when nothing has confirmed them yet.
 */
function takeDrain(next: Monitored, reading: Reading, at: Moment): void {
  const onBattery = next.confirmed === 'battery';
  if (onBattery ? next.said === 'battery' : reading.acPresent === true && reading.discharging === true) {
    // 0 may be a report of zeros, which is gated on battery only.
    const runtime = onBattery ? (next.runtime?.value ?? null) : toldRuntime(reading) || null;
    next.drain = drainOn(next.drain, { charge: next.charge?.value ?? null, load: reading.load, runtime }, at);
  } else if (next.drain && !onBattery) {
    next.drained = dischargeOf(next.drain) ?? next.drained;
    next.drain = null;
  }
}

function confirm(next: Monitored, source: Source, at: Moment): void {
  if (source === 'mains' && next.confirmed === 'battery') next.backMono = at.mono;
  if (source === 'mains') next.served = { ...next.served, battery: false };
  next.confirmed = source;
  next.evidence = null;
  next.since = at.wall;
  next.low = never;
  Object.assign(next, { runtime: null, runtimeFall: null, anchor: null, outset: null, ebb: null });
  next.onBatterySince = source === 'battery' ? at.wall : null;
  next.onBatteryMono = source === 'battery' ? at.mono : null;
  next.mainsMono = source === 'mains' ? at.mono : null;
}

/**
 * Some units drop off the bus exactly when the mains fail. One that was on battery counts down from here; one whose
 * last report spoke of battery, unconfirmed, is an alarm and no more: the bus of many others drops at every flicker. What
 * it said is kept for a while, as one of the signs that are needed.
 * @see https://github.com/networkupstools/nut/issues/2925
 */
export function lose(old: Monitored, fault: Fault, at: Moment): Monitored {
  return { ...old, lostMono: old.lostMono ?? at.mono, fault };
}

/** Ms that this computer may have been away without an outage being forgotten over it. */
const shortGap = 120_000;

/**
 * After `gap` ms in which this computer slept or stood still. What was read before a sleep is old: nothing may be
 * concluded from it but that there is no contact. An outage is not forgotten over a short gap, which is counted.
 */
export function forget(old: Monitored, gap: number, at: Moment): Monitored {
  if (old.confirmed === 'battery' && gap <= shortGap) {
    const before = at.mono - gap;
    const runtime = old.runtime && { ...old.runtime, mono: Math.min(old.runtime.mono, before) };
    // The monotonic clock may have stood still meanwhile: then it does not know of that time on battery.
    const unknown = Math.max(0, old.heardMono - before);
    const ebb = old.ebb && { ...old.ebb, mono: Math.min(old.ebb.mono, before) };
    return {
      ...old,
      runtime,
      ebb,
      drain: null,
      evidence: null,
      onBatteryMono: (old.onBatteryMono ?? at.mono) - unknown,
      heardMono: Math.min(old.heardMono, before),
      wokeMono: at.mono,
    };
  }
  const fresh = watch(old.ups, at, old.learned);
  const { unseen, served, fault } = old;
  return { ...fresh, unseen, served, lostMono: old.lostMono === null ? null : at.mono, fault };
}

export function isSilent(one: Monitored, at: Moment): boolean {
  return one.unseen || one.lostMono !== null || at.mono - one.heardMono > staleAfter(one.ups);
}

/** Ms without contact; 0 while there is contact. */
export function silentFor(one: Monitored, at: Moment): number {
  if (!isSilent(one, at)) return 0;
  return at.mono - one.heardMono;
}

/** Ms for which a word that the mains are there counts (NUT's DEADTIME). */
export const proofLasts = 15_000;

export function powerState(one: Monitored, at: Moment): PowerState {
  if (isSilent(one, at)) return 'lost-contact';
  if (one.confirmed === 'battery') return one.low.times >= 2 ? 'low' : 'battery';
  // It speaks, and does not say any more where the power comes from.
  if (one.confirmed === 'mains' && at.mono - (one.mainsSaidMono ?? at.mono) > proofLasts) return 'unknown';
  return one.confirmed;
}
