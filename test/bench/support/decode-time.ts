import { decodeReport } from '../../../electron/ups/hid/decode.ts';
import { parseReportDescriptor } from '../../../electron/ups/hid/descriptor.ts';
import { FieldStore } from '../../../electron/ups/hid/field-store.ts';
import { quirksFor } from '../../../electron/ups/hid/quirks/quirks.ts';
import { ReadingView } from '../../../electron/ups/hid/reading-from-fields.ts';
import { profileNames, readDescriptor, readProfile } from '../../fakes/ups/fixtures.ts';
import { median } from './numbers.ts';

/** Milliseconds for which each thing is repeated, and how often that is done: the median counts. */
const spell = 30;
const spells = 5;

export interface DecodeTime {
  name: string;
  reports: number;
  fields: number;
  /** Nanoseconds. */
  parse: number;
  report: number;
  reading: number;
  /** What Node's own JSON.parse takes for that reading, which is what the worker's message is made of. */
  json: number;
}

/** What one make of UPS costs in computing alone, without a device. */
export function decodeTime(name: string): DecodeTime {
  const { bytes, vendorId, productId, model, lengths } = readDescriptor(name);
  const descriptor = parseReportDescriptor(bytes);
  const store = new FieldStore(descriptor.fields);
  const view = new ReadingView(store, quirksFor({ vendorId, productId, manufacturer: '', product: model }, descriptor));
  // Where nothing was captured, ones in every report: no field is spared.
  const captured = profileNames.includes(name)
    ? readProfile(name).reports
    : new Map([...lengths.Feature].map(([id, size]) => [id, Buffer.alloc(size, 1)]));
  const reports = [...captured].map(([id, payload]) => ({
    payload,
    fields: descriptor.fields.filter((field) => field.kind === 'feature' && field.reportId === id),
  }));
  let at = 0;
  const poll = () => {
    at += 1;
    for (const { fields, payload } of reports) store.apply(decodeReport(fields, payload), at);
    return view.reading(name, at);
  };
  const text = JSON.stringify(poll());
  return {
    name,
    reports: reports.length,
    fields: descriptor.fields.length,
    parse: nanoseconds(() => parseReportDescriptor(bytes)),
    report:
      nanoseconds(() => {
        for (const { fields, payload } of reports) decodeReport(fields, payload);
      }) / reports.length,
    reading: nanoseconds(poll),
    json: nanoseconds(() => JSON.parse(text)),
  };
}

/** For one call. The first spell warms up. */
function nanoseconds(call: () => unknown): number {
  const times: number[] = [];
  for (let round = 0; round <= spells; round += 1) {
    const started = performance.now();
    let calls = 0;
    let took = 0;
    while (took < spell) {
      for (let count = 0; count < 20; count += 1) call();
      calls += 20;
      took = performance.now() - started;
    }
    if (round > 0) times.push((took * 1e6) / calls);
  }
  return median(times);
}
