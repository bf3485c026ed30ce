import type { Sequence } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import { isFailing, isForced } from './failing.ts';
import type { FedGroup, PlanPower } from './feeding.ts';
import { isSilent, type Moment, type Monitored, powerState, silentFor } from './monitor.ts';
import type { TurnedOff } from './turned-off.ts';

export interface ReturnVerdict {
  ready: boolean;
  /** What it waits for, or why it begins, in one sentence. */
  sentence: string;
}

type When = Sequence['returnWhen'];

const waiting = (sentence: string): ReturnVerdict => ({ ready: false, sentence });
const nobody = waiting('Waiting for a UPS to say that the power is back');

/** Ms of silence after which one for whose failure the run was begun is waited for no longer, if another one speaks. */
const patience = 3_600_000;

/**
 * May things come back? Only when the power of every group of hosts is back, stable and the batteries are charged.
 * `turnedOff`: by the run itself.
 */
export function mayReturn(power: PlanPower, when: When, at: Moment, turnedOff: TurnedOff): ReturnVerdict {
  let last = nobody;
  const everyone = power.everyone.filter((one) => notOn(one, turnedOff, at) === null);
  for (const group of power.groups) {
    const fed = fedBesides(group, turnedOff, at);
    last = 'ready' in fed ? fed : groupReady(fed, everyone, when, at);
    if (!last.ready) return last;
  }
  return last;
}

/** Why a UPS that the run itself has turned off feeds nothing, or may cut what is woken on it; null: it may be woken. */
function notOn(one: Monitored, turnedOff: TurnedOff, at: Moment): string | null {
  const state = turnedOff.get(one.ups.id);
  if (state === 'counting') return `Waiting for ${one.ups.name}, which was told to turn off`;
  const isOff = state === 'over' && !isSilent(one, at) && one.reading?.outputOff === true;
  return isOff ? `Waiting for ${one.ups.name}, whose outlets are off` : null;
}

/** The group without UPSes that the run has turned off, which cannot speak for it; or that it waits for one of them. */
function fedBesides(group: FedGroup, turnedOff: TurnedOff, at: Moment): FedGroup | ReturnVerdict {
  const whys = group.supplies.flatMap((one) => notOn(one, turnedOff, at) ?? []);
  const [first] = whys;
  if (first === undefined) return group;
  if (group.need === 'all' || whys.length === group.supplies.length) return waiting(first);
  return { ...group, supplies: group.supplies.filter((one) => notOn(one, turnedOff, at) === null) };
}

function groupReady(group: FedGroup, everyone: readonly Monitored[], when: When, at: Moment): ReturnVerdict {
  const speaking = everyone.filter((one) => powerState(one, at) === 'mains' && !isFailing(one, at));
  const verdicts = (supplies: readonly Monitored[]) => {
    const heard = supplies.filter((one) => !hasNoSay(one, group, speaking, at));
    // None of its own can tell, or is known: then it goes by the others.
    return (heard.length > 0 ? heard : speaking).map((one) => ready(one, when, at));
  };
  // One is enough for these hosts: that the other one is broken, or empty, must not keep them off.
  const one = group.need === 'any' ? verdicts(group.supplies).find((verdict) => verdict.ready) : undefined;
  return one ?? worst(verdicts(group.supplies));
}

/**
 * One that does not tell has no say if another one tells. One for whose failure the run was begun is waited for; but not
 * for ever, and not when it is read over the network: what reads it may be off because of this very run.
 */
function hasNoSay(one: Monitored, { failed }: FedGroup, speaking: readonly Monitored[], at: Moment): boolean {
  if (speaking.length === 0) return false;
  if (!isSilent(one, at)) return powerState(one, at) === 'unknown' && !failed.includes(one);
  if (one.ups.source === 'nut' || one.ups.source === 'apcupsd') return true;
  return silentFor(one, at) > patience || (!failed.includes(one) && !isFailing(one, at));
}

function worst(verdicts: readonly ReturnVerdict[]): ReturnVerdict {
  return verdicts.find((verdict) => !verdict.ready) ?? verdicts.at(-1) ?? nobody;
}

function ready(one: Monitored, when: When, at: Moment): ReturnVerdict {
  const { name } = one.ups;
  if (isSilent(one, at)) return waiting(`Waiting for ${name} to answer`);
  if (isForced(one, at))
    return waiting(`Waiting for the server of ${name}, which still says that everybody must shut down`);
  if (powerState(one, at) !== 'mains') return waiting(`Waiting for the power: ${name} is not on mains`);
  const charge = one.reading?.charge ?? null;
  if (charge !== null && charge < when.charge)
    return waiting(`Waiting for the battery: ${Math.round(charge)} % of ${when.charge} %`);
  const stable = Math.floor((at.mono - (one.mainsMono ?? at.mono)) / 1000);
  if (stable < when.stableSeconds)
    return waiting(`Waiting for stable power: ${duration(stable)} of ${duration(when.stableSeconds)}`);
  return { ready: true, sentence: `Power stable for ${duration(stable)}` };
}
