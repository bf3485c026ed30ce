import type { HidField } from '../report-descriptor.ts';
import { type Place, writableAt } from './places.ts';
import type { Device, Recipe } from './recipe.ts';
import { paired, standard, timer as timerOf } from './standard.ts';
import { hasNone, singleReturn, stopRecipe, type Timer } from './switching.ts';

/** In the order in which NUT and apcupsd try them: most, Smart-UPS in racks, Back-UPS ES. */
const pairs: readonly (readonly [Place, Place])[] = [
  ['PowerSummary.DelayBeforeShutdown', 'PowerSummary.DelayBeforeStartup'],
  ['Output.DelayBeforeShutdown', 'Output.DelayBeforeStartup'],
];
const backUps: readonly [Place, Place] = [
  'APCGeneralCollection.APCDelayBeforeShutdown',
  'APCGeneralCollection.APCDelayBeforeStartup',
];
const offPlaces = ['PowerSummary.DelayBeforeShutdown', 'Output.DelayBeforeShutdown'] as const;
const rebootPlaces = ['PowerSummary.DelayBeforeReboot', 'Output.DelayBeforeReboot'] as const;

/**
 * APC has four ways, by age and line. A bare DelayBeforeShutdown is off for good: only the button brings it back. The
 * vendor's pair of a Back-UPS ES hibernates: it comes back with the mains. DelayBeforeReboot hibernates too, unlike in the
 * specification, and is rounded up to 90 s. APCDelayBeforeReboot (0xff86007c) is left alone: NUT and apcupsd disagree
 * about what it does.
 * @see https://github.com/therealbstern/apcupsd src/drivers/usb/usb.c
 * @see https://github.com/networkupstools/nut/issues/1304
 */
export function apcSwitching({ fields }: Device): Recipe[] {
  for (const [off, on] of pairs) {
    const both = [timer(writableAt(fields, off)), timer(writableAt(fields, on))] as const;
    if (both[0] && both[1]) return paired(both[0], both[1], standard);
  }
  const bare = timer(writableAt(fields, ...offPlaces));
  const stayoff = paired(bare, null, standard).filter(({ command }) => command === 'shutdown.stayoff');
  const hibernate = timer(writableAt(fields, backUps[0]));
  const wake = timer(writableAt(fields, backUps[1]));
  if (hibernate && wake) {
    const back = paired(hibernate, wake, { ...standard, least: 60, gap: 60 });
    const stop = stopRecipe([hibernate, ...(bare ? [bare] : [])]);
    return [...back.filter(({ command }) => command === 'shutdown.return'), ...stayoff, stop];
  }
  const reboot = timer(writableAt(fields, ...rebootPlaces));
  const timers = [bare, reboot].flatMap((each) => each ?? []);
  if (timers.length === 0) return [];
  return [...(reboot ? [rebooting(reboot)] : []), ...stayoff, stopRecipe(timers)];
}

/** Those of 32 bits have limits that cannot be meant: they are signed. @see https://github.com/networkupstools/nut/issues/1429 */
function timer(field: HidField | null): Timer | null {
  const found = timerOf(field?.size === 32 ? { ...field, logicalMin: -1, logicalMax: 2 ** 31 - 1 } : field);
  return found && hasNone(found) ? found : null;
}

function rebooting(reboot: Timer): Recipe {
  const max = Math.floor(reboot.code.longest / 90) * 90;
  return singleReturn(reboot, { kind: 'steps', min: 90, max, step: 90, round: 'up' }, '');
}
