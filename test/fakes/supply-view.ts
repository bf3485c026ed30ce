import type { Reading } from '../../shared/reading.ts';
import type { PowerView } from '../../shared/view.ts';
import { reading, ups } from './rack-samples.ts';

/** A UPS on mains, as the engine shows it. */
export function supply(id: string, patch: Partial<Reading> = {}): PowerView {
  const told = { ...reading({ acPresent: true, charge: 100, runtime: 1200, load: 40, ...patch }), upsId: id };
  return {
    ups: { ...ups, id, name: id },
    state: 'mains',
    since: 0,
    onBatterySince: null,
    reading: told,
    runtimeLeft: told.runtime,
    runtimeFrom: told.runtime === null ? 'unknown' : 'reported',
    runtimeDoubt: null,
    fault: null,
    sentence: '',
  };
}
