import type { Fault } from '../../shared/fault.ts';
import type { Discharge } from '../../shared/learned.ts';
import type { Reading, Ups } from '../../shared/reading.ts';
import type { PowerState } from '../../shared/view.ts';
import { type FlagGates, steady } from './flags.ts';
import { type Drain, dischargeOf, drainOn } from './learning.ts';

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
}

/** A value that the UPS told, and since when it has said so. */
export interface Told {
  value: number;
  mono: number;
  /** When it was said last. */
  saidMono: number;
  /** It came in one jump from far above, or from nowhere: no countdown led to it. */
  jumped: boolean;
}

/** How often in a row something has been said, since when, and when it was counted last. */
interface Counted {
  times: number;
  sinceMono: number;
  mono: number;
}

/** What the runtime is held against while it is told: a runtime does not rise while the battery empties. */
export interface Anchor extends Told {
  load: number | null;
  /** Since when more is told than can be; null: it is not. */
  risenMono: number | null;
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
  /** Seconds of runtime, as far as it is believed; only while on battery. */
  runtime: Told | null;
  /** Percent, as far as it is believed. */
  charge: Told | null;
  /** A sudden fall that has not lasted long enough to be believed. */
  runtimeFall: Told | null;
  chargeFall: Told | null;
  anchor: Anchor | null;
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
    backMono: null,
    evidence: null,
    low: never,
    forced: never,
    reading: null,
    said: 'unknown',
    flags: {},
    watchedMono: at.mono,
    heardMono: at.mono,
    runtime: null,
    charge: null,
    runtimeFall: null,
    chargeFall: null,
    anchor: null,
    drain: null,
    drained: null,
    learned,
    lostMono: null,
    fault: null,
  };
}

/**
 * Discharging with the mains present is a calibration or a self-test, no outage. (CyberPower's UT series says the same
 * at a real one and cannot be told apart: the user says so of it, see `KnownSupply.dischargeIsOutage`.)
 */
function sourceOf(reading: Reading): Source {
  if (reading.acPresent === true) return 'mains';
  if (reading.acPresent === false) return 'battery';
  if (reading.discharging === true) return reading.testing === true ? 'unknown' : 'battery';
  if (reading.charging === true || reading.fullyCharged === true || reading.discharging === false) return 'mains';
  return 'unknown';
}

const saysLow = (reading: Reading): boolean =>
  reading.belowCapacityLimit === true || reading.timeLimitExpired === true || reading.shutdownImminent === true;

/** Two reads, or an interrupt report and a read: one sign alone is a flicker until something else says the same. */
const isEnough = ({ polls, interruptMono, lasting }: Evidence): boolean =>
  polls >= 2 || lasting || (interruptMono !== null && polls >= 1);

/** Ms between two interrupt reports that count as two signs. */
const lastingAfter = 1000;

function addSign(before: Evidence, fresh: 'poll' | 'interrupt', at: Moment): Evidence {
  if (fresh === 'poll') return { ...before, polls: before.polls + 1 };
  const first = before.interruptMono ?? at.mono;
  return { ...before, interruptMono: first, lasting: before.lasting || at.mono - first >= lastingAfter };
}

/** A read is a sign of its own; interrupt reports come in showers, and count once a second. */
function count(old: Counted, isSaid: boolean, fresh: 'poll' | 'interrupt', at: Moment): Counted {
  if (!isSaid) return never;
  if (fresh === 'interrupt' && at.mono - old.mono < lastingAfter) return old;
  return { times: old.times + 1, sinceMono: old.times === 0 ? at.mono : old.sinceMono, mono: at.mono };
}

export function observe(old: Monitored, reading: Reading, fresh: 'poll' | 'interrupt', at: Moment): Monitored {
  const source = sourceOf(reading);
  const next: Monitored = { ...old, unseen: false, said: source, heardMono: at.mono, lostMono: null, fault: null };
  // Nobody knows what the mains did while there was no contact: stable power is counted anew.
  if (isSilent(old, at) && next.mainsMono !== null) next.mainsMono = at.mono;
  if (source === 'unknown' || source === next.confirmed) {
    next.evidence = null;
  } else {
    const none: Evidence = { source, polls: 0, interruptMono: null, lasting: false };
    next.evidence = addSign(next.evidence?.source === source ? next.evidence : none, fresh, at);
    if (isEnough(next.evidence)) confirm(next, source, at);
  }
  const onBattery = next.confirmed === 'battery';
  const shown = steady(next.flags, reading, onBattery, at.mono);
  next.flags = shown.gates;
  next.reading = shown.reading;
  next.forced = count(next.forced, reading.forcedShutdown === true, fresh, at);
  takeCharge(next, reading, at);
  if (onBattery) {
    next.low = count(next.low, saysLow(reading), fresh, at);
    takeRuntime(next, reading, at);
  }
  takeDrain(next, reading, at);
  return next;
}

/** Ms that a sudden fall must last: longer than the slowest round of reads, so that two reads have said it. */
const believeAfter = 12_000;

function takeCharge(next: Monitored, reading: Reading, at: Moment): void {
  const { told, fall } = believe(next.charge, next.chargeFall, reading.charge, at, { sudden: 20, perSecond: 1 });
  next.charge = told;
  next.chargeFall = fall;
}

function takeRuntime(next: Monitored, reading: Reading, at: Moment): void {
  const { told, fall } = believe(next.runtime, next.runtimeFall, toldRuntime(reading), at, {
    sudden: 60,
    perSecond: 2,
  });
  next.runtime = told;
  next.runtimeFall = fall;
  const isSettled = at.mono - (next.onBatteryMono ?? at.mono) >= settling;
  if (told) next.anchor = anchorOf(isSettled ? next.anchor : null, told, reading.load, at);
}

