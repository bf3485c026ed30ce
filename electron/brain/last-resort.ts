import type { PowerView } from '../../shared/view.ts';
import type { Clock } from '../core/ports.ts';

/** Ms: a UPS needs some seconds to be found, and a cable that is plugged in anew is no reason to read it twice. */
const patience = 30_000;

/**
 * Gives the function that says whether the operating system's own view of its battery is needed: only when no UPS has
 * been read over USB for half a minute. To be called every few seconds.
 */
export function lastResort(clock: Pick<Clock, 'monotonic'>, powers: () => readonly PowerView[]): () => boolean {
  let heardMono = clock.monotonic();
  return () => {
    const mono = clock.monotonic();
    if (powers().some(({ ups, state }) => ups.source === 'hid' && state !== 'lost-contact')) heardMono = mono;
    return mono - heardMono >= patience;
  };
}
