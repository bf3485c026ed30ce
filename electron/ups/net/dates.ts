/** Years that a UPS, or its battery, can be from. */
const years = { from: 1990, to: 2099 };

/**
 * A date as UPSes write it, to ISO 8601: `2019-11-03`, `2019/11/03`, `20191103`, and APC's `11/03/19` with the month
 * first. Null when it is none, or when it could be read in two ways (`03/11/2019`): a wrong date is worse than none.
 * @see https://networkupstools.org/docs/user-manual.chunked/apcs01.html
 */
export function isoDate(text: string): string | null {
  const trimmed = text.trim();
  const yearFirst = /^(\d{4})([-/.]?)(\d{2})\2(\d{2})$/.exec(trimmed);
  if (yearFirst) return checked(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));
  const short = /^(\d{2})\/(\d{2})\/(\d{2})$/.exec(trimmed);
  if (short) return checked(century(Number(short[3])), Number(short[1]), Number(short[2]));
  const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(trimmed);
  if (!yearLast) return null;
  const [one, other, year] = [Number(yearLast[1]), Number(yearLast[2]), Number(yearLast[3])];
  if (one > 12 || one === other) return checked(year, other, one);
  return other > 12 ? checked(year, one, other) : null;
}

const century = (year: number): number => (year >= 90 ? 1900 + year : 2000 + year);

function checked(year: number, month: number, day: number): string | null {
  if (year < years.from || year > years.to) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}
