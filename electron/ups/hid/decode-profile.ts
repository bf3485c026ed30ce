import type { Reading } from '../../../shared/reading.ts';
import { decodeReport, type FieldValue } from './decode.ts';
import { parseReportDescriptor } from './descriptor.ts';
import { FieldStore } from './field-store.ts';
import { badInput, hexBytes, type Line, linesOf } from './hex-text.ts';
import { quirksFor } from './quirks/quirks.ts';
import { ReadingView } from './reading-from-fields.ts';
import type { HidField, ReportDescriptor, ReportKind } from './report-descriptor.ts';
import { hex4 } from './udev-rule.ts';
import { unitSymbol } from './units.ts';
import { pathName, usage } from './usages.ts';

export interface DecodedField {
  /** `UPS.PowerSummary.RemainingCapacity`; a usage without a name as eight hexadecimal digits. */
  path: string;
  type: 'Input' | 'Output' | 'Feature';
  reportId: number;
  /** Bits after the report id byte. */
  offset: number;
  /** Bits. */
  size: number;
  /** Null: the report was not captured, or not so much of it, or the field is wider than a number. */
  raw: number | null;
  /** By the descriptor, in SI units, before any repair. */
  value: number | null;
  /** 'V', 'W', 'VA', 'A', 's', 'Hz', 'K', 'As', or empty. May be a stale one: the descriptor says so, not we. */
  unit: string;
}

export interface DecodedProfile {
  device: { vendorId: number; productId: number; name: string };
  /** Every field of the descriptor, in its order. */
  fields: DecodedField[];
  /** What the application would show, vendor repairs included. */
  reading: Reading;
}

interface Profile {
  device: DecodedProfile['device'] | null;
  reports: ReadonlyMap<number, Uint8Array>;
}

const types: Readonly<Record<ReportKind, DecodedField['type']>> = {
  input: 'Input',
  output: 'Output',
  feature: 'Feature',
};

/**
 * Decodes captured reports by a report descriptor. Of the descriptor's text the hexadecimal bytes count, `#` begins a
 * comment; of the profile's only the lines `# device vid:pid name` and `# report id bytes...`. The bytes of a report
 * stand for its Input, Output and Feature versions alike: captures do not tell them apart.
 * @throws FaultError `invalid-input` naming file and line; `ups-bad-descriptor`
 */
export function decodeProfile(descriptorText: string, profileText: string): DecodedProfile {
  const lines = linesOf(descriptorText, 'descriptor');
  const descriptor = parseReportDescriptor(descriptorBytes(lines));
  const profile = readProfile(profileText);
  const device = profile.device ?? idsOfDescriptor(lines);
  const values = [...profile.reports].flatMap(([id, payload]) =>
    decodeReport(
      descriptor.fields.filter(({ reportId }) => reportId === id),
      payload,
    ),
  );
  const found = new Map(values.map((each) => [each.field, each]));
  return {
    device,
    fields: descriptor.fields.map((field) => decodedField(field, found.get(field))),
    reading: readingOf(descriptor, values, device),
  };
}

function decodedField(field: HidField, found: FieldValue | undefined): DecodedField {
  const { kind, reportId, offset, size } = field;
  const [raw, value] = found ? [found.raw, found.value] : [null, null];
  return { path: pathName(field), type: types[kind], reportId, offset, size, raw, value, unit: unitSymbol(field) };
}

function readingOf(
  descriptor: ReportDescriptor,
  values: readonly FieldValue[],
  { vendorId, productId, name }: DecodedProfile['device'],
): Reading {
  const isUps = (field: HidField) => field.kind !== 'output' && field.path[0]?.usage === usage.ups;
  const store = new FieldStore(descriptor.fields.filter(isUps));
  const quirks = quirksFor({ vendorId, productId, manufacturer: '', product: name }, descriptor);
  store.apply(values, 0);
  return new ReadingView(store, quirks).reading(`hid:${hex4(vendorId)}:${hex4(productId)}`, 0);
}

function descriptorBytes(lines: readonly Line[]): Uint8Array {
  const bytes = lines.flatMap(({ text, number }) =>
    hexBytes({ text: (text.split(/#|\/\//)[0] as string).trim(), number }, 'descriptor'),
  );
  if (bytes.length === 0) throw badInput('there is no byte in it', 'descriptor');
  return Uint8Array.from(bytes);
}

function readProfile(text: string): Profile {
  const reports = new Map<number, Uint8Array>();
  let device: Profile['device'] = null;
  for (const line of linesOf(text, 'profile')) {
    const header = /^#\s*(device|report)\b(?!s)[:\s]*(.*)$/i.exec(line.text);
    const rest = header?.[2]?.trim() ?? '';
    if (header?.[1]?.toLowerCase() === 'device') device ??= idsOf(rest);
    if (header?.[1]?.toLowerCase() !== 'report') continue;
    const [id, ...payload] = hexBytes({ text: rest.replace(/^([0-9a-fx]+):/i, '$1 '), number: line.number }, 'profile');
    if (id === undefined) throw badInput('a report without an id', 'profile', line.number);
    reports.set(id, Uint8Array.from(payload));
  }
  return { device, reports };
}

/** "0d9f:0004 Powercom (product string HID UPS Battery)"; null when there are no ids in it. */
function idsOf(text: string): DecodedProfile['device'] | null {
  const ids = /^(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,4})\b\s*(.*)$/i.exec(text);
  if (!ids) return null;
  const [, vendor = '', product = '', name = ''] = ids;
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16), name: name.trim() };
}

/** From the header of the descriptor, for a profile that has none. */
function idsOfDescriptor(lines: readonly Line[]): DecodedProfile['device'] {
  const head = (key: string) =>
    lines.map(({ text }) => new RegExp(`^#\\s*${key}\\s+(.*)$`, 'i').exec(text)?.[1]).find((found) => found) ?? '';
  const ids = idsOf(head('vid:pid'));
  return { vendorId: ids?.vendorId ?? 0, productId: ids?.productId ?? 0, name: head('model').trim() };
}
