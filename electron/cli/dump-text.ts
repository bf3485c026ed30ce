import type { Detail, Ups } from '../../shared/reading.ts';
import type { RawDump } from '../ups/hid/messages.ts';
import { printable } from './fault-line.ts';
import { type Report, withoutSerialBytes, withoutSerialText } from './without-serial.ts';

/** All that one UPS on USB told. */
export interface Capture extends RawDump {
  ups: Ups;
  details: readonly Detail[];
}

/**
 * A capture as one text file, which is descriptor and profile at once for `ups decode`: the bare lines are the
 * descriptor, and the `# report` lines are the reports. A report that only ever comes by interrupt is among them; where
 * there is a feature report of the same id, that one stands and the other is a remark.
 * `serial`: leave the serial number in. `raw`: only the bytes.
 */
export function dumpText(capture: Capture, { raw, serial }: { raw: boolean; serial: boolean }): string {
  const { ups, descriptor, failed } = capture;
  const ids = `${capture.vendorId}:${capture.productId}`;
  const secret = serial ? '' : ups.serial;
  const clean = withoutSerialBytes([...capture.features, ...capture.inputs], secret);
  const features = clean.reports.slice(0, capture.features.length);
  const inputs = clean.reports.slice(capture.features.length);
  const asked = new Set(features.map(({ id }) => id));
  const text = (line: string) => withoutSerialText(printable(line), secret);
  const model = text(`${ups.manufacturer} ${ups.name}`);
  const head = [
    remark('what', 'a UPS as Glidepath read it; "glidepath ups decode FILE FILE" reads this file back'),
    remark('device', `${ids} ${model}`),
    remark('vid:pid', ids),
    remark('model', model),
    remark('firmware', text(ups.firmware) || 'not told'),
    remark('serial', serial ? printable(ups.serial) || 'not told' : 'left out'),
    remark('bytes', String(descriptor.length)),
  ];
  return [
    ...head,
    ...hexLines(descriptor),
    ...features.map((report) => reportLine('report', report)),
    ...inputs.map((report) => reportLine(asked.has(report.id) ? 'input' : 'report', report)),
    ...failed.map(({ id, why }) => remark('failed', text(`${hex(id)} ${why}`))),
    ...(raw ? [] : table(capture.details, clean.held, text)),
    '',
  ].join('\n');
}

/** What the bytes mean, without what was never told. Of a report that held the serial number no value is told. */
function table(details: readonly Detail[], held: ReadonlySet<number>, text: (line: string) => string): string[] {
  const told = details.filter(({ raw }) => raw !== '');
  if (told.length === 0) return [];
  const rows = told.map(({ name, place, raw, value, feeds, repair }) => {
    const hidden = [...held].some((id) => place.includes(`0x${hex(id)}`));
    const values = hidden ? ['left out', 'left out'] : [raw, value];
    return remark('field', text([name, place, ...values, feeds ?? '', repair].join(' | ')));
  });
  return [remark('columns', 'path | place | raw | value | feeds | repair'), ...rows];
}

const remark = (key: string, text: string): string => `# ${key.padEnd(11)} ${text}`;

const reportLine = (key: string, { id, bytes }: Report): string =>
  remark(key, [id, ...bytes].map((byte) => hex(byte)).join(' '));

function hexLines(bytes: Uint8Array): string[] {
  const digits = [...bytes].map(hex);
  return Array.from({ length: Math.ceil(digits.length / 16) }, (_, at) =>
    digits.slice(at * 16, at * 16 + 16).join(' '),
  );
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
