import type { Reading } from '../../../shared/reading.ts';
import { decimalDigitsDate, packedDate } from './dates.ts';
import { inBypassInput, inMainsInput, notUnder, rank, under, underFirst } from './places.ts';
import * as plausible from './plausible.ts';
import type { AmountKey, DateKey, FlagKey, ReadingKey, WordKey } from './reading-keys.ts';
import type { HidField } from './report-descriptor.ts';
import { unitCode } from './unit-codes.ts';
import { usage } from './usages.ts';

/** A repaired value, and what else has to be known to judge it. */
export interface Told {
  raw: number;
  /** SI units, percent, or a bare number. */
  value: number;
  field: HidField;
  /** Its Config twin, in the same collection. */
  nominal: number | null;
  /** What 100 % of the battery are where the device counts capacity in something else; null: it counts in percent. */
  whole: number | null;
}

/** Which fields can give one entry of a reading, and how. */
export interface Rule<T> {
  usages: readonly number[];
  /** Smaller is better; null: not this one. */
  rank: (field: HidField) => number | null;
  /** Null when it cannot be true. */
  from: (told: Told) => T | null;
  /** True as soon as one of several says so, not what the best of them says. */
  any?: true;
}

type Rules<K extends ReadingKey> = { readonly [Key in K]: Rule<NonNullable<Reading[Key]>> };

/** Makers repeat flags; the ones in PowerSummary.PresentStatus are the ones that systems and NUT look at. */
const status = rank(
  under(usage.powerSummary, usage.presentStatus),
  under(usage.powerSummary),
  under(usage.ups, usage.presentStatus),
  under(),
);
const isSet = ({ raw }: Told) => raw !== 0;
const flag = (of: number): Rule<boolean> => ({ usages: [of], rank: status, from: isSet });
const nowhere: Rule<boolean> = { usages: [], rank: () => null, from: isSet };

const summaryThenBattery = rank(under(usage.powerSummary), under(usage.battery), under());
/** A battery's voltage needs its unit: a bare number may be tenths, hundredths, or the line's (Powercom). */
const inVolts = (place: (field: HidField) => boolean) => (field: HidField) =>
  field.unit === unitCode.volt && place(field);
const ofBattery = rank(
  inVolts(under(usage.battery)),
  inVolts(under(usage.batterySystem)),
  inVolts(under(usage.powerSummary)),
);
/** Behind every place of a `rank`. */
const last = 100;
const ofOutlets = rank(under(usage.powerSummary), under(usage.output), underFirst(usage.outlet));
/** A word needs more than a bit: some devices have flags under the same usage. */
const asWord = (place: (field: HidField) => boolean) => (field: HidField) => field.size > 1 && place(field);
const ofTests = rank(asWord(under(usage.battery)), asWord(under(usage.batterySystem)), asWord(under()));

const flagRules: Rules<FlagKey> = {
  acPresent: flag(usage.acPresent),
  charging: flag(usage.charging),
  discharging: flag(usage.discharging),
  fullyCharged: flag(usage.fullyCharged),
  belowCapacityLimit: flag(usage.belowRemainingCapacityLimit),
  timeLimitExpired: flag(usage.remainingTimeLimitExpired),
  shutdownImminent: flag(usage.shutdownImminent),
  needReplacement: flag(usage.needReplacement),
  batteryPresent: flag(usage.batteryPresent),
  overload: flag(usage.overload),
  // Test reads 5 while a test runs. @see https://www.usb.org/sites/default/files/pdcv11.pdf section 4.1.6
  testing: { usages: [usage.test], rank: ofTests, from: ({ raw }) => raw === 5 },
  bypass: { usages: [usage.used], rank: rank(inBypassInput), from: isSet, any: true },
  // No usage of the specification says so; families have signs of their own.
  outputOff: nowhere,
};

