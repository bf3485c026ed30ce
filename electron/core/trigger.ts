import type { RunCause } from '../../shared/run-record.ts';
import type { Triggers } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import { isFailing, isUnserved } from './failing.ts';
import { type FedGroup, type PlanPower, whyNothing } from './feeding.ts';
import { isSilent, type Moment, type Monitored, powerState } from './monitor.ts';
import { runtimeLeft } from './runtime.ts';
import { type Sign, signsOf, startAt } from './signs.ts';

export interface Verdict {
  /** Why a run should start now; null: not now. */
  fire: RunCause | null;
  /** Seconds until it would, as far as can be foreseen. */
  startsIn: number | null;
  /** Why, or why not, with the numbers. */
  sentence: string;
}

const nothing = (sentence: string): Verdict => ({ fire: null, startsIn: null, sentence });

/** Judges every group of hosts that is losing its power; the group in greatest need decides. */
export function judge(power: PlanPower, triggers: Triggers, needs: number, at: Moment): Verdict {
  if (!power.failing) return nothing(whyNothing(power, at) ?? onMains(power, triggers, needs, at));
  const due = power.groups.filter((group) => group.failing && group.supplies.some((one) => isUnserved(one, at)));
  if (due.length === 0)
    return nothing('This outage has had its run: nothing more is started until the mains have been back');
  const signs = due.flatMap((group) => signOf(group, power, triggers, needs, at) ?? []).sort(soonest);
  const first = signs[0];
  if (!first) return nothing('On battery, and no trigger is switched on');
  if (first.in <= 0) return { fire: first.cause, startsIn: 0, sentence: first.sentence };
  return { fire: null, startsIn: first.in, sentence: `Starts in ${duration(first.in)}: ${first.sentence}` };
}

const soonest = (a: Sign, b: Sign): number => a.in - b.in;

/**
 * The sign by which a failing group goes down. When each UPS is needed it is the most urgent of all. When one is
 * enough it is that of the UPS that lasts longest; those that do not say that they have mains add no time.
 */
function signOf(group: FedGroup, power: PlanPower, triggers: Triggers, needs: number, at: Moment): Sign | null {
  const several = power.everyone.length > 1;
  const judged = group.supplies.filter((one) => (group.need === 'all' ? isUnserved(one, at) : isFailing(one, at)));
  const firsts = judged.map((one) => {
    const left = leftFor(group, one, at);
    const battery = several ? `the battery of ${one.ups.name}` : 'the battery';
    const sign = signsOf(one, { triggers, needs, left, battery }, at).sort(soonest)[0];
    return sign ? afterWaking(sign, one, at) : null;
  });
  const signs = firsts.filter((sign) => sign !== null).sort(soonest);
  if (group.need === 'all') return signs[0] ?? null;
  return signs.length < firsts.length ? null : (signs.at(-1) ?? null);
}

/** Ms that a UPS gets to speak after this computer was away for a moment. */
const speakWithin = 15_000;

function afterWaking(sign: Sign, one: Monitored, at: Moment): Sign {
  if (one.wokeMono === null || !isSilent(one, at)) return sign;
  return { ...sign, in: Math.max(sign.in, (one.wokeMono + speakWithin - at.mono) / 1000) };
}

/** A UPS that takes over the load of another one lasts less than half as long: lead does worse the harder it is pulled. */
const takenOver = 0.42;

/**
 * Seconds of this UPS's battery as they count for the group. Where one UPS is enough and several run from their
 * batteries, the one that lasts longest carries the load of the others as well once they are empty. `others`: those that
 * do, or would.
 */
function leftFor(group: FedGroup, one: Monitored, at: Moment, others = onBattery(group)): number | null {
  const { seconds } = runtimeLeft(one, at);
  if (group.need === 'all' || seconds === null || !others.includes(one)) return seconds;
  const soonest = Math.min(...others.map((other) => runtimeLeft(other, at).seconds ?? seconds));
  // One that is silent does not say that it carries all since then: that time counts in full, not by its share.
  const since = isSilent(one, at) ? Math.max(...others.map((other) => emptyFor(other, at))) : 0;
  const first = soonest > 0 ? soonest : -since;
  return Math.max(0, first + (seconds - first) * takenOver);
}

/** Seconds since the countdown of its last word was over. */
const emptyFor = ({ runtime }: Monitored, at: Moment): number =>
  runtime ? Math.max(0, (at.mono - runtime.mono) / 1000 - runtime.value) : 0;

const onBattery = (group: FedGroup): Monitored[] => group.supplies.filter((one) => one.confirmed === 'battery');

/**
 * Seconds of battery on which the plan can count, now or if the mains failed now for all of its UPSes; null: not known
 * for some hosts.
 */
export function bindingRuntime(power: PlanPower, at: Moment): number | null {
  const lefts = power.groups.map((group) => {
    const heard = group.supplies.filter((one) => !one.unseen);
    const others = group.failing ? onBattery(group) : heard;
    const known = heard.map((one) => leftFor(group, one, at, others)).filter((seconds) => seconds !== null);
    if (known.length === 0) return null;
    return group.need === 'all' ? Math.min(...known) : Math.max(...known);
  });
  const known = lefts.filter((seconds) => seconds !== null);
  return known.length < lefts.length || known.length === 0 ? null : Math.min(...known);
}

function onMains(power: PlanPower, triggers: Triggers, needs: number, at: Moment): string {
  const supplies = [...new Set(power.groups.flatMap((group) => group.supplies))];
  if (power.everyone.length === 0) return 'No UPS is connected: an outage would not be seen';
  if (supplies.length === 0) return 'No UPS that feeds the hosts of the plan is known: an outage would not be seen';
  const absent = supplies.filter((one) => one.unseen);
  if (absent.length > 0) {
    const names = absent.map((one) => one.ups.name).join(' and ');
    return `${names} ${absent.length === 1 ? 'has' : 'have'} not been seen since Glidepath started: an outage there would not be seen`;
  }
  const lost = supplies.find((one) => isSilent(one, at));
  if (lost && lost.confirmed === 'mains')
    return `No answer from ${lost.ups.name}; it was on mains, so nothing is started`;
  if (lost) return `No answer from ${lost.ups.name}; where its power comes from is not known, so nothing is started`;
  if (supplies.every((one) => powerState(one, at) === 'unknown'))
    return 'Waiting for the UPS to say where the power comes from';
  const left = bindingRuntime(power, at);
  if (left === null || !triggers.runtime.enabled) return 'On mains';
  const spare = left - startAt(triggers, needs);
  return spare > 0
    ? `If the power failed now, the run would start after ${duration(spare)}`
    : 'If the power failed now, the run would start at once: the battery lasts no longer than the plan needs';
}
