/** On one line, without control characters, and no longer than `most` UTF-16 units. */
export const oneLine = (text: string, most: number): string => cut(text.replaceAll(/\p{C}+/gu, ' ').trim(), most);

/** Lines, without any other control character, and no longer than `most` UTF-16 units. */
export const lines = (text: string, most: number): string => cut(text.replaceAll(/[^\P{C}\n]+/gu, ' ').trim(), most);

/** Cut between characters, so that no half of one is left; what was cut ends with "…". */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** "Sun, 22 Nov 2026, 03:12:45 GMT+01:00". `at`: ms since the epoch. `zone`: an IANA name; absent: this computer's. */
export const timeText = (at: number, zone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
    timeZone: zone,
  }).format(at);

/** "22 Nov, 03:12:45", beside a time that has its year and zone. */
export const shortTimeText = (at: number, zone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(at);
