import type { RunCause } from '../../shared/run-record.ts';
import type { Triggers } from '../../shared/triggers.ts';
import { duration } from '../../shared/words.ts';
import { isFailing, isUnserved } from './failing.ts';
import { type FedGroup, type PlanPower, whyNothing } from './feeding.ts';
import { bindingRuntime, leftFor } from './group-runtime.ts';
import { isSilent, type Moment, type Monitored, powerState } from './monitor.ts';
import { latestAt, type Sign, signsOf, startAt } from './signs.ts';

/** What kind of verdict it is: records are made when this changes, and not with every number. */
export type Reason =
  | 'no-plan'
  | 'no-power-told' // nothing fails, and it is not sure that the mains are there
  | 'on-mains'
  | 'carried' // what fails feeds no host of the plan, or another UPS carries its hosts
  | 'had-its-run'
  | 'no-trigger'
  | 'counting'
  | 'postponed'
  | 'due';

export interface Verdict {
  /** Why a run should start now; null: not now. */
  fire: RunCause | null;
  /** Seconds until it would, as far as can be foreseen. */
  startsIn: number | null;
  /** Seconds until the latest start at which the plan still fits the battery; null: nothing counts, or not known. */
  latestStartIn: number | null;
  /** Why, or why not, with the numbers. */
  sentence: string;
  reason: Reason;
  /** What comes first of all that speaks for a start; null: nothing does. */
  next: RunCause | null;
  /** What would have started a run by now if its trigger were not switched off; null: nothing. */
  off: RunCause | null;
}

export const nothing = (reason: Reason, sentence: string): Verdict => ({
  fire: null,
  startsIn: null,
  latestStartIn: null,
  sentence,
  reason,
  next: null,
  off: null,
});

/**
 * Judges every group of hosts that is losing its power; the group in greatest need decides. `needs`: seconds that the
 * plan takes (p90); `postponed`: seconds for which the user has put the start off.
 */
export function judge(power: PlanPower, triggers: Triggers, needs: number, at: Moment, postponed = 0): Verdict {
  if (!power.failing) return notFailing(power, triggers, needs, at);
  const due = power.groups.filter((group) => group.failing && group.supplies.some((one) => isUnserved(one, at)));
  if (due.length === 0)
    return nothing(
      'had-its-run',
      'This outage has had its run: nothing more is started until the mains have been back',
    );
  const all = due.map((group) => signsFor(group, power, { triggers, needs, postponed }, at));
  const first = all.flatMap(({ sign }) => sign ?? []).sort(soonest)[0];
  const left = bindingRuntime({ groups: due }, at);
  const latestStartIn = left === null ? null : Math.max(0, left - latestAt(triggers, needs));
  if (first && first.in <= 0) {
    const { cause, sentence } = first;
    return { fire: cause, startsIn: 0, latestStartIn, sentence, reason: 'due', next: cause, off: null };
  }
  const [off] = all.flatMap((each) => each.off ?? []);
  const besides = off ? `; ${off.sentence}, but that trigger is switched off` : '';
  const offCause = off?.cause ?? null;
  if (!first) return { ...nothing('no-trigger', `${noTrigger(due, triggers)}${besides}`), off: offCause };
  const starts = `tarts in ${duration(first.in)}: ${first.sentence}${besides}`;
  const counted = { fire: null, startsIn: first.in, latestStartIn, next: first.cause, off: offCause };
  if (postponed <= 0) return { ...counted, sentence: `S${starts}`, reason: 'counting' };
  const latest =
    latestStartIn === null
      ? 'which holds nothing back while nobody knows how long the battery lasts'
      : `at the latest for ${duration(latestStartIn)}, after which the plan would not fit the battery`;
  const sentence = `Put off by hand for another ${duration(postponed)}, ${latest}; s${starts}`;
  return { ...counted, sentence, reason: 'postponed' };
}

const soonest = (a: Sign, b: Sign): number => a.in - b.in;

function noTrigger(due: readonly FedGroup[], { lowBattery }: Triggers): string {
  const isOnBattery = due.some((group) => group.supplies.some((one) => one.confirmed === 'battery'));
  if (!isOnBattery) return 'Nothing is started';
  return lowBattery.enabled
    ? 'On battery, and nothing starts a run before the UPS says that its battery is low'
    : 'On battery, and no trigger is switched on';
}

interface Asked {
  triggers: Triggers;
  needs: number;
  postponed: number;
}

interface GroupSigns {
  /** By which it goes down; null: none is foreseen. */
  sign: Sign | null;
  /** By which it would go down now if its trigger were not switched off. */
  off: Sign | null;
}

/** What speaks for taking a failing group down. UPSes that do not say that they have mains add no time. */
function signsFor(group: FedGroup, power: PlanPower, asked: Asked, at: Moment): GroupSigns {
  const several = power.everyone.length > 1;
  const judged = group.supplies.filter((one) =>
    group.need === 'all' ? isUnserved(one, at) : isFailing(one, at) && !isGivenUp(one),
  );
  const signs = judged.map((one) => {
    const of = several ? ` of ${one.ups.name}` : '';
    const left = leftFor(group, one, at);
    return signsOf(one, { ...asked, left, of }, at).map((sign) => afterWaking(sign, one, at));
  });
  const on = signs.map((each) => each.filter((sign) => !sign.isOff));
  const sign = decisive(group, on);
  if (sign && sign.in <= 0) return { sign, off: null };
  const any = decisive(group, signs);
  if (!any || any.in > 0) return { sign, off: null };
  const off = signs.flat().filter((each) => each.isOff && each.in <= 0);
  return { sign, off: off.sort(soonest)[0] ?? null };
}

/** It was told to go down and has had its run for that: it adds no time where another one is enough. */
const isGivenUp = ({ confirmed, served }: Monitored): boolean => confirmed !== 'battery' && served.forced;

/**
 * When each UPS is needed it is the most urgent sign of all. When one is enough it is that of the UPS that lasts longest.
 */
function decisive(group: FedGroup, signs: readonly Sign[][]): Sign | null {
  const firsts = signs.map((each) => [...each].sort(soonest)[0]);
  const told = firsts.filter((sign) => sign !== undefined).sort(soonest);
  if (group.need === 'all') return told[0] ?? null;
  return told.length < firsts.length ? null : (told.at(-1) ?? null);
}

/** Ms that a UPS gets to speak after this computer was away for a moment. */
const speakWithin = 15_000;

function afterWaking(sign: Sign, one: Monitored, at: Moment): Sign {
  if (one.wokeMono === null || !isSilent(one, at)) return sign;
  return { ...sign, in: Math.max(sign.in, (one.wokeMono + speakWithin - at.mono) / 1000) };
}

function notFailing(power: PlanPower, triggers: Triggers, needs: number, at: Moment): Verdict {
  const carried = whyNothing(power, at);
  if (carried !== null) return nothing('carried', carried);
  const doubt = doubted(power, at);
  if (doubt !== null) return nothing('no-power-told', doubt);
  const left = bindingRuntime(power, at);
  if (left === null || !triggers.runtime.enabled) return nothing('on-mains', 'On mains');
  const spare = left - startAt(triggers, needs);
  const sentence =
    spare > 0
      ? `If the power failed now, the run would start after ${duration(spare)}`
      : 'If the power failed now, the run would start at once: the battery lasts no longer than the plan needs';
  return nothing('on-mains', sentence);
}

/** Why it is not known that every host of the plan has its power; null: it is. */
function doubted(power: PlanPower, at: Moment): string | null {
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
  return null;
}
