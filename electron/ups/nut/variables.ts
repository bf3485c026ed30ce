import { emptyReading, type Reading } from '../../../shared/reading.ts';
import * as plausible from '../hid/plausible.ts';
import { isoDate } from '../net/dates.ts';
import { leadingNumber } from '../net/text.ts';
import { flagsOf } from './status.ts';

export type Variables = ReadonlyMap<string, string>;

type KeysOf<T> = { [K in keyof Reading]: Reading[K] extends T | null ? K : never }[keyof Reading];

/** A variable that an entry of the reading is taken from. The first that is there and plausible gives it. */
interface Row<K extends keyof Reading> {
  name: string;
  feeds: K;
  unit: string;
  read: (text: string, all: Variables) => Reading[K];
}

type AmountKey = Exclude<KeysOf<number>, 'at'>;

function amount(
  name: string,
  feeds: AmountKey,
  unit: string,
  check: (value: number, all: Variables) => number | null,
): Row<AmountKey> {
  const read = (text: string, all: Variables): number | null => {
    const value = leadingNumber(text);
    return value === null ? null : check(value, all);
  };
  return { name, feeds, unit, read };
}

/** Drivers write -1, 0 or all ones while nothing is counted down; a countdown at 0 is over. */
const countdown = (value: number): number | null => (value > 0 ? plausible.seconds(value) : null);

function numberOf(all: Variables, name: string): number | null {
  const text = all.get(name);
  return text === undefined ? null : leadingNumber(text);
}

const batteryVolts = (value: number, all: Variables): number | null =>
  plausible.batteryVolts(value, numberOf(all, 'battery.voltage.nominal'));

/** @see https://networkupstools.org/docs/user-manual.chunked/apcs01.html */
export const amountRows: readonly Row<AmountKey>[] = [
  amount('battery.charge', 'charge', '%', plausible.percentOfCharge),
  amount('battery.runtime', 'runtime', 's', plausible.seconds),
  amount('ups.load', 'load', '%', plausible.percentOfLoad),
  amount('ups.realpower', 'power', 'W', plausible.watts),
  amount('ups.realpower.nominal', 'nominalPower', 'W', plausible.watts),
  amount('input.voltage', 'inputVoltage', 'V', plausible.mainsVolts),
  amount('output.voltage', 'outputVoltage', 'V', plausible.mainsVolts),
  amount('battery.voltage', 'batteryVoltage', 'V', batteryVolts),
  amount('battery.voltage.nominal', 'nominalBatteryVoltage', 'V', (value) => plausible.batteryVolts(value, null)),
  amount('input.frequency', 'inputFrequency', 'Hz', plausible.hertz),
  amount('ups.temperature', 'temperature', '°C', plausible.celsius),
  amount('battery.temperature', 'temperature', '°C', plausible.celsius),
  amount('battery.charge.low', 'lowCharge', '%', plausible.percentOfCharge),
  amount('battery.runtime.low', 'lowRuntime', 's', plausible.seconds),
  amount('ups.timer.shutdown', 'offIn', 's', countdown),
  amount('ups.timer.start', 'onIn', 's', countdown),
];

type DateKey = 'manufactureDate' | 'batteryDate';

export const dateRows: readonly Row<DateKey>[] = [
  { name: 'ups.mfr.date', feeds: 'manufactureDate', unit: '', read: isoDate },
  { name: 'battery.date', feeds: 'batteryDate', unit: '', read: isoDate },
  { name: 'battery.mfr.date', feeds: 'batteryDate', unit: '', read: isoDate },
];

export const testResultRow: Row<'testResult'> = {
  name: 'ups.test.result',
  feeds: 'testResult',
  unit: '',
  read: testResult,
};

export const beeperRow: Row<'beeper'> = { name: 'ups.beeper.status', feeds: 'beeper', unit: '', read: beeper };

/** Drivers have words of their own: "Done and passed", "No test initiated", "In progress", apcsmart's "OK". */
function testResult(text: string): Reading['testResult'] {
  const words = text.toLowerCase();
  if (/no test|^none|never/.test(words)) return 'none';
  if (/progress|running/.test(words)) return 'running';
  if (/abort|cancel/.test(words)) return 'aborted';
  if (/fail|error|bad|low|\bng\b/.test(words)) return 'failed';
  if (/warn/.test(words)) return 'warning';
  return /pass|^ok\b|good/.test(words) ? 'passed' : null;
}

function beeper(text: string): Reading['beeper'] {
  const word = text.trim().toLowerCase();
  return word === 'enabled' || word === 'disabled' || word === 'muted' ? word : null;
}

/** What the variables say together. A wrong number is null. */
export function readingOf(upsId: string, at: number, all: Variables): Reading {
  const reading: Reading = {
    ...emptyReading(upsId, at),
    ...flagsOf(all.get('ups.status') ?? '', all.get('input.voltage')),
  };
  for (const { name, feeds, read } of amountRows) reading[feeds] ??= from(all, name, read);
  for (const { name, feeds, read } of dateRows) reading[feeds] ??= from(all, name, read);
  reading.testResult = from(all, testResultRow.name, testResultRow.read);
  reading.beeper = from(all, beeperRow.name, beeperRow.read);
  return reading;
}

function from<T>(all: Variables, name: string, read: (text: string, all: Variables) => T | null): T | null {
  const text = all.get(name);
  return text === undefined ? null : read(text, all);
}
