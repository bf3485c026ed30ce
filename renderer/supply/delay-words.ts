import { type Delay, realDelay } from '../../shared/ups-command.ts';
import { duration } from '../parts/format.ts';

const longest = 7 * 86_400;

/** Whole seconds, 0 to 7 days, as an order takes them; null: it is not one. */
export function parseDelay(text: string): number | null {
  if (!/^\s*\d{1,6}\s*$/.test(text)) return null;
  const seconds = Number(text);
  return seconds <= longest ? seconds : null;
}

/** What the device makes of a delay, seconds: the one that is shown before anything is sent. */
export function delayWords(delay: Delay, wanted: number): string {
  const real = realDelay(delay, wanted);
  if (real === wanted) return `It will be ${duration(real)}.`;
  return `${why(delay, wanted)}: it will be ${duration(real)}.`;
}

function why(delay: Delay, wanted: number): string {
  if (delay.kind === 'choices') return `This UPS knows only ${delay.seconds.map((each) => duration(each)).join(', ')}`;
  if (wanted < delay.min) return `This UPS waits ${duration(delay.min)} at least`;
  if (wanted > delay.max) return `This UPS waits ${duration(delay.max)} at most`;
  return `This UPS rounds ${delay.round} to ${duration(delay.step)}`;
}

const usual = 120;

/** What stands in the field at first: time to leave, in a form that the device keeps. */
export const firstDelay = (delay: Delay): number => realDelay(delay, usual);
