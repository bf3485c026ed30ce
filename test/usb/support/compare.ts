import type { Reading, Ups } from '../../../shared/reading.ts';

/** One value as NUT has it and as we have it. */
export interface Compared {
  name: string;
  nut: string;
  ours: string;
  agrees: boolean;
}

type Variables = Readonly<Record<string, string>>;
type Amount = 'charge' | 'runtime' | 'load' | 'nominalPower' | 'temperature' | 'lowCharge' | 'lowRuntime';
type Volts = 'inputVoltage' | 'outputVoltage' | 'batteryVoltage' | 'nominalBatteryVoltage';

/** NUT's names: https://networkupstools.org/docs/developer-guide.chunked/apas02.html */
const amounts: Readonly<Record<string, Amount | Volts>> = {
  'battery.charge': 'charge',
  'battery.charge.low': 'lowCharge',
  'battery.runtime': 'runtime',
  'battery.runtime.low': 'lowRuntime',
  'battery.temperature': 'temperature',
  'battery.voltage': 'batteryVoltage',
  'battery.voltage.nominal': 'nominalBatteryVoltage',
  'input.voltage': 'inputVoltage',
  'output.voltage': 'outputVoltage',
  'ups.load': 'load',
  'ups.realpower.nominal': 'nominalPower',
};

/** NUT says -1 while nothing is counted down. */
const countdowns = { 'ups.timer.shutdown': 'offIn', 'ups.timer.start': 'onIn' } as const;

/** Words of usbhid-ups. @see https://github.com/networkupstools/nut/blob/v2.8.0/drivers/usbhid-ups.c */
const testResults: Readonly<Record<string, Reading['testResult']>> = {
  'Done and passed': 'passed',
  'Done and warning': 'warning',
  'Done and error': 'failed',
  Aborted: 'aborted',
  'In progress': 'running',
  'No test initiated': 'none',
};

/** @see https://networkupstools.org/docs/developer-guide.chunked/ar01s04.html#_status_data */
const flags: Readonly<Record<string, (reading: Reading) => boolean | null>> = {
  OL: ({ acPresent }) => acPresent,
  OB: ({ acPresent }) => (acPresent === null ? null : !acPresent),
  LB: ({ belowCapacityLimit, timeLimitExpired, shutdownImminent }) =>
    any(belowCapacityLimit, timeLimitExpired, shutdownImminent),
  CHRG: ({ charging }) => charging,
  DISCHRG: ({ discharging }) => discharging,
  RB: ({ needReplacement }) => needReplacement,
  OVER: ({ overload }) => overload,
};

const any = (...values: (boolean | null)[]) => (values.includes(null) ? null : values.includes(true));

/**
 * All values that both can have, one by one. A value that one of them lacks is a disagreement, as everything here is
 * told by the emulated UPS. Numbers agree when NUT's is ours rounded as NUT rounds it.
 */
export function compare(ups: Ups, reading: Reading, nut: Variables): Compared[] {
  const told = (name: string) => nut[name] ?? 'missing';
  const row = (name: string, ours: string, agrees: boolean): Compared => ({ name, nut: told(name), ours, agrees });
  const text = (name: string, ours: string | null, asOurs: string | null | undefined) =>
    row(name, String(ours), ours !== null && ours === asOurs);
  return [
    ...Object.entries(amounts).map(([name, key]) => row(name, String(reading[key]), rounded(told(name), reading[key]))),
    ...Object.entries(countdowns).map(([name, key]) =>
      row(name, String(reading[key]), rounded(told(name), reading[key] ?? -1)),
    ),
    text('ups.test.result', reading.testResult, testResults[told('ups.test.result')]),
    text('ups.beeper.status', reading.beeper, told('ups.beeper.status')),
    text('ups.mfr.date', reading.manufactureDate, told('ups.mfr.date').replaceAll('/', '-')),
    text('battery.mfr.date', reading.batteryDate, told('battery.mfr.date').replaceAll('/', '-')),
    text('ups.model', ups.name, told('ups.model')),
    text('ups.mfr', ups.manufacturer, told('ups.mfr')),
    text('ups.firmware', ups.firmware, `${told('ups.firmware')}, USB ${told('ups.firmware.aux')}`),
    ...Object.entries(flags).map(([name, of]) => flag(name, of(reading), nut['ups.status'])),
  ];
}

function flag(name: string, ours: boolean | null, status: string | undefined): Compared {
  const nut = status?.split(' ').includes(name);
  return { name: `ups.status ${name}`, nut: String(nut ?? 'missing'), ours: String(ours), agrees: nut === ours };
}

function rounded(nut: string, ours: number | null): boolean {
  const decimals = /^-?\d+(?:\.(\d+))?$/.exec(nut)?.[1]?.length ?? (/^-?\d+$/.test(nut) ? 0 : null);
  if (decimals === null || ours === null) return false;
  return Math.abs(Number(nut) - ours) <= 0.5 * 10 ** -decimals + 1e-9;
}

export const disagreeing = (compared: readonly Compared[]): string[] =>
  compared.filter(({ agrees }) => !agrees).map(({ name }) => name);

/** For people. */
export const differences = (compared: readonly Compared[]): string[] =>
  compared.filter(({ agrees }) => !agrees).map(({ name, nut, ours }) => `${name}: NUT ${nut}, ours ${ours}`);
