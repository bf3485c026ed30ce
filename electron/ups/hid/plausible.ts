/**
 * What a value may be before we believe it. Null means "not known", which is always safer than a wrong number:
 * exponents and limits in descriptors are wrong often enough.
 */

/** Some go a little over 100. @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/cps-hid.c */
export function percentOfCharge(value: number): number | null {
  return value >= 0 && value <= 120 ? Math.min(value, 100) : null;
}

/** Overloads go over 100. */
export function percentOfLoad(value: number): number | null {
  return value >= 0 && value <= 200 ? value : null;
}

/** 65535 and all ones mean "not known", negative ones too; more than a month is no battery. */
export function seconds(value: number): number | null {
  return value >= 0 && value !== 0xffff && value <= 30 * 86_400 ? value : null;
}

/** A countdown that runs: 0 and negative values stand for none, and so do all ones. */
export function countdown(value: number): number | null {
  return value > 0 ? seconds(value) : null;
}

export function watts(value: number): number | null {
  return value >= 0 && value <= 100_000 ? value : null;
}

/** 0 is true where there is no voltage; a misplaced exponent gives something between. */
export function mainsVolts(value: number): number | null {
  return value === 0 || (value >= 80 && value <= 300) ? value : null;
}

/** As `mainsVolts`. */
export function hertz(value: number): number | null {
  return value === 0 || (value >= 45 && value <= 65) ? value : null;
}

/** Nothing carries 0 W. */
export function nominalWatts(value: number): number | null {
  return value > 0 ? watts(value) : null;
}

export function batteryVolts(value: number, nominal: number | null): number | null {
  if (value < 2 || value > 1000) return null;
  return nominal !== null && nominal > 0 && (value < nominal / 2 || value > nominal * 2) ? null : value;
}

/**
 * Kelvin by the specification, Celsius from some; 0 is what an empty report holds.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/usbhid-ups.c
 */
export function celsius(value: number): number | null {
  if (value === 0) return null;
  const degrees = value >= 273 && value <= 373 ? value - 273.15 : value;
  return degrees >= -20 && degrees <= 100 ? degrees : null;
}

/** Percent under which the device says "low". */
export function percentLimit(value: number): number | null {
  return value >= 0 && value <= 100 ? value : null;
}
