/** One report as it arrived, without its id byte. */
export interface Report {
  id: number;
  bytes: Uint8Array;
}

/** A shorter one says nothing about a single unit, and its letters stand everywhere. */
const shortest = 4;
const blank = 0x20;

/** The text with every occurrence of the serial number replaced. */
export function withoutSerialText(text: string, serial: string): string {
  return serial.length < shortest ? text : text.replaceAll(serial, '(serial)');
}

/**
 * The reports with every byte that spells the serial number, as ASCII or UTF-16, turned into a space, and the ids of
 * those in which there was one. Vendors cut long texts into several reports, so all of them are searched as one text.
 */
export function withoutSerialBytes(
  reports: readonly Report[],
  serial: string,
): { reports: Report[]; held: Set<number> } {
  const all = Buffer.concat(reports.map(({ bytes }) => bytes));
  const hidden = new Set<number>();
  if (serial.length >= shortest) {
    for (const spelled of [Buffer.from(serial, 'latin1'), Buffer.from(serial, 'utf16le')]) {
      for (let at = all.indexOf(spelled); at >= 0; at = all.indexOf(spelled, at + 1)) {
        for (let offset = 0; offset < spelled.length; offset += 1) hidden.add(at + offset);
      }
    }
  }
  const held = new Set<number>();
  let start = 0;
  const cleaned = reports.map(({ id, bytes }) => {
    const from = start;
    start += bytes.length;
    return {
      id,
      bytes: bytes.map((byte, at) => {
        if (!hidden.has(from + at)) return byte;
        held.add(id);
        return blank;
      }),
    };
  });
  return { reports: cleaned, held };
}
