import type { Detail, Reading } from '../../shared/reading.ts';
import type { Countdown } from './ports.ts';

/**
 * By these a UPS shows its countdown, running or not: NUT's variable, and the HID usages of which a running one feeds
 * `offIn` wherever it stands. APC's own usage is left out: on some units it is a setting.
 * @see https://networkupstools.org/docs/user-manual.chunked/apcs01.html (ups.timer.shutdown)
 * @see https://www.usb.org/sites/default/files/pdcv11.pdf (DelayBeforeShutdown: negative while none runs)
 */
const shownBy = /^ups\.timer\.shutdown$|\.(PowerSummary|Output)\.DelayBeforeShutdown$/;

/** What the UPS shows of its outlets, by all that it told just now. */
export function countdownOf(details: readonly Detail[], reading: Reading | null): Countdown {
  if (details.some(({ feeds }) => feeds?.split(', ').includes('offIn')))
    return { state: 'counting', seconds: reading?.offIn ?? null };
  if (reading?.outputOff === true) return { state: 'off' };
  return { state: details.some(({ name, raw }) => shownBy.test(name) && raw !== '') ? 'none' : 'not-told' };
}

/** Seconds: no UPS counts for longer than a week. */
const mostSeconds = 7 * 86_400;

/**
 * What the UPS shows of one group of its outlets, by NUT's names, the only ones under which groups are known here.
 * Where none runs, drivers write -1, all ones or a word.
 * @see https://github.com/networkupstools/nut/blob/master/drivers/apc_modbus.c (NotActive, outlet.group.N.status)
 */
export function groupCountdownOf(details: readonly Detail[], outlet: number): Countdown {
  const told = (what: string): string =>
    details.find(({ name }) => name === `outlet.group.${outlet}.${what}`)?.raw ?? '';
  const timer = told('timer.shutdown');
  const seconds = Number.parseFloat(timer);
  if (seconds > 0 && seconds <= mostSeconds && seconds !== 0xffff) return { state: 'counting', seconds };
  if (told('status').toLowerCase() === 'off') return { state: 'off' };
  return { state: timer === '' ? 'not-told' : 'none' };
}
