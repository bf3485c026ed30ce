import { countdown } from '../hid/plausible.ts';
import { leadingNumber } from '../net/text.ts';
import { flagsOf } from './status.ts';
import type { Variables } from './variables.ts';

/** What a command is for: all of a UPS, or one group of its outlets. These are the names that it goes by. */
export interface Scope {
  /** Before the name of each command. */
  prefix: string;
  /** Seconds from a shutdown command to the outlets being off: a setting of the driver. */
  delay: string;
  /** Seconds until they are off, while they count down. */
  timer: string;
  /** For people. */
  outlets: string;
}

const whole: Scope = {
  prefix: '',
  delay: 'ups.delay.shutdown',
  timer: 'ups.timer.shutdown',
  outlets: 'its outlets',
};

/**
 * @param outlet the number of a group; null: all of the UPS
 * @see https://networkupstools.org/docs/user-manual.chunked/apcs01.html (outlet.group)
 */
export function scopeOf(outlet: number | null): Scope {
  if (outlet === null) return whole;
  const prefix = `outlet.group.${outlet}.`;
  return {
    prefix,
    delay: `${prefix}delay.shutdown`,
    timer: `${prefix}timer.shutdown`,
    outlets: `its outlets of group ${outlet}`,
  };
}

/** What its countdown has left, seconds; null: none runs. Drivers write -1, 0, all ones or a word while none does. */
export function countdownIn(all: Variables, { timer }: Scope): number | null {
  const value = leadingNumber(all.get(timer) ?? '');
  return value === null ? null : countdown(value);
}

/** The driver says that it feeds them no more. */
export function isOff(all: Variables, scope: Scope): boolean {
  if (scope === whole) return flagsOf(all.get('ups.status') ?? '', undefined).outputOff === true;
  return all.get(`${scope.prefix}status`)?.trim().toLowerCase() === 'off';
}
