import { z } from 'zod';

const flag = z.boolean().nullable();
const amount = z.number().finite().nullable();

/** A power supply, as found. `id` is stable over re-plug and restart: serial number if there is one, else USB path. */
export const upsSchema = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().max(200),
  manufacturer: z.string().max(200),
  serial: z.string().max(200),
  source: z.enum(['hid', 'simulated']),
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
  needReplacement: flag,
  batteryPresent: flag,
  overload: flag,
  /** A self-test or calibration is said to be in progress (HID Test = 5). */
  testing: flag,
  /** Percent, 0..100. */
  charge: amount,
  /** Seconds until empty, as the device says. */
  runtime: amount,
  /** Percent of the nominal power. */
  load: amount,
  /** Watts, if reported. */
  power: amount,
  /** Volts. */
  inputVoltage: amount,
  outputVoltage: amount,
  batteryVoltage: amount,
  /** Hertz. */
  inputFrequency: amount,
  /** Degrees Celsius. */
  temperature: amount,
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
    needReplacement: null,
    batteryPresent: null,
    overload: null,
    testing: null,
    charge: null,
    runtime: null,
    load: null,
    power: null,
    inputVoltage: null,
    outputVoltage: null,
    batteryVoltage: null,
    inputFrequency: null,
    temperature: null,
  };
}
