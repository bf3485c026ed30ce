import type { Fault } from '../../../shared/fault.ts';

/** There is no contact to a UPS on USB. `where`: its name. */
export function lostFault(where: string, why: unknown): Fault {
  return {
    code: 'ups-lost',
    what: `There is no contact over USB: ${why instanceof Error ? why.message : String(why)}`.slice(0, 2000),
    where,
    remedy: 'See that the USB cable between the UPS and this computer is plugged in. Glidepath reconnects by itself.',
  };
}
