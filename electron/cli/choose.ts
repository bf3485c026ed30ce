import { FaultError } from '../../shared/fault.ts';
import type { Ups } from '../../shared/reading.ts';
import { faultLine } from './fault-line.ts';
import type { Roster } from './roster.ts';

/**
 * The UPS that is meant: by id, by name in any case, or the only one when none is named.
 * @throws FaultError `invalid-input` with what there is instead
 */
export function choose({ entries, troubles }: Roster, wanted: string | null): Ups {
  const present = entries.filter(({ fault }) => fault === null).map(({ ups }) => ups);
  const named = present.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted?.toLowerCase());
  const fits = wanted === null ? present.filter(({ source }) => source === 'hid') : named;
  const [only] = fits;
  if (only && fits.length === 1) return only;
  const there = fits.length > 0 ? fits : present;
  throw new FaultError({
    code: 'invalid-input',
    what: fits.length > 1 ? `${fits.length} UPSes fit` : 'No such UPS was found',
    where: wanted ?? 'ups dump',
    remedy:
      there.length > 0
        ? `Name one of these: ${there.map(({ id }) => id).join(', ')}.`
        : (troubles.map(faultLine)[0] ?? 'See that its USB cable is plugged in.'),
  });
}
