import type { Reading } from '../../shared/reading.ts';
import type { PowerView } from '../../shared/view.ts';
import { day, duration, measured, notReported } from '../parts/format.ts';
import { runtimeSource } from './runtime-words.ts';

interface Row {
  label: string;
  value: string;
  isKnown: boolean;
  /** Where the value comes from, if that is not the UPS's own word. */
  note: string | null;
}

/**
 * What the UPS says, in the order in which one asks. What it does not say is "not reported", never 0.
 * @param testedAt when its last self-test ended, as far as the events go back; ms since the epoch
 */
export function readingRows(power: PowerView, testedAt: number | null): Row[] {
  const { reading } = power;
  const row = (label: string, value: string, note: string | null = null): Row => ({
    label,
    value,
    isKnown: value !== notReported,
    note,
  });
  const runtime = row(
    'Runtime',
    power.runtimeLeft === null ? notReported : duration(power.runtimeLeft),
    power.runtimeLeft === null ? null : runtimeSource(power.runtimeFrom),
  );
  // Nothing is said at all: that stands above, once.
  if (!reading) return [runtime];
  return [
    runtime,
    row('Load', withPower(reading.load, reading.power)),
    row('Input', pairOf(measured(reading.inputVoltage, 'V'), measured(reading.inputFrequency, 'Hz', 1))),
    row('Output', measured(reading.outputVoltage, 'V')),
    row('Battery', measured(reading.batteryVoltage, 'V', 1)),
    row('Battery from', reading.batteryDate ? dayOf(reading.batteryDate) : notReported),
    row('Self-test', testWords(reading.testResult, testedAt)),
    row('Temperature', measured(reading.temperature, '°C')),
  ];
}

function testWords(result: Reading['testResult'], testedAt: number | null): string {
  if (result === null) return notReported;
  if (result === 'none') return 'none yet';
  return testedAt === null || result === 'running' ? result : `${result}, ${day(testedAt)}`;
}

/** A date without a time means that day here, not in Greenwich. */
const dayOf = (date: string): string => day(new Date(`${date}T12:00`).getTime());

function withPower(load: number | null, power: number | null): string {
  if (load === null) return measured(power, 'W');
  return power === null ? measured(load, '%') : `${measured(load, '%')}, ${measured(power, 'W')}`;
}

function pairOf(volts: string, hertz: string): string {
  if (volts === notReported) return hertz;
  return hertz === notReported ? volts : `${volts}, ${hertz}`;
}
