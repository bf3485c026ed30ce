import type { RunCause } from '../../shared/run-record.ts';
import type { Triggers } from '../../shared/triggers.ts';
import type { PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';
import { isForced } from './failing.ts';
import { type Moment, type Monitored, silentFor } from './monitor.ts';
import { chargeStands, frozenAfter, runtimeLeft, taughtBy } from './runtime.ts';

/** Ms on battery after which a UPS that tells neither runtime nor charge counts as low: nothing else can warn us. */
const blindTime = 60_000;

export interface Sign {
  cause: RunCause;
  /** Seconds until it fires; 0 or less: now. */
  in: number;
  sentence: string;
  /** Its trigger is switched off: it starts nothing, and is told when it would have. */
  isOff: boolean;
}

/** Seconds of runtime at which a run must start. */
export function startAt(triggers: Triggers, needs: number): number {
  return Math.max(needs * triggers.runtime.factor, triggers.runtime.floor);
}

/**
 * Seconds of runtime at which a run must start even if it is put off: the plan only just fits, and the floor, below which
 * the user never wants to go, stands.
 */
export function latestAt(triggers: Triggers, needs: number): number {
  return triggers.runtime.enabled ? Math.max(needs, triggers.runtime.floor) : needs;
}

/**
 * Seconds until a UPS that tells nothing by which its end could be foreseen, with no fixed time set, must not be waited
 * for any longer; null: it may be. One that tells nothing but a charge that stands still tells nothing.
 */
function blindIn(
  { runtime, charge, onBattery }: Triggers,
  told: { left: number | null; percent: number | null; onBattery: number; stands: number },
): number | null {
  if (onBattery.enabled || (!runtime.enabled && !charge.enabled)) return null;
  if (runtime.enabled && told.left !== null) return null;
  if (!charge.enabled || told.percent === null) return blindTime / 1000 - told.onBattery;
  return told.left === null ? frozenAfter - told.stands : null;
}

const origin: Readonly<Record<Exclude<PowerView['runtimeFrom'], 'learned'>, string>> = {
  reported: '',
  'counted-down': ' (counted down)',
  estimated: ' (by a cautious estimate)',
  unknown: '',
};

function originOf(one: Monitored, at: Moment): string {
  if (silentFor(one, at) > 0) return ' (counted down, no contact)';
  const { from } = runtimeLeft(one, at);
  return from === 'learned' ? ` (by ${taughtBy(one)})` : origin[from];
}

/**
 * What it said last counts when it is silent: NUT takes one that was low and is gone for dead, whether or not silence alone
 * starts anything. Some say it for a moment when they go to battery, so it must have lasted.
 * @see https://github.com/networkupstools/nut/issues/3087
 */
function lowSign(one: Monitored, silent: number, { lowBattery, silent: dead }: Triggers, at: Moment): Sign | null {
  const { name } = one.ups;
  const low = { cause: 'low-battery' as const, isOff: !lowBattery.enabled };
  if (silent > 0 && one.low.times > 0) {
    const sentence = `${name} said that its battery is low, and has not answered for ${duration(silent / 1000)}`;
    return { ...low, in: Math.max(0, dead.seconds - silent / 1000), sentence };
  }
  if (silent > 0 || one.low.times < 2) return null;
  const wait = Math.max(0, lowBattery.lasts - (at.mono - one.low.sinceMono) / 1000);
  return { ...low, in: wait, sentence: `${name} says that its battery is low` };
}

export interface Judged {
  triggers: Triggers;
  /** Seconds that the plan needs (p90). */
  needs: number;
  /** Seconds of battery, as far as they count for the hosts in question. */
  left: number | null;
  /** Whose battery it is, where there are several: " of Rack UPS"; otherwise empty. */
  of: string;
  /** Seconds for which the user has put the start off; 0: not at all. */
  postponed: number;
}

/** Everything that speaks for starting a run because of this UPS, which fails; also what is switched off. */
export function signsOf(one: Monitored, { triggers, needs, left, of, postponed }: Judged, at: Moment): Sign[] {
  const signs: Sign[] = [];
  const add = (cause: RunCause, inSeconds: number, sentence: string, isOn = true) =>
    signs.push({ cause, in: inSeconds, sentence, isOff: !isOn });
  if (isForced(one, at) && !one.served.forced)
    add(
      'forced-shutdown',
      0,
      `${one.ups.name} is told by its server that everybody must shut down`,
      triggers.forced.enabled,
    );
  if (one.confirmed !== 'battery') return signs;
  const silent = silentFor(one, at);
  // Without contact the charge is old, and only the countdown goes on.
  const charge = silent > 0 ? null : (one.charge?.value ?? null);
  const onBattery = (at.mono - (one.onBatteryMono ?? at.mono)) / 1000;
  const low = lowSign(one, silent, triggers, at);
  if (low) signs.push(low);
  const soonest = triggers.settle - onBattery;
  // Put off, but never beyond the latest start. Without a runtime nobody knows when that is.
  const putOff = left === null ? Number.NEGATIVE_INFINITY : Math.min(postponed, left - latestAt(triggers, needs));
  const later = (seconds: number): number => (postponed > 0 ? Math.max(seconds, putOff) : seconds);
  // A charge that stands still will never reach its floor.
  const stands = chargeStands(one, at);
  if (left !== null) {
    const limit = startAt(triggers, needs);
    add(
      'runtime',
      later(Math.max(soonest, left - limit)),
      `the battery${of} lasts ${duration(left)}${originOf(one, at)} and the plan must start at ${duration(limit)} (it needs ${duration(needs)}, times ${triggers.runtime.factor}, at least ${duration(triggers.runtime.floor)})`,
      triggers.runtime.enabled || silent > 0 || stands > frozenAfter,
    );
  }
  if (charge !== null) {
    const floor = triggers.charge.percent;
    // Foreseen by the share of the runtime that is left above the floor; without a runtime nothing is foreseen.
    const foreseen = left === null || charge === 0 ? Number.MAX_SAFE_INTEGER : (left * (charge - floor)) / charge;
    add(
      'charge',
      later(charge <= floor ? soonest : Math.max(1, foreseen)),
      `the charge${of} is ${Math.round(charge)} % and the floor is ${floor} %`,
      triggers.charge.enabled,
    );
  }
  if (triggers.onBattery.enabled) {
    add(
      'on-battery',
      later(triggers.onBattery.seconds - onBattery),
      `on battery for ${duration(onBattery)} of ${duration(triggers.onBattery.seconds)}`,
    );
  }
  if (left === null && silent > 0) {
    add(
      'low-battery',
      triggers.silent.seconds - silent / 1000,
      `no answer for ${duration(silent / 1000)} on battery, and the runtime was never told`,
      triggers.silent.enabled,
    );
  }
  const blind = silent > 0 ? null : blindIn(triggers, { left, percent: charge, onBattery, stands });
  if (blind !== null) {
    const what =
      charge === null
        ? 'nothing by which it could be judged'
        : `nothing but its charge, which has been ${Math.round(charge)} % for ${duration(stands)}`;
    add('on-battery', blind, `on battery for ${duration(onBattery)}, and ${one.ups.name} tells ${what}`);
  }
  // Its last word spoke of mains: the next one confirms that, or not. In doubt nothing is powered off.
  const isDoubted = silent === 0 && one.evidence?.source === 'mains';
  return signs
    .filter((sign) => sign.in < Number.MAX_SAFE_INTEGER)
    .map((sign) => (isDoubted && sign.cause !== 'forced-shutdown' ? { ...sign, in: Math.max(1, sign.in) } : sign));
}
