/** One report as it arrived, without its id byte. */
export interface Report {
  id: number;
  bytes: Uint8Array;
}

/** A shorter one says nothing about a single unit, and its letters stand everywhere. */
const shortest = 4;
/** Of a report that holds nothing else: the last piece of a long number. */
const shortestAlone = 2;
const blank = 0x20;

/** The text with every occurrence of the serial number, in capitals or not, replaced. */
export function withoutSerialText(text: string, serial: string): string {
  if (serial.length < shortest) return text;
  return text.replaceAll(new RegExp(serial.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'), '(serial)');
}

/**
 * The reports with every byte that spells the serial number turned into a space, and the ids of those in which there was
 * one. Vendors cut long texts into several reports, pad the pieces and number the reports in another order, and some write
 * in ASCII, some in UTF-16: so every piece of four letters or more counts, whatever blanks and zeros stand between, and
 * a shorter one when a report holds nothing else while others hold the rest.
 */
export function withoutSerialBytes(
  reports: readonly Report[],
  serial: string,
): { reports: Report[]; held: Set<number> } {
  const wanted = lettersOf(Buffer.from(serial, 'utf16le')).text;
  if (wanted.length < shortest) return { reports: [...reports], held: new Set() };
  const hidden = reports.map(() => new Set<number>());
  // Across the borders of reports, then in each alone.
  const all = lettersOf(Buffer.concat(reports.map(({ bytes }) => bytes)));
  const starts = startsOf(reports);
  for (const at of spelled(all.text, wanted)) {
    const place = all.places[at] as number;
    const index = starts.findLastIndex((start) => start <= place);
    hidden[index]?.add(place - (starts[index] as number));
  }
  const isSplit = hidden.some((places) => places.size > 0);
  for (const [index, { bytes }] of reports.entries()) {
    const { text, places } = lettersOf(bytes);
    const isOneRun = (places.at(-1) ?? 0) - (places[0] ?? 0) === places.length - 1;
    const isPiece = isSplit && isOneRun && text.length >= shortestAlone && wanted.includes(text);
    for (const place of isPiece ? places : []) hidden[index]?.add(place);
  }
  const held = new Set(reports.flatMap(({ id }, index) => (hidden[index]?.size ? [id] : [])));
  const cleaned = reports.map(({ id, bytes }, index) => ({
    id,
    bytes: bytes.map((byte, at) => (hidden[index]?.has(at) ? blank : byte)),
  }));
  return { reports: cleaned, held };
}

function startsOf(reports: readonly Report[]): number[] {
  let next = 0;
  return reports.map(({ bytes }) => {
    const start = next;
    next += bytes.length;
    return start;
  });
}

/** What is neither blank nor zero, each byte a letter, in small letters; and where each stands. */
function lettersOf(bytes: Uint8Array): { text: string; places: number[] } {
  const places = [...bytes.keys()].filter((at) => bytes[at] !== 0 && bytes[at] !== blank);
  const text = String.fromCharCode(...places.map((at) => bytes[at] as number));
  return { text: text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()), places };
}

/** The positions in `text` that belong to a piece of `wanted` with the shortest length or more. */
function spelled(text: string, wanted: string): Set<number> {
  const found = new Set<number>();
  for (let at = 0; at + shortest <= text.length; at += 1) {
    if (!wanted.includes(text.slice(at, at + shortest))) continue;
    for (let offset = 0; offset < shortest; offset += 1) found.add(at + offset);
  }
  return found;
}
