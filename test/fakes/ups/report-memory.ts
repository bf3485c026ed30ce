import type { ReportPort } from '../../../electron/ups/hid/commands/run-order.ts';
import type { ReportDescriptor } from '../../../electron/ups/hid/report-descriptor.ts';

/** A device as an order sees it: reports in memory. What it makes of a write is the test's to say. */
export class ReportMemory implements ReportPort {
  readonly reports: Map<number, Uint8Array>;
  readonly written: { id: number; bytes: number[] }[] = [];
  readonly pauses: number[] = [];
  /** What becomes of a write; by default the report holds it. */
  onWrite: (id: number, payload: Uint8Array) => string | null = (id, payload) => {
    this.reports.set(id, payload);
    return null;
  };
  readonly #lengths: ReadonlyMap<number, number>;

  constructor(descriptor: ReportDescriptor, reports: ReadonlyMap<number, Uint8Array>) {
    const features = descriptor.reports.filter(({ kind }) => kind === 'feature');
    this.#lengths = new Map(features.map(({ id, bytes }) => [id, bytes]));
    this.reports = new Map(reports);
  }

  read(id: number): Promise<Uint8Array | null> {
    return Promise.resolve(this.reports.get(id) ?? null);
  }

  write(id: number, payload: Uint8Array): Promise<string | null> {
    this.written.push({ id, bytes: [...payload] });
    return Promise.resolve(this.onWrite(id, payload));
  }

  pause(ms: number): Promise<void> {
    this.pauses.push(ms);
    return Promise.resolve();
  }

  bytesOf(id: number): number {
    return this.#lengths.get(id) ?? 0;
  }
}
