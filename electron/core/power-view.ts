import type { Reading } from '../../shared/reading.ts';
import type { PowerState, PowerView } from '../../shared/view.ts';
import { duration } from '../../shared/words.ts';
import { isForced } from './failing.ts';
import { type Moment, type Monitored, powerState, silentFor } from './monitor.ts';
import { runtimeLeft } from './runtime.ts';

export function powerView(one: Monitored, at: Moment): PowerView {
  const state = powerState(one, at);
  const left = runtimeLeft(one, at);
  return {
    ups: one.ups,
    state,
    // Contact was lost when it was heard last, whatever it said then.
    since: state === 'lost-contact' ? one.heardAt : one.since,
    onBatterySince: one.onBatterySince,
    reading: one.reading,
    runtimeLeft: left.seconds,
    runtimeFrom: left.from,
    runtimeDoubt: left.doubt,
    fault: one.fault,
    sentence: sentence(one, state, left.seconds, at),
  };
}

function sentence(one: Monitored, state: PowerState, left: number | null, at: Moment): string {
  if (state === 'lost-contact') return withoutContact(one, left, at);
  if (state === 'unknown') return 'The UPS has not said yet where the power comes from';
  const { reading } = one;
  const charge = typeof reading?.charge === 'number' ? `, ${Math.round(reading.charge)} %` : '';
  const time = left === null ? '' : `, ${duration(left)} left`;
  const besides = remarks(one, reading, at).map((remark) => `; ${remark}`);
  return `${words[state]}${isCharging(reading) ? ', charging' : ''}${charge}${time}${besides.join('')}`;
}

const words = { mains: 'On mains', battery: 'On battery', low: 'Battery low' };

/** Some say "charging" and "full" at once: full is what counts. */
const isCharging = (reading: Reading | null): boolean =>
  reading?.acPresent === true && reading.charging === true && reading.fullyCharged !== true;

function remarks(one: Monitored, reading: Reading | null, at: Moment): string[] {
  const found: string[] = [];
  if (isForced(one, at)) found.push('everybody was told to shut down');
  if (reading?.outputOff === true) found.push('its outlets are off');
  if (reading?.bypass === true) found.push('on bypass, so nothing protects the load');
  if (reading?.overload === true) found.push('overloaded');
  const discharges = reading?.acPresent === true && reading.discharging === true;
  if (one.confirmed === 'mains' && (reading?.testing === true || discharges)) found.push('testing its battery');
  if (reading?.batteryPresent === false) found.push('no battery in it');
  else if (reading?.needReplacement === true) found.push('its battery must be replaced');
  return found;
}

function withoutContact(one: Monitored, left: number | null, at: Moment): string {
  if (one.unseen) return `${one.ups.name} has not been seen since Glidepath started`;
  const silence = `No answer from the UPS for ${duration(silentFor(one, at) / 1000)}`;
  if (one.confirmed === 'battery') {
    return `${silence}; it was on battery${left === null ? '' : `, ${duration(left)} left`}`;
  }
  return one.said === 'battery'
    ? `${silence}; its last report spoke of battery, and nothing has confirmed that`
    : silence;
}
