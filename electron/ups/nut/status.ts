import type { Reading } from '../../../shared/reading.ts';
import { mainsVolts } from '../hid/plausible.ts';
import { leadingNumber } from '../net/text.ts';

type Flags = Pick<
  Reading,
  | 'acPresent'
  | 'charging'
  | 'discharging'
  | 'fullyCharged'
  | 'belowCapacityLimit'
  | 'forcedShutdown'
  | 'needReplacement'
  | 'overload'
  | 'testing'
  | 'bypass'
  | 'outputOff'
>;

/**
 * What `ups.status` says. Flags that stand there are true; a flag that is missing is false only when the driver has said
 * where the power comes from (OL or OB, and not both), and never for the mains themselves.
 * @param inputVoltage `input.voltage`, if the UPS has it
 * @see https://www.rfc-editor.org/rfc/rfc9271#section-5.1
 */
export function flagsOf(status: string, inputVoltage: string | undefined): Flags {
  const words = new Set(status.split(/\s+/));
  const [online, battery] = [words.has('OL'), words.has('OB')];
  // Both at once is no answer.
  const told = online !== battery;
  const flag = (...any: string[]): boolean | null => (any.some((word) => words.has(word)) ? true : told ? false : null);
  const testing = flag('CAL', 'TEST');
  return {
    acPresent: mains(online, battery, testing === true, inputVoltage),
    charging: words.has('CHRG') ? true : words.has('DISCHRG') || (told && battery) ? false : null,
    discharging: words.has('DISCHRG') || (told && battery) ? true : words.has('CHRG') || told ? false : null,
    fullyCharged: words.has('HB') ? true : null,
    belowCapacityLimit: flag('LB'),
    forcedShutdown: flag('FSD'),
    needReplacement: flag('RB'),
    overload: flag('OVER'),
    testing,
    bypass: flag('BYPASS'),
    outputOff: flag('OFF'),
  };
}

/** Both at once is no answer. On battery in a test is an outage only if the input says so: a test runs on battery too. */
function mains(online: boolean, battery: boolean, testing: boolean, inputVoltage: string | undefined): boolean | null {
  if (online) return battery ? null : true;
  if (!battery) return null;
  if (!testing) return false;
  const volts = inputVoltage === undefined ? null : leadingNumber(inputVoltage);
  return volts !== null && mainsVolts(volts) === 0 ? false : null;
}