const amountRules: Rules<AmountKey> = {
  charge: { usages: [usage.remainingCapacity], rank: summaryThenBattery, from: inPercent(plausible.percentOfCharge) },
  runtime: { usages: [usage.runTimeToEmpty], rank: summaryThenBattery, from: ({ value }) => plausible.seconds(value) },
  load: {
    usages: [usage.percentLoad],
    rank: rank(
      under(usage.powerSummary),
      under(usage.output),
      under(usage.powerConverter),
      underFirst(usage.outlet),
      under(usage.ups),
    ),
    from: ({ value }) => plausible.percentOfLoad(value),
  },
  power: {
    usages: [usage.activePower],
    rank: rank(under(usage.output), under(usage.powerSummary), underFirst(usage.outlet), under(usage.ups)),
    from: ({ value }) => plausible.watts(value),
  },
  nominalPower: {
    usages: [usage.configActivePower],
    rank: rank(under(usage.output), under(usage.powerConverter), under(usage.flow), under(usage.powerSummary), under()),
    from: ({ value }) => plausible.nominalWatts(value),
  },
  inputVoltage: { usages: [usage.voltage], rank: rank(inMainsInput), from: ({ value }) => plausible.mainsVolts(value) },
  outputVoltage: {
    usages: [usage.voltage],
    rank: rank(under(usage.output)),
    from: ({ value }) => plausible.mainsVolts(value),
  },
  batteryVoltage: {
    usages: [usage.voltage],
    rank: ofBattery,
    from: ({ value, nominal }) => plausible.batteryVolts(value, nominal),
  },
  nominalBatteryVoltage: {
    usages: [usage.configVoltage],
    rank: ofBattery,
    from: ({ value }) => plausible.batteryVolts(value, null),
  },
  inputFrequency: { usages: [usage.frequency], rank: rank(inMainsInput), from: ({ value }) => plausible.hertz(value) },
  temperature: {
    usages: [usage.temperature],
    rank: rank(under(usage.battery), under(usage.batterySystem), under(usage.powerSummary), under()),
    from: ({ value }) => plausible.celsius(value),
  },
  lowCharge: {
    usages: [usage.remainingCapacityLimit],
    rank: rank(under(usage.powerSummary), under(usage.battery)),
    from: inPercent(plausible.percentLimit),
  },
  lowRuntime: {
    usages: [usage.remainingTimeLimit],
    rank: summaryThenBattery,
    from: ({ value }) => plausible.seconds(value),
  },
  offIn: {
    usages: [usage.delayBeforeShutdown, usage.apcDelayBeforeShutdown],
    // On a Smart-UPS APC's own delays are settings; only in this collection they count.
    rank: (field) =>
      (field.usage === usage.delayBeforeShutdown ? ofOutlets(field) : null) ??
      (under(usage.apcGeneralCollection)(field) ? last : null),
    from: ({ value }) => plausible.countdown(value),
  },
  onIn: {
    usages: [usage.delayBeforeStartup],
    rank: ofOutlets,
    from: ({ value }) => plausible.countdown(value),
  },
};

/** 7, "scheduled", is NUT's. @see https://www.usb.org/sites/default/files/pdcv11.pdf section 4.1.6 */
const testResults = [null, 'passed', 'warning', 'failed', 'aborted', 'running', 'none', 'none'] as const;
const beepers = [null, 'disabled', 'enabled', 'muted'] as const;

const wordRules: Rules<WordKey> = {
  testResult: { usages: [usage.test], rank: ofTests, from: ({ raw }) => testResults[raw] ?? null },
  beeper: {
    usages: [usage.audibleAlarmControl],
    rank: rank(asWord(under(usage.powerSummary)), asWord(under(usage.ups)), asWord(under())),
    from: ({ raw }) => beepers[raw] ?? null,
  },
};

const dateRules: Rules<DateKey> = {
  manufactureDate: {
    usages: [usage.manufacturerDate],
    rank: rank(under(usage.ups), (field) => under(usage.powerSummary)(field) && notUnder(usage.battery)(field)),
    from: ({ raw }) => packedDate(raw),
  },
  batteryDate: {
    usages: [usage.apcBatteryReplaceDate, usage.manufacturerDate],
    // When it was replaced is newer than when it was made.
    rank: rank(({ usage: of }) => of === usage.apcBatteryReplaceDate, under(usage.battery), under(usage.batterySystem)),
    from: ({ raw, field }) => (field.usage === usage.apcBatteryReplaceDate ? decimalDigitsDate(raw) : packedDate(raw)),
  },
};

export const rules: Rules<ReadingKey> = { ...flagRules, ...amountRules, ...wordRules, ...dateRules };
export const flagKeys = Object.keys(flagRules) as FlagKey[];
export const otherKeys = Object.keys({ ...amountRules, ...wordRules, ...dateRules }) as Exclude<ReadingKey, FlagKey>[];

/** A null of these means that what was sent is not believed; for the others it often means "none". */
export const measuredKeys = (Object.keys(amountRules) as AmountKey[]).filter(
  (key) => key !== 'offIn' && key !== 'onIn',
);

/** The flags that decide whether and how urgently to act: their reports are polled fast. */
export const urgentFlags = [
  'acPresent',
  'charging',
  'discharging',
  'belowCapacityLimit',
  'timeLimitExpired',
  'shutdownImminent',
] as const satisfies readonly FlagKey[];

function inPercent(check: (percent: number) => number | null): (told: Told) => number | null {
  return ({ value, whole }) => {
    if (whole === null) return check(value);
    return whole > 0 ? check((value / whole) * 100) : null;
  };
}
