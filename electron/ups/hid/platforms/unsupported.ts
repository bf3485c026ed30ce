import { FaultError } from '../../../../shared/fault.ts';
import type { Candidate } from '../candidates.ts';

/** This system shows the UPS, but gives no way to understand what it says. */
export function unsupported({ product, path }: Candidate, system: string, why: string): FaultError {
  return new FaultError({
    code: 'ups-unsupported',
    what: `It cannot be read over USB on ${system}: ${why}`,
    where: (product || path).slice(0, 500),
    remedy:
      `Reading over USB on ${system} has not been tried with real devices yet. Glidepath uses what ${system} itself says of ` +
      'its battery, if it says anything; NUT on another computer can be added as a UPS server.',
  });
}
