import type { PowerView } from '../../shared/view.ts';
import { duration, measured, notReported } from '../parts/format.ts';

interface Row {
  label: string;
  value: string;
  isKnown: boolean;
}

/** What the UPS says, in the order in which one asks. What it does not say is "not reported", never 0. */
export function readingRows(power: PowerView): Row[] {
  const { reading } = power;
  const row = (label: string, value: string): Row => ({ label, value, isKnown: value !== notReported });
  const rows = [
    row('Runtime', runtimeWords(power)),
    row('Load', withPower(reading?.load ?? null, reading?.power ?? null)),
    row(
      'Input',
      pairOf(measured(reading?.inputVoltage ?? null, 'V'), measured(reading?.inputFrequency ?? null, 'Hz', 1)),
    ),
    row('Output', measured(reading?.outputVoltage ?? null, 'V')),
    row('Battery', measured(reading?.batteryVoltage ?? null, 'V', 1)),
    row('Temperature', measured(reading?.temperature ?? null, '°C')),
  ];
  const signs = [
    reading?.needReplacement === true && 'battery wants replacing',
    reading?.overload === true && 'overloaded',
    reading?.testing === true && 'testing itself',
    reading?.batteryPresent === false && 'no battery',
    reading?.charging === true && 'charging',
  ].filter((sign) => sign !== false);
  return signs.length > 0 ? [...rows, row('It says', signs.join(', '))] : rows;
}

function runtimeWords(power: PowerView): string {
  if (power.runtimeLeft === null) return notReported;
  return power.runtimeFrom === 'counted-down'
    ? `${duration(power.runtimeLeft)}, counted down here`
    : duration(power.runtimeLeft);
}

function withPower(load: number | null, power: number | null): string {
  if (load === null) return measured(power, 'W');
  return power === null ? measured(load, '%') : `${measured(load, '%')}, ${measured(power, 'W')}`;
}

function pairOf(volts: string, hertz: string): string {
  if (volts === notReported) return hertz;
  return hertz === notReported ? volts : `${volts}, ${hertz}`;
}
