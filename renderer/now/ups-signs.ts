import type { Reading } from '../../shared/reading.ts';
import { duration } from '../parts/format.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';

export interface Sign {
  icon: IconName;
  words: string;
  tone: Tone;
}

/** What a UPS says of itself beside its numbers, worst first. What it does not say is no sign. */
export function upsSigns(reading: Reading | null): Sign[] {
  if (!reading) return [];
  const bad = (words: string): Sign => ({ icon: 'alert', words, tone: 'bad' });
  const warn = (words: string): Sign => ({ icon: 'alert', words, tone: 'warn' });
  const calm = (words: string, icon: IconName = 'clock'): Sign => ({ icon, words, tone: 'calm' });
  const signs: (Sign | false)[] = [
    reading.forcedShutdown === true && bad('Its server tells everybody to shut down'),
    reading.shutdownImminent === true && bad('About to switch off'),
    reading.offIn !== null && bad(`Outlets off in ${duration(reading.offIn)}`),
    reading.outputOff === true && bad('Outlets are off'),
    reading.overload === true && bad('Overloaded'),
    reading.batteryPresent === false && bad('No battery'),
    reading.bypass === true && bad('On bypass: the battery would not take over'),
    reading.testResult === 'failed' && bad('Self-test failed'),
    reading.needReplacement === true && warn('Battery wants replacing'),
    reading.testing === true && calm('Self-test or calibration is running'),
    reading.onIn !== null && calm(`Outlets on in ${duration(reading.onIn)}`),
    reading.charging === true && calm('Charging', 'battery'),
  ];
  return signs.filter((sign) => sign !== false);
}
