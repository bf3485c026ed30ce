import type { HIDAsync } from 'node-hid';
import { StuckError, within } from './within.ts';

/** A control transfer ends after 5 s by the kernel's own limit; a call that takes longer will not come back. */
const stuckAfter = 12_000;
/** Small controllers choke on faster ones, milliseconds. @see https://github.com/therealbstern/apcupsd src/drivers/usb/usb.c */
const pauseBetween = 20;
/** Some answer more than they declare, and a full buffer is then an error. Bytes, id included. */
const roomyLength = 64;
/** The device is gone, as against: this report is not answered now. */
const goneText = /no such device|input\/output error|transport endpoint shutdown/i;

export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** Reads feature reports one after the other, at the pace that the device stands. */
export class ReportReader {
  #device: HIDAsync;
  #lengths: ReadonlyMap<number, number>;
  #longest: number;
  /** Reports that were not answered when asked for with room to spare: the next time with the declared length. */
  #exact = new Set<number>();
  /** When the device may be asked again, by performance.now(). */
  #restUntil = 0;

  /** `lengths`: payload bytes of each feature report. */
  constructor(device: HIDAsync, lengths: ReadonlyMap<number, number>) {
    this.#device = device;
    this.#lengths = lengths;
    this.#longest = Math.max(roomyLength, ...[...lengths.values()].map((bytes) => bytes + 1));
  }

  /** The payload, without the id byte; null when it was not answered. Throws GoneError, StuckError. */
  async read(id: number): Promise<Uint8Array | null> {
    const rest = this.#restUntil - performance.now();
    // Before a read, not after: an answer is told at once, and the pace is the same.
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    const length = this.#exact.has(id) ? (this.#lengths.get(id) ?? 0) + 1 : this.#longest;
    try {
      const report = await within(stuckAfter, `reading report ${id}`, this.#device.getFeatureReport(id, length));
      return report.subarray(1);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof StuckError) throw error;
      if (goneText.test(message)) throw new GoneError(message);
      if (!this.#exact.delete(id)) this.#exact.add(id);
      return null;
    } finally {
      this.#restUntil = performance.now() + pauseBetween;
    }
  }
}
