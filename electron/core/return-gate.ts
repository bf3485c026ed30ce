import type { Sequence } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import { isSilent, type Moment, type Monitored, powerState } from './monitor.ts';

export interface ReturnVerdict {
  ready: boolean;
  /** What it waits for, or why it begins, in one sentence. */
  sentence: string;
}

/**
 * May things come back? Only when the power has been stable for long enough, and the batteries are charged. A UPS that
 * was never on battery and does not answer has no say if another one does answer.
 */
export function mayReturn(supplies: readonly Monitored[], when: Sequence['returnWhen'], at: Moment): ReturnVerdict {
  if (supplies.length === 0) return { ready: false, sentence: 'Waiting for a UPS to say that the power is back' };
  let shortest = Number.POSITIVE_INFINITY;
  const heard = supplies.some((one) => powerState(one, at) === 'mains');
  for (const one of supplies) {
    if (heard && one.confirmed !== 'battery' && (isSilent(one, at) || one.confirmed === 'unknown')) continue;
    if (isSilent(one, at)) return { ready: false, sentence: `Waiting for ${one.ups.name} to answer` };
    if (one.confirmed !== 'mains')
      return { ready: false, sentence: `Waiting for the power: ${one.ups.name} is not on mains` };
    shortest = Math.min(shortest, (at.mono - (one.mainsMono ?? at.mono)) / 1000);
    const charge = one.reading?.charge ?? null;
    if (charge !== null && charge < when.charge) {
      return { ready: false, sentence: `Waiting for the battery: ${Math.round(charge)} % of ${when.charge} %` };
    }
  }
  const stable = Math.floor(shortest);
  if (stable < when.stableSeconds) {
    return {
      ready: false,
      sentence: `Waiting for stable power: ${duration(stable)} of ${duration(when.stableSeconds)}`,
    };
  }
  return { ready: true, sentence: `Power stable for ${duration(stable)}` };
}
