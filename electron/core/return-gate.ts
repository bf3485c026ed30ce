import type { Sequence } from '../../shared/sequence.ts';
import { duration } from '../../shared/words.ts';
import type { Moment, Monitored } from './monitor.ts';
import { isSilent } from './monitor.ts';

export interface ReturnVerdict {
  ready: boolean;
  /** What it waits for, or why it begins, in one sentence. */
  sentence: string;
}

/** May things come back? Only when every UPS is on mains for long enough, and charged. */
export function mayReturn(supplies: readonly Monitored[], when: Sequence['returnWhen'], at: Moment): ReturnVerdict {
  if (supplies.length === 0) return { ready: false, sentence: 'Waiting for a UPS to say that the power is back' };
  let shortest = Number.POSITIVE_INFINITY;
  for (const one of supplies) {
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
