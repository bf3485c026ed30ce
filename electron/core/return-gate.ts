import type { Sequence } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import type { FedGroup } from './feeding.ts';
import { isFailing, isForced, isSilent, type Moment, type Monitored, powerState } from './monitor.ts';

export interface ReturnVerdict {
  ready: boolean;
  /** What it waits for, or why it begins, in one sentence. */
  sentence: string;
}

/** May things come back? Only when the power of every group of hosts is back, stable and the batteries are charged. */
export function mayReturn(groups: readonly FedGroup[], when: Sequence['returnWhen'], at: Moment): ReturnVerdict {
  let last: ReturnVerdict = waiting('Waiting for a UPS to say that the power is back');
  for (const group of groups) {
    last = group.need === 'all' ? allReady(group.supplies, when, at) : oneReady(group.supplies, when, at);
    if (!last.ready) return last;
  }
  return last;
}

const waiting = (sentence: string): ReturnVerdict => ({ ready: false, sentence });

/** One UPS is enough for these hosts: that the other one is broken, or empty, must not keep them off. */
function oneReady(supplies: readonly Monitored[], when: Sequence['returnWhen'], at: Moment): ReturnVerdict {
  const verdicts = supplies.map((one) => allReady([one], when, at));
  return verdicts.find((verdict) => verdict.ready) ?? allReady(supplies, when, at);
}

/** A UPS that was never on battery and does not answer has no say if another one does answer. */
function allReady(supplies: readonly Monitored[], when: Sequence['returnWhen'], at: Moment): ReturnVerdict {
  if (supplies.length === 0) return waiting('Waiting for a UPS to say that the power is back');
  let shortest = Number.POSITIVE_INFINITY;
  const heard = supplies.some((one) => powerState(one, at) === 'mains');
  for (const one of supplies) {
    if (heard && !isFailing(one) && (isSilent(one, at) || one.confirmed === 'unknown')) continue;
    if (isSilent(one, at)) return waiting(`Waiting for ${one.ups.name} to answer`);
    if (isForced(one))
      return waiting(`Waiting for the server of ${one.ups.name}, which still says that everybody must shut down`);
    if (one.confirmed !== 'mains') return waiting(`Waiting for the power: ${one.ups.name} is not on mains`);
    shortest = Math.min(shortest, (at.mono - (one.mainsMono ?? at.mono)) / 1000);
    const charge = one.reading?.charge ?? null;
    if (charge !== null && charge < when.charge)
      return waiting(`Waiting for the battery: ${Math.round(charge)} % of ${when.charge} %`);
  }
  const stable = Math.floor(shortest);
  if (stable < when.stableSeconds)
    return waiting(`Waiting for stable power: ${duration(stable)} of ${duration(when.stableSeconds)}`);
  return { ready: true, sentence: `Power stable for ${duration(stable)}` };
}
