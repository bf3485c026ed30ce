import { cutsPower, type Delay, type Offer, upsCommandSchema } from '../../../shared/ups-command.ts';
import { leadingNumber } from '../net/text.ts';
import type { Variables } from './variables.ts';

/** Seconds from a shutdown command to the outlets being off: a setting of the driver. */
export const delayVariable = 'ups.delay.shutdown';
const longestDelay = 7 * 86_400;

/** The delay that the driver keeps now, seconds; null: it does not say. */
export function delayOf(all: Variables): number | null {
  const value = leadingNumber(all.get(delayVariable) ?? '');
  return value !== null && Number.isInteger(value) && value >= 0 && value <= longestDelay ? value : null;
}

/** @param writable the variables that can be set */
export function offersOf(commands: readonly string[], all: Variables, writable: ReadonlySet<string>): Offer[] {
  const known = commands.flatMap((command) => upsCommandSchema.safeParse(command).data ?? []);
  return [...new Set(known)].map((command) => {
    if (!cutsPower(command)) return { command, delay: null, note: '' };
    const now = delayOf(all);
    if (now === null) return { command, delay: null, note: 'The server does not say after how long it switches off.' };
    const settable = writable.has(delayVariable);
    const delay: Delay = settable
      ? { kind: 'steps', min: 0, max: longestDelay, step: 1, round: 'up' }
      : { kind: 'choices', seconds: [now] };
    const note = settable
      ? 'The delay is set in the driver, which may pass it on rounded.'
      : 'The delay is fixed in the ups.conf of the server.';
    return { command, delay, note };
  });
}