/** 65535 is what a 16-bit field says when there is no number. */
export const toldRuntime = (reading: Reading): number | null => (reading.runtime === 65535 ? null : reading.runtime);

/**
 * Units now and then send a report of zeros: a value that falls much faster than time passes is believed only when it
 * lasts, and so is one that begins with 0. `sudden`: a fall that is always plausible; `perSecond`: what a heavy load
 * takes besides, a second.
 */
function believe(
  old: Told | null,
  fall: Told | null,
  value: number | null,
  at: Moment,
  { sudden, perSecond }: { sudden: number; perSecond: number },
): { told: Told | null; fall: Told | null } {
  if (value === null) return { told: old, fall: null };
  if (value === old?.value) return { told: { ...old, saidMono: at.mono }, fall: null };
  const isPlausible = old ? value >= old.value - sudden - (perSecond * (at.mono - old.saidMono)) / 1000 : value > 0;
  const told = { value, mono: at.mono, saidMono: at.mono, jumped: !isPlausible };
  if (isPlausible) return { told, fall: null };
  // What has lasted is no more than the least of the fall: a report of zeros among numbers that waver stays out of it.
  const least = { ...told, value: Math.max(value, fall?.value ?? value), mono: fall?.mono ?? at.mono };
  if (at.mono - least.mono < believeAfter) return { told: old, fall: least };
  return { told: { ...least, mono: at.mono }, fall: null };
}

/** Ms in which a unit that has just gone to battery may still be making up its mind. */
const settling = 30_000;
/** Ms between two values that are kept to compare with. */
const anchorEvery = 30_000;
/** Percent of load: a fall by so much may really lengthen the runtime. */
const lighter = 5;

function anchorOf(old: Anchor | null, told: Told, load: number | null, at: Moment): Anchor {
  const fresh: Anchor = { ...told, mono: at.mono, load, risenMono: null };
  // Without a load nobody can tell a lie from a host that has been switched off.
  if (!old || load === null || old.load === null || load <= old.load - lighter) return fresh;
  const elapsed = at.mono - old.mono;
  const expected = Math.max(0, old.value - elapsed / 1000);
  if (told.value <= expected * 1.25 + 60) {
    // A heavier load in between must not make the way back to the lighter one look like a lie.
    if (load >= old.load + lighter) return { ...old, risenMono: null };
    return elapsed >= anchorEvery ? fresh : { ...old, risenMono: null };
  }
  return { ...old, risenMono: old.risenMono ?? at.mono };
}

/** What is told lies above what was told before, has done so for a while, and the load has not fallen. */
export const hasRisen = (anchor: Anchor | null, at: Moment): anchor is Anchor =>
  anchor !== null && anchor.risenMono !== null && at.mono - anchor.risenMono >= believeAfter;

/** A calibration teaches as much as an outage does. */
function takeDrain(next: Monitored, reading: Reading, at: Moment): void {
  if (next.confirmed === 'battery' || (reading.acPresent === true && reading.discharging === true)) {
    const sign = { charge: next.charge?.value ?? null, load: reading.load, runtime: toldRuntime(reading) };
    next.drain = drainOn(next.drain, sign, at);
  } else if (next.drain) {
    next.drained = dischargeOf(next.drain) ?? next.drained;
    next.drain = null;
  }
}

function confirm(next: Monitored, source: Source, at: Moment): void {
  if (source === 'mains' && next.confirmed === 'battery') next.backMono = at.mono;
  next.confirmed = source;
  next.evidence = null;
  next.since = at.wall;
  next.low = never;
  Object.assign(next, { runtime: null, runtimeFall: null, anchor: null });
  next.onBatterySince = source === 'battery' ? at.wall : null;
  next.onBatteryMono = source === 'battery' ? at.mono : null;
  next.mainsMono = source === 'mains' ? at.mono : null;
}

/**
 * Some units drop off the bus exactly when the mains fail. One that was on battery counts down from here; one whose
 * last report spoke of battery, unconfirmed, is an alarm and no more: the bus of many others drops at every flicker.
 * @see https://github.com/networkupstools/nut/issues/2925
 */
export function lose(old: Monitored, fault: Fault, at: Moment): Monitored {
  return { ...old, lostMono: old.lostMono ?? at.mono, fault, evidence: null };
}

/** Everything read before a sleep of this computer is old: nothing may be concluded from it but that there is no contact. */
export function forget(old: Monitored, at: Moment): Monitored {
  const fresh = watch(old.ups, at, old.learned);
  return { ...fresh, unseen: old.unseen, lostMono: old.lostMono === null ? null : at.mono, fault: old.fault };
}

export function isSilent(one: Monitored, at: Moment): boolean {
  return one.unseen || one.lostMono !== null || at.mono - one.heardMono > staleAfter(one.ups);
}

/** Ms without contact; 0 while there is contact. */
export function silentFor(one: Monitored, at: Moment): number {
  if (!isSilent(one, at)) return 0;
  return at.mono - one.heardMono;
}

/**
 * A NUT primary has said that everybody goes down now: by its own word once, which upsd keeps until it is started
 * again; by any other way twice.
 */
export const isForced = (one: Monitored): boolean => one.forced.times >= (one.ups.source === 'nut' ? 1 : 2);

/** What hangs on it alone will lose its power, with proof: it is on battery, or was told to go down. */
export const isFailing = (one: Monitored): boolean => one.confirmed === 'battery' || isForced(one);

export function powerState(one: Monitored, at: Moment): PowerState {
  if (isSilent(one, at)) return 'lost-contact';
  if (one.confirmed === 'battery') return one.low.times >= 2 ? 'low' : 'battery';
  return one.confirmed;
}
