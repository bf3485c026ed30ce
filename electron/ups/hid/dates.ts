/** `(year - 1980) * 512 + month * 32 + day`, ISO 8601; null when it is no date. Power Device class 1.0, section 4.2.6. */
export function packedDate(value: number): string | null {
  if (!Number.isInteger(value) || value < 1 || value > 0xffff) return null;
  return isoDate(1980 + (value >> 9), (value >> 5) & 0xf, value & 0x1f);
}

/**
 * APC's: the hexadecimal digits of a 24-bit number are the decimal digits of MMDDYY; 70 and more is the last century.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/apc-hid.c
 */
export function decimalDigitsDate(value: number): string | null {
  if (!Number.isInteger(value) || value < 1 || value > 0xffffff) return null;
  const digits = value.toString(16).padStart(6, '0');
  if (!/^\d{6}$/.test(digits)) return null;
  const [month, day, year] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(Number) as [
    number,
    number,
    number,
  ];
  return isoDate(year >= 70 ? 1900 + year : 2000 + year, month, day);
}

/** Nothing that is in use today is older than 1985, and no day is the 31st of February. */
function isoDate(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1985 || year > 2099 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}
