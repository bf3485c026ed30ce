import { readBits } from './bits.ts';
import type { HidField } from './report-descriptor.ts';
import { toSi } from './units.ts';

/** One field of one report that arrived. */
export interface FieldValue {
  field: HidField;
  /** As sent, negative only where the descriptor allows it. */
  raw: number;
  /** SI units, percent, or a bare number. */
  value: number;
}

/**
 * Decodes one report. `payload` is without the id byte. Some devices answer shorter or longer than they declare: fields
 * that are not there are left out, surplus bytes are ignored.
 * @see https://github.com/networkupstools/nut/issues/1695
 */
export function decodeReport(fields: readonly HidField[], payload: Uint8Array): FieldValue[] {
  const values: FieldValue[] = [];
  for (const field of fields) {
    const raw = readBits(payload, field.offset, field.size, field.logicalMin < 0);
    if (raw !== null) values.push({ field, raw, value: toSi(raw, field) });
  }
  return values;
}
