import type { Reading } from '../../shared/reading.ts';
import { duration } from '../../shared/words.ts';

/** "on mains, charge 100 %, 60 min left, load 20 %": one reading for one line; what is not known is left out. */
export function stateWords(reading: Reading): string {
  const { charge, runtime, load } = reading;
  return [
    powerWord(reading),
    ...warnings(reading),
    ...(charge === null ? [] : [`charge ${percent(charge)}`]),
    ...(runtime === null ? [] : [`${duration(runtime)} left`]),
    ...(load === null ? [] : [`load ${percent(load)}`]),
  ].join(', ');
}

/** As the device says it in this one reading; the application believes only what is confirmed. */
function powerWord({ acPresent, discharging }: Reading): string {
  if (acPresent === true) return 'on mains';
  if (acPresent === false || discharging === true) return 'on battery';
  return 'power state unknown';
}

function warnings(reading: Reading): string[] {
  const low = reading.belowCapacityLimit === true || reading.timeLimitExpired === true;
  return [
    ...(reading.forcedShutdown === true ? ['forced shutdown'] : []),
    ...(low || reading.shutdownImminent === true ? ['low battery'] : []),
    ...(reading.testing === true ? ['testing'] : []),
    ...(reading.bypass === true ? ['bypass'] : []),
    ...(reading.outputOff === true ? ['outlets off'] : []),
    ...(reading.overload === true ? ['overload'] : []),
    ...(reading.needReplacement === true ? ['replace battery'] : []),
    ...(reading.batteryPresent === false ? ['no battery'] : []),
  ];
}

/** At most one decimal. */
export const percent = (value: number): string => `${Math.round(value * 10) / 10} %`;

export const volts = (value: number): string => `${Math.round(value * 10) / 10} V`;
