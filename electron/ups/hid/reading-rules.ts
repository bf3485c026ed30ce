import type { Reading } from '../../../shared/reading.ts';
import { inMainsInput, rank, under } from './places.ts';
import * as plausible from './plausible.ts';
import type { HidField } from './report-descriptor.ts';
import { usage } from './usages.ts';

type KeysOf<T> = { [K in keyof Reading]: Reading[K] extends T | null ? K : never }[keyof Reading];
export type FlagKey = KeysOf<boolean>;
export type AmountKey = Exclude<KeysOf<number>, 'at'>;

/** Which fields can give one entry of a reading. */
interface Rule {
  usage: number;
  /** Smaller is better; null: not this one. */
  rank: (field: HidField) => number | null;
}

export interface FlagRule extends Rule {
  from: (raw: number) => boolean;
}

export interface AmountRule extends Rule {
  /** SI value to what the reading holds; null when it cannot be true. `nominal` is the field's Config twin, if known. */
  from: (value: number, nominal: number | null) => number | null;
}

/** Makers repeat flags; the ones in PowerSummary.PresentStatus are the ones that systems and NUT look at. */
const status = rank(
  under(usage.powerSummary, usage.presentStatus),
  under(usage.powerSummary),
  under(usage.ups, usage.presentStatus),
  under(),
);
const flag = (of: number): FlagRule => ({ usage: of, rank: status, from: (raw) => raw !== 0 });
const summaryThenBattery = rank(under(usage.powerSummary), under(usage.battery), under());

export const flagRules: Readonly<Record<FlagKey, FlagRule>> = {
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
  testing: { usage: usage.test, rank: rank(under(usage.battery), under()), from: (raw) => raw === 5 },
};

export const amountRules: Readonly<Record<AmountKey, AmountRule>> = {
  charge: { usage: usage.remainingCapacity, rank: summaryThenBattery, from: plausible.percentOfCharge },
  runtime: { usage: usage.runTimeToEmpty, rank: summaryThenBattery, from: plausible.seconds },
  load: {
    usage: usage.percentLoad,
    rank: rank(under(usage.powerSummary), under(usage.output), under(usage.powerConverter), under()),
    from: plausible.percentOfLoad,
  },
  power: { usage: usage.activePower, rank: rank(under(usage.output), under()), from: plausible.watts },
  inputVoltage: { usage: usage.voltage, rank: rank(inMainsInput), from: plausible.mainsVolts },
  outputVoltage: { usage: usage.voltage, rank: rank(under(usage.output)), from: plausible.mainsVolts },
  batteryVoltage: {
    usage: usage.voltage,
    // Powercom's PowerSummary.Voltage is the line's, and has no unit.
    rank: rank(under(usage.battery), (field) => field.unit !== 0 && under(usage.powerSummary)(field)),
    from: plausible.batteryVolts,
  },
  inputFrequency: { usage: usage.frequency, rank: rank(inMainsInput), from: plausible.hertz },
  temperature: {
    usage: usage.temperature,
    rank: rank(under(usage.battery), under(usage.powerSummary), under()),
    from: plausible.celsius,
  },
};

/** The flags that decide whether and how urgently to act: their reports are polled fast. */
export const urgentFlags = [
  'acPresent',
  'charging',
  'discharging',
  'belowCapacityLimit',
  'timeLimitExpired',
  'shutdownImminent',
] as const satisfies readonly FlagKey[];
