import type { Fault } from '../../shared/fault.ts';
import type { Reading, Ups } from '../../shared/reading.ts';
import type { PowerState, PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';

/** Milliseconds after which a reading is stale: three polls at the calm pace. */
const staleAfter = 6000;

/** Where a reading says that the power comes from, before any gate. */
type Source = 'mains' | 'battery' | 'unknown';

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
interface Told {
  value: number;
  mono: number;
}

/** All that is known of one UPS. Times ending in `Mono` are monotonic ms, the others ms since the epoch. */
export interface Monitored {
  ups: Ups;
  confirmed: Source;
  since: number;
  onBatterySince: number | null;
  onBatteryMono: number | null;
  mainsMono: number | null;
  evidence: Evidence | null;
  lowSeen: number;
  reading: Reading | null;
  /** When the newest reading came; at first, when the UPS was found. */
  heardMono: number;
  /** Seconds of runtime and percent of charge, as far as they are believed; only while on battery. */
  runtime: Told | null;
  charge: Told | null;
  /** A sudden fall that has not lasted long enough to be believed. */
  runtimeDoubt: Told | null;
  chargeDoubt: Told | null;
  lostMono: number | null;
  fault: Fault | null;
}

export interface Moment {
  wall: number;
  mono: number;
}

export function watch(ups: Ups, at: Moment): Monitored {
  return {
    ups,
    confirmed: 'unknown',
    since: at.wall,
    onBatterySince: null,
    onBatteryMono: null,
    mainsMono: null,
    evidence: null,
    lowSeen: 0,
    reading: null,
    heardMono: at.mono,
    runtime: null,
    charge: null,
    runtimeDoubt: null,
    chargeDoubt: null,
    lostMono: null,
    fault: null,
  };
}

/** Calibration and self-test discharge the battery with the mains present: they are no outage. */
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

export function observe(old: Monitored, reading: Reading, fresh: 'poll' | 'interrupt', at: Moment): Monitored {
  const next: Monitored = { ...old, reading, heardMono: at.mono, lostMono: null, fault: null };
  const source = sourceOf(reading);
  // Nobody knows what the mains did while there was no contact: stable power is counted anew.
  if (isSilent(old, at) && next.mainsMono !== null) next.mainsMono = at.mono;
  if (source === 'unknown' || source === next.confirmed) {
    next.evidence = null;
  } else {
    const none: Evidence = { source, polls: 0, interruptMono: null, lasting: false };
    next.evidence = addSign(next.evidence?.source === source ? next.evidence : none, fresh, at);
    if (isEnough(next.evidence)) confirm(next, source, at);
  }
  if (next.confirmed === 'battery') {
    if (fresh === 'poll') next.lowSeen = saysLow(reading) ? next.lowSeen + 1 : 0;
    const runtime = believe(next.runtime, next.runtimeDoubt, reading.runtime, at, { sudden: 60, perSecond: 2 });
    const charge = believe(next.charge, next.chargeDoubt, reading.charge, at, { sudden: 20, perSecond: 1 });
    Object.assign(next, {
      runtime: runtime.told,
      runtimeDoubt: runtime.doubt,
      charge: charge.told,
      chargeDoubt: charge.doubt,
    });
  }
  return next;
}

/** Ms that a sudden fall must last: longer than the slowest round of reads, so that two reads have said it. */
const believeAfter = 12_000;

/**
 * Units now and then send a report of zeros: a value that falls much faster than time passes is believed only when it
 * lasts. `sudden`: a fall that is always plausible; `perSecond`: what a heavy load takes besides, a second.
 */
function believe(
  old: Told | null,
  doubt: Told | null,
  value: number | null,
  at: Moment,
  { sudden, perSecond }: { sudden: number; perSecond: number },
): { told: Told | null; doubt: Told | null } {
  if (value === null || value === old?.value) return { told: old, doubt: null };
  const told = { value, mono: at.mono };
  if (!old || value >= old.value - sudden - (perSecond * (at.mono - old.mono)) / 1000) return { told, doubt: null };
  const since = doubt ?? told;
  return at.mono - since.mono >= believeAfter ? { told, doubt: null } : { told: old, doubt: since };
}

function confirm(next: Monitored, source: Source, at: Moment): void {
  next.confirmed = source;
  next.evidence = null;
  next.since = at.wall;
  next.lowSeen = 0;
  Object.assign(next, { runtime: null, runtimeDoubt: null, charge: null, chargeDoubt: null });
  next.onBatterySince = source === 'battery' ? at.wall : null;
  next.onBatteryMono = source === 'battery' ? at.mono : null;
  next.mainsMono = source === 'mains' ? at.mono : null;
}

export function lose(old: Monitored, fault: Fault, at: Moment): Monitored {
  return { ...old, lostMono: old.lostMono ?? at.mono, fault, evidence: null };
}

/** Everything read before a sleep of this computer is old: nothing may be concluded from it but that there is no contact. */
export function forget(old: Monitored, at: Moment): Monitored {
  return { ...watch(old.ups, at), lostMono: old.lostMono === null ? null : at.mono, fault: old.fault };
}

export function isSilent(one: Monitored, at: Moment): boolean {
  return one.lostMono !== null || at.mono - one.heardMono > staleAfter;
}

/** Ms without contact; 0 while there is contact. */
export function silentFor(one: Monitored, at: Moment): number {
  if (!isSilent(one, at)) return 0;
  return at.mono - one.heardMono;
}

/** Seconds: units tell the runtime in steps of up to a minute; within a step our own clock knows better. */
const step = 60;
/** Seconds after which a runtime that never changes is frozen, and is counted down like one without contact. */
const frozenAfter = 300;

/** Seconds of battery left. Without contact on battery, the last word of the UPS is counted down on our own clock. */
export function runtimeLeft(one: Monitored, at: Moment): { seconds: number | null; from: PowerView['runtimeFrom'] } {
  if (one.confirmed === 'battery') {
    if (!one.runtime) return { seconds: null, from: 'unknown' };
    const age = (at.mono - one.runtime.mono) / 1000;
    const counted = isSilent(one, at) || age > frozenAfter;
    const seconds = Math.max(0, one.runtime.value - (counted ? age : Math.min(age, step)));
    return { seconds, from: counted ? 'counted-down' : 'reported' };
  }
  const reported = one.reading?.runtime ?? null;
  return isSilent(one, at) || reported === null
    ? { seconds: null, from: 'unknown' }
    : { seconds: reported, from: 'reported' };
}

export function powerState(one: Monitored, at: Moment): PowerState {
  if (isSilent(one, at)) return 'lost-contact';
  if (one.confirmed === 'battery') return one.lowSeen >= 2 ? 'low' : 'battery';
  return one.confirmed;
}

export function powerView(one: Monitored, at: Moment): PowerView {
  const state = powerState(one, at);
  const left = runtimeLeft(one, at);
  return {
    ups: one.ups,
    state,
    since: one.since,
    onBatterySince: one.onBatterySince,
    reading: one.reading,
    runtimeLeft: left.seconds,
    runtimeFrom: left.from,
    fault: one.fault,
    sentence: sentence(one, state, left.seconds, at),
  };
}

function sentence(one: Monitored, state: PowerState, left: number | null, at: Moment): string {
  const charge = one.reading?.charge === null || one.reading === null ? '' : `, ${Math.round(one.reading.charge)} %`;
  const time = left === null ? '' : `, ${duration(left)} left`;
  switch (state) {
    case 'mains':
      return `On mains${charge}${time}`;
    case 'battery':
      return `On battery${charge}${time}`;
    case 'low':
      return `Battery low${charge}${time}`;
    case 'lost-contact':
      return one.confirmed === 'battery'
        ? `No answer from the UPS for ${duration(silentFor(one, at) / 1000)}; it was on battery${time}`
        : `No answer from the UPS for ${duration(silentFor(one, at) / 1000)}`;
    case 'unknown':
      return 'The UPS has not said yet where the power comes from';
  }
}
