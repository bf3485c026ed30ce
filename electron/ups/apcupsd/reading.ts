import { type Detail, emptyReading, type Reading } from '../../../shared/reading.ts';
import * as plausible from '../hid/plausible.ts';
import { isoDate } from '../net/dates.ts';
import { leadingNumber, shown } from '../net/text.ts';
import { flagOf, type Status } from './status.ts';

interface AmountRow {
  key: string;
  feeds:
    | 'charge'
    | 'runtime'
    | 'load'
    | 'nominalPower'
    | 'inputVoltage'
    | 'outputVoltage'
    | 'batteryVoltage'
    | 'nominalBatteryVoltage'
    | 'inputFrequency'
    | 'temperature'
    | 'lowCharge'
    | 'lowRuntime';
  read: (value: number, status: Status) => number | null;
}

const minutes = (value: number): number | null => plausible.seconds(Math.round(value * 60));

const batteryVolts = (value: number, status: Status): number | null =>
  plausible.batteryVolts(value, leadingNumber(status.get('NOMBATTV') ?? ''));

/** @see http://www.apcupsd.org/manual/manual.html#status-report-fields */
const amountRows: readonly AmountRow[] = [
  { key: 'BCHARGE', feeds: 'charge', read: plausible.percentOfCharge },
  { key: 'TIMELEFT', feeds: 'runtime', read: minutes },
  { key: 'LOADPCT', feeds: 'load', read: plausible.percentOfLoad },
  { key: 'NOMPOWER', feeds: 'nominalPower', read: plausible.watts },
  { key: 'LINEV', feeds: 'inputVoltage', read: plausible.mainsVolts },
  { key: 'OUTPUTV', feeds: 'outputVoltage', read: plausible.mainsVolts },
  { key: 'BATTV', feeds: 'batteryVoltage', read: batteryVolts },
  { key: 'NOMBATTV', feeds: 'nominalBatteryVoltage', read: (value) => plausible.batteryVolts(value, null) },
  { key: 'LINEFREQ', feeds: 'inputFrequency', read: plausible.hertz },
  { key: 'ITEMP', feeds: 'temperature', read: plausible.celsius },
  { key: 'MBATTCHG', feeds: 'lowCharge', read: plausible.percentOfCharge },
  // The UPS's own limit, where it tells one; else the one at which apcupsd acts.
  { key: 'DLOWBATT', feeds: 'lowRuntime', read: minutes },
  { key: 'MINTIMEL', feeds: 'lowRuntime', read: minutes },
];

const dateRows = [
  { key: 'MANDATE', feeds: 'manufactureDate' },
  { key: 'BATTDATE', feeds: 'batteryDate' },
] as const;

const testResults: ReadonlyMap<string, Reading['testResult']> = new Map([
  ['OK', 'passed'],
  ['WN', 'warning'],
  ['NG', 'failed'],
  ['BT', 'failed'],
  ['IP', 'running'],
  ['NO', 'none'],
] as const);

export function readingOf(upsId: string, at: number, status: Status): Reading {
  const reading: Reading = { ...emptyReading(upsId, at), ...flags(status) };
  for (const { key, feeds, read } of amountRows) {
    const value = leadingNumber(status.get(key) ?? '');
    if (value !== null) reading[feeds] ??= read(value, status);
  }
  for (const { key, feeds } of dateRows) reading[feeds] = isoDate(status.get(key) ?? '');
  reading.testResult = testResults.get(status.get('SELFTEST') ?? '') ?? null;
  reading.beeper = beeper(status.get('ALARMDEL') ?? '');
  return reading;
}

type Flags = Pick<
  Reading,
  | 'acPresent'
  | 'discharging'
  | 'belowCapacityLimit'
  | 'forcedShutdown'
  | 'needReplacement'
  | 'batteryPresent'
  | 'overload'
  | 'testing'
>;

/** A calibration runs on battery with the mains there: it is an outage only if the input has no voltage. */
function flags(status: Status): Flags {
  const [online, battery] = [flagOf(status, 'ONLINE') === true, flagOf(status, 'ONBATT') === true];
  const told = online || battery;
  const known = (flag: boolean | null): boolean | null => (flag || told ? flag : null);
  const testing = known(flagOf(status, 'CAL') === true || status.get('SELFTEST') === 'IP');
  const dead = leadingNumber(status.get('LINEV') ?? '') === 0;
  const onBattery = battery && !online && (testing !== true || dead);
  return {
    acPresent: onBattery ? false : online && !battery ? true : null,
    discharging: told ? battery : null,
    belowCapacityLimit: known(flagOf(status, 'LOWBATT')),
    // Once said it is said until apcupsd is started again, also when the mains are long back.
    forcedShutdown: known(flagOf(status, 'SHUTDOWN') === true && !online),
    needReplacement: known(flagOf(status, 'REPLACEBATT')),
    batteryPresent: known(flagOf(status, 'BATTPRESENT')),
    overload: known(flagOf(status, 'OVERLOAD')),
    testing,
  };
}

function beeper(delay: string): Reading['beeper'] {
  if (/^no alarm/i.test(delay)) return 'disabled';
  return /^(\d+ seconds|always|low battery)/i.test(delay) ? 'enabled' : null;
}

/** Every line of the status, and which entry of the reading it gives. */
export function detailsOf(upsId: string, at: number, status: Status): Detail[] {
  const reading = readingOf(upsId, at, status);
  return [...status].map(([key, text]) => {
    const raw = shown(text, 300);
    const row = [...amountRows, ...dateRows].find((one) => one.key === key);
    const common = { name: key, place: '', raw, value: raw };
    if (!row) return { ...common, feeds: key === 'STATFLAG' ? 'acPresent' : null, repair: '' };
    const used = reading[row.feeds] !== null;
    return { ...common, feeds: used ? row.feeds : null, repair: used ? '' : 'Not used: no such value can be true.' };
  });
}
