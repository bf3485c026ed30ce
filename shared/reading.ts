import { z } from 'zod';
import { offerSchema, outletGroupSchema } from './ups-command.ts';

const flag = z.boolean().nullable();
const amount = z.number().finite().nullable();
/** ISO 8601, `2024-03-31`. */
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .nullable();

export const upsSources = ['hid', 'nut', 'apcupsd', 'system', 'simulated'] as const;

/** A power supply, as found. `id` is stable over re-plug and restart: serial number if there is one, else USB path. */
export const upsSchema = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().max(200),
  manufacturer: z.string().max(200),
  serial: z.string().max(200),
  /** As the maker writes it; empty: not told. */
  firmware: z.string().max(200),
  /** `system`: what the operating system itself says of its battery, the last resort where HID cannot be had. */
  source: z.enum(upsSources),
  /** How it is reached, for people: "USB 051d:0002", "NUT rack@10.0.0.5:3493". */
  via: z.string().max(300),
  /** The commands that it takes. None is ever sent unless the user has allowed commands for this very UPS. */
  offers: z.array(offerSchema).max(20),
  /** The groups of its outlets that can be turned off alone; absent: none. */
  outletGroups: z.array(outletGroupSchema).max(16).optional(),
});
export type Ups = z.infer<typeof upsSchema>;

/**
 * One decoded snapshot of a UPS. `null` means that the device has not reported it: it is never shown as 0.
 * Units are SI or percent. Names follow the HID Power Device usages.
 * @see https://www.usb.org/sites/default/files/pdcv11.pdf
 */
export const readingSchema = z.strictObject({
  upsId: z.string().min(1).max(200),
  /** When the newest part of it arrived, ms since the epoch on our clock. */
  at: z.number(),
  acPresent: flag,
  charging: flag,
  discharging: flag,
  fullyCharged: flag,
  /** BelowRemainingCapacityLimit. */
  belowCapacityLimit: flag,
  /** RemainingTimeLimitExpired. */
  timeLimitExpired: flag,
  shutdownImminent: flag,
  /** A NUT primary has said that everybody must go down now (FSD). */
  forcedShutdown: flag,
  needReplacement: flag,
  batteryPresent: flag,
  overload: flag,
  /** A self-test or calibration is said to be in progress (HID Test = 5, NUT CAL or TEST). */
  testing: flag,
  /** The load runs from the mains past the inverter, unprotected. */
  bypass: flag,
  /** The UPS does not feed its outlets. */
  outputOff: flag,
  /** Percent, 0..100. */
  charge: amount,
  /** Seconds until empty, as the device says. */
  runtime: amount,
  /** Percent of the nominal power. */
  load: amount,
  /** Watts, if reported. */
  power: amount,
  /** Watts that it can carry. */
  nominalPower: amount,
  /** Volts. */
  inputVoltage: amount,
  outputVoltage: amount,
  batteryVoltage: amount,
  nominalBatteryVoltage: amount,
  /** Hertz. */
  inputFrequency: amount,
  /** Degrees Celsius. */
  temperature: amount,
  /** Percent and seconds under which the UPS itself says "low". */
  lowCharge: amount,
  lowRuntime: amount,
  /** Seconds until it switches its outlets off or on, while it counts down; null: it does not, or does not say. */
  offIn: amount,
  onIn: amount,
  testResult: z.enum(['passed', 'warning', 'failed', 'aborted', 'running', 'none']).nullable(),
  beeper: z.enum(['enabled', 'disabled', 'muted']).nullable(),
  manufactureDate: date,
  batteryDate: date,
});
export type Reading = z.infer<typeof readingSchema>;

/** A reading in which nothing is known yet. */
export function emptyReading(upsId: string, at: number): Reading {
  return {
    upsId,
    at,
    acPresent: null,
    charging: null,
    discharging: null,
    fullyCharged: null,
    belowCapacityLimit: null,
    timeLimitExpired: null,
    shutdownImminent: null,
    forcedShutdown: null,
    needReplacement: null,
    batteryPresent: null,
    overload: null,
    testing: null,
    bypass: null,
    outputOff: null,
    charge: null,
    runtime: null,
    load: null,
    power: null,
    nominalPower: null,
    inputVoltage: null,
    outputVoltage: null,
    batteryVoltage: null,
    nominalBatteryVoltage: null,
    inputFrequency: null,
    temperature: null,
    lowCharge: null,
    lowRuntime: null,
    offIn: null,
    onIn: null,
    testResult: null,
    beeper: null,
    manufactureDate: null,
    batteryDate: null,
  };
}

/** One thing that a UPS tells, as it tells it: for the window and for a dump, to show where a number comes from. */
export const detailSchema = z.strictObject({
  /** `UPS.PowerSummary.RemainingCapacity`, or NUT's `battery.charge`. */
  name: z.string().max(300),
  /** "Feature 0x0c, bits 0..7"; empty where there is no such thing. */
  place: z.string().max(100),
  /** As sent. */
  raw: z.string().max(300),
  /** With its unit, as the descriptor has it, before any repair. */
  value: z.string().max(300),
  /** The entry of the reading that is taken from it. */
  feeds: z.string().max(40).nullable(),
  /** Why the reading has another value than `value`; empty: it has not. */
  repair: z.string().max(300),
});
export type Detail = z.infer<typeof detailSchema>;
