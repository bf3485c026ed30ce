import type { Fault } from '../../shared/fault.ts';
import type { Reading, Ups } from '../../shared/reading.ts';
import type { PowerState, PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';

/** Milliseconds after which a reading is stale: three polls at the calm pace. */
export const staleAfter = 6000;

/** Where a reading says that the power comes from, before any gate. */
type Source = 'mains' | 'battery' | 'unknown';

/** What has been seen for a source that is not confirmed yet. */
interface Evidence {
  source: Source;
  polls: number;
  interrupt: boolean;
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
  readingMono: number | null;
  /** The last runtime that the UPS reported while on battery, and since when it has said so. */
  lastRuntime: { seconds: number; mono: number } | null;
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
    readingMono: null,
    lastRuntime: null,
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
const isEnough = (evidence: Evidence): boolean => evidence.polls >= 2 || (evidence.interrupt && evidence.polls >= 1);

export function observe(old: Monitored, reading: Reading, fresh: 'poll' | 'interrupt', at: Moment): Monitored {
  const next: Monitored = { ...old, reading, readingMono: at.mono, lostMono: null, fault: null };
  const source = sourceOf(reading);
  if (source === 'unknown' || source === next.confirmed) {
    next.evidence = null;
  } else {
    const before = next.evidence?.source === source ? next.evidence : { source, polls: 0, interrupt: false };
    next.evidence = {
      source,
      polls: before.polls + (fresh === 'poll' ? 1 : 0),
      interrupt: before.interrupt || fresh === 'interrupt',
    };
    if (isEnough(next.evidence)) confirm(next, source, at);
  }
  if (next.confirmed === 'battery') {
    if (fresh === 'poll') next.lowSeen = saysLow(reading) ? next.lowSeen + 1 : 0;
    if (reading.runtime !== null && reading.runtime !== next.lastRuntime?.seconds) {
      next.lastRuntime = { seconds: reading.runtime, mono: at.mono };
    }
  }
  return next;
}

function confirm(next: Monitored, source: Source, at: Moment): void {
  next.confirmed = source;
  next.evidence = null;
  next.since = at.wall;
  next.lowSeen = 0;
  next.lastRuntime = null;
  next.onBatterySince = source === 'battery' ? at.wall : null;
  next.onBatteryMono = source === 'battery' ? at.mono : null;
  next.mainsMono = source === 'mains' ? at.mono : null;
}

export function lose(old: Monitored, fault: Fault, at: Moment): Monitored {
  return { ...old, lostMono: old.lostMono ?? at.mono, fault, evidence: null };
}

/** Everything read before a sleep of this computer is old: nothing may be concluded from it. */
export function forget(old: Monitored, at: Moment): Monitored {
  return watch(old.ups, at);
}

export function isSilent(one: Monitored, at: Moment): boolean {
  if (one.lostMono !== null) return true;
  return one.readingMono !== null && at.mono - one.readingMono > staleAfter;
}

/** Ms without contact; 0 while there is contact. */
export function silentFor(one: Monitored, at: Moment): number {
  if (!isSilent(one, at)) return 0;
  return at.mono - (one.readingMono ?? one.lostMono ?? at.mono);
}

/** Seconds of battery left. Without contact on battery, the last word of the UPS is counted down on our own clock. */
export function runtimeLeft(one: Monitored, at: Moment): { seconds: number | null; from: PowerView['runtimeFrom'] } {
  if (one.confirmed === 'battery') {
    if (!one.lastRuntime) return { seconds: null, from: 'unknown' };
    const age = (at.mono - one.lastRuntime.mono) / 1000;
    // Units tell it in steps of up to a minute: within a step our own clock knows better.
    if (!isSilent(one, at))
      return { seconds: Math.max(0, one.lastRuntime.seconds - Math.min(age, 60)), from: 'reported' };
    return { seconds: Math.max(0, one.lastRuntime.seconds - age), from: 'counted-down' };
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
