import { decodeReport } from '../../electron/ups/hid/decode.ts';
import { parseReportDescriptor } from '../../electron/ups/hid/descriptor.ts';
import { FieldStore } from '../../electron/ups/hid/field-store.ts';
import { type DeviceIds, quirksFor } from '../../electron/ups/hid/quirks/quirks.ts';
import { ReadingView } from '../../electron/ups/hid/reading-from-fields.ts';
import type { HidField, ReportDescriptor } from '../../electron/ups/hid/report-descriptor.ts';
import { FaultError } from '../../shared/fault.ts';
import { detailSchema, readingSchema } from '../../shared/reading.ts';
import { descriptorNames, profileNames, readDescriptor, readProfile } from '../fakes/ups/fixtures.ts';
import { mangled } from './hid-mutations.ts';
import { Random } from './random.ts';

/** No descriptor may hold up the process that reads all UPSes. */
const slowestAllowed = 250;

export interface FuzzResult {
  cases: number;
  /** Ended with a fault, as they should. */
  rejected: number;
  /** Parsed, decoded and read. */
  accepted: number;
  slowestMs: number;
  peakHeapMiB: number;
}

interface Sample {
  descriptor: Uint8Array;
  reports: ReadonlyArray<readonly [number, Uint8Array]>;
}

/** One of each family, and one that no list knows. */
const someIds: readonly DeviceIds[] = [
  [0x051d, 2],
  [0x051d, 3],
  [0x0764, 0x0501],
  [0x0463, 0xffff],
  [0x09ae, 0x3016],
  [0x09ae, 0x2005],
  [0x10af, 0x1000],
  [0x050d, 0x0551],
  [0x0d9f, 4],
  [0x06da, 0xffff],
  [0x2341, 0x8036],
  [0x5131, 0x2007],
].map(([vendorId = 0, productId = 0]) => ({ vendorId, productId, manufacturer: '', product: '' }));

/**
 * Feeds mangled descriptors and reports through everything that stands between the cable and the core.
 * @throws Error naming seed and case: another error than a fault, a reading that its schema refuses, a case that took
 * longer than 250 ms
 */
export function fuzzHid({ cases, seed }: { cases: number; seed: number }): FuzzResult {
  const samples = allSamples();
  const descriptors = samples.map(({ descriptor }) => descriptor);
  const payloads = samples.flatMap(({ reports }) => reports.map(([, payload]) => payload));
  const result: FuzzResult = { cases, rejected: 0, accepted: 0, slowestMs: 0, peakHeapMiB: 0 };
  for (let number = 0; number < cases; number += 1) {
    // Every case has a seed of its own: it can be run again without those before it.
    const random = new Random(seed + number * 0x9e3779b1);
    const sample = random.one(samples);
    const bytes = random.below(8) === 0 ? sample.descriptor : mangled(sample.descriptor, descriptors, random);
    // Our own time on the processor: a busy machine is no defect.
    const started = process.cpuUsage();
    const outcome = oneCase(bytes, sample, payloads, random, `seed ${seed}, case ${number}`);
    const { user, system } = process.cpuUsage(started);
    const took = (user + system) / 1000;
    result[outcome] += 1;
    result.slowestMs = Math.max(result.slowestMs, took);
    if (took > slowestAllowed) throw new Error(`seed ${seed}, case ${number}: took ${Math.round(took)} ms`);
    if (number % 500 === 0) result.peakHeapMiB = Math.max(result.peakHeapMiB, process.memoryUsage().heapUsed / 2 ** 20);
  }
  return result;
}

function oneCase(
  bytes: Uint8Array,
  { reports }: Sample,
  payloads: readonly Uint8Array[],
  random: Random,
  where: string,
): 'rejected' | 'accepted' {
  try {
    const descriptor = parseReportDescriptor(bytes);
    const store = new FieldStore(descriptor.fields);
    const view = new ReadingView(store, quirksFor(random.one(someIds), descriptor));
    feed(store, descriptor, reports, payloads, random);
    readingSchema.parse(view.reading('fuzz', 0));
    const details = view.details();
    for (let count = 0; count < 5 && details.length > 0; count += 1) detailSchema.parse(random.one(details));
    return 'accepted';
  } catch (error) {
    if (error instanceof FaultError) return 'rejected';
    throw new Error(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  }
}

function feed(
  store: FieldStore,
  { fields }: ReportDescriptor,
  reports: Sample['reports'],
  payloads: readonly Uint8Array[],
  random: Random,
): void {
  const known = new Map<number, HidField[]>();
  for (const field of fields) {
    const own = known.get(field.reportId) ?? [];
    own.push(field);
    known.set(field.reportId, own);
  }
  const made = [...known.keys()]
    .slice(0, 8)
    .map((id) => [id, Uint8Array.from(random.bytes(random.below(40)))] as const);
  for (const [id, payload] of [...reports, ...made]) {
    const sent = random.below(2) === 0 ? payload : mangled(payload, payloads, random);
    const own = known.get(id);
    if (own) store.apply(decodeReport(own, sent), random.below(3));
  }
}

function allSamples(): Sample[] {
  return descriptorNames.map((name) => ({
    descriptor: readDescriptor(name).bytes,
    reports: profileNames.includes(name) ? [...readProfile(name).reports] : [],
  }));
}
