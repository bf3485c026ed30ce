import { assertNever } from '../../shared/assert-never.ts';
import type { PowerEvent } from '../../shared/history.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';

/** The sign before an event; its sentence says it all. */
export function eventLook(kind: PowerEvent['kind']): { icon: IconName; tone: Tone } {
  switch (kind) {
    case 'power-lost':
      return { icon: 'battery', tone: 'warn' };
    case 'power-back':
      return { icon: 'plug', tone: 'good' };
    case 'battery-low':
      return { icon: 'battery-low', tone: 'bad' };
    case 'contact-lost':
      return { icon: 'question', tone: 'warn' };
    case 'contact-back':
      return { icon: 'check', tone: 'good' };
    case 'replace-battery':
      return { icon: 'alert', tone: 'warn' };
    case 'overload':
    case 'bypass':
    case 'output-off':
    case 'forced-shutdown':
      return { icon: 'alert', tone: 'bad' };
    case 'test-started':
    case 'test-ended':
      return { icon: 'gauge', tone: 'calm' };
    case 'command-sent':
      return { icon: 'terminal', tone: 'calm' };
    default:
      return assertNever(kind, 'power event');
  }
}
