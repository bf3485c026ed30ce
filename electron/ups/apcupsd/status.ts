/** What `apcaccess status` shows, by key. */
export type Status = ReadonlyMap<string, string>;

/**
 * The records of a status answer (`BCHARGE  : 100.0 Percent`). Null when they are none: every version begins with `APC`
 * and tells `STATUS` or `STATFLAG`.
 */
export function parseStatus(records: readonly string[]): Status | null {
  const status = new Map<string, string>();
  for (const record of records) {
    const match = /^([A-Z][A-Z0-9 ]{0,20}?)\s*: ?([^\n]*)\n?$/.exec(record);
    if (match) status.set(match[1] as string, (match[2] as string).trim());
  }
  return status.has('APC') && (status.has('STATUS') || status.has('STATFLAG')) ? status : null;
}

/** @see https://sourceforge.net/p/apcupsd/svn/HEAD/tree/trunk/include/defines.h */
const bits = {
  CAL: 0x1,
  TRIM: 0x2,
  BOOST: 0x4,
  ONLINE: 0x8,
  ONBATT: 0x10,
  OVERLOAD: 0x20,
  LOWBATT: 0x40,
  REPLACEBATT: 0x80,
  COMMLOST: 0x100,
  SHUTDOWN: 0x200,
  BATTPRESENT: 0x4000000,
} as const;
type Flag = keyof typeof bits;

/** The words of STATUS for the same, where STATFLAG is missing. */
const words: Readonly<Record<Flag, string>> = {
  CAL: 'CAL',
  TRIM: 'TRIM',
  BOOST: 'BOOST',
  ONLINE: 'ONLINE',
  ONBATT: 'ONBATT',
  OVERLOAD: 'OVERLOAD',
  LOWBATT: 'LOWBATT',
  REPLACEBATT: 'REPLACEBATT',
  COMMLOST: 'COMMLOST',
  SHUTDOWN: 'SHUTTING DOWN',
  BATTPRESENT: '',
};

/** Whether a flag is up; null when it is not told. */
export function flagOf(status: Status, flag: Flag): boolean | null {
  const match = /^(?:0x)?([0-9a-f]{1,8})\b/i.exec(status.get('STATFLAG') ?? '');
  if (match) return (Number.parseInt(match[1] as string, 16) & bits[flag]) !== 0;
  const text = status.get('STATUS') ?? '';
  if (flag === 'BATTPRESENT') return /\bNOBATT\b/.test(text) ? false : null;
  return new RegExp(`\\b${words[flag]}\\b`).test(text);
}

/**
 * Ms since apcupsd heard from its UPS, by its own clock: it goes on serving the last values, `DATE`, for some 20 s before
 * it says that it has lost contact. Null when it does not tell.
 */
export function ageOf(status: Status): number | null {
  const [heard, served] = [time(status.get('DATE')), time(status.get('END APC'))];
  return heard === null || served === null ? null : Math.max(0, served - heard);
}

/** `2026-11-21 19:00:00 +0000` */
function time(text = ''): number | null {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) +([+-]\d{2})(\d{2})$/.exec(text.trim());
  const at = match ? Date.parse(`${match[1]}T${match[2]}${match[3]}:${match[4]}`) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
