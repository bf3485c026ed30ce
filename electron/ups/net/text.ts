/** A number with nothing but an optional unit behind it (`27.3 Volts`); null when it is none. */
export function leadingNumber(text: string): number | null {
  const match = /^\s*([-+]?\d{1,12}(?:\.\d{1,9})?)(?:\s|$)/.exec(text);
  return match ? Number(match[1]) : null;
}

/** What a peer sent, fit to be shown: on one line, without control characters, no longer than `limit`. */
export function shown(text: string, limit: number): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, limit);
}
