import type { HIDAsync } from 'node-hid';
import type { ReportPort } from './commands/run-order.ts';
import type { ReadStyle } from './platforms/platform.ts';
import { StuckError, within } from './within.ts';

/** A control transfer ends after 5 s by the kernel's own limit; a call that takes longer will not come back. */
const stuckAfter = 12_000;
/** Some answer more than they declare, and a full buffer is then an error. Bytes, id included. */
const roomyLength = 64;
/** The words of Linux, then of Windows and macOS. */
const goneText =
  /no such device|input\/output error|transport endpoint shutdown|device (is )?not connected|has been removed/i;

/** The device is gone, as against: this report is not answered now. */
export const saysGone = (message: string): boolean => goneText.test(message);

export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** A feature report as it came (payload, without the id byte), or why it did not. */
export type Asked = { payload: Uint8Array } | { error: string };

/** Feature reports, one transfer after the other, at the pace that the device stands. */
export class ReportReader implements ReportPort {
  #device: HIDAsync;
  #lengths: ReadonlyMap<number, number>;
  #style: ReadStyle;
  #pause: number;
  #longest: number;
  /** Reports that were not answered when asked for with room to spare: the next time with the declared length. */
  #exact = new Set<number>();
  /** When the device may be asked again, by performance.now(). */
  #restUntil = 0;

  /** `lengths`: payload bytes of each feature report. `pauseBetween`: milliseconds between two transfers. */
  constructor(device: HIDAsync, lengths: ReadonlyMap<number, number>, style: ReadStyle, pauseBetween: number) {
    this.#device = device;
    this.#lengths = lengths;
    this.#style = style;
    this.#pause = pauseBetween;
    const longest = Math.max(0, ...lengths.values()) + 1;
    this.#longest = style.length === 'roomy' ? Math.max(roomyLength, longest) : longest;
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  bytesOf(id: number): number {
    return this.#lengths.get(id) ?? 0;
  }

  /** The payload; null when it was not answered. Throws GoneError, StuckError. */
  async read(id: number): Promise<Uint8Array | null> {
    const asked = await this.ask(id);
    return 'payload' in asked ? asked.payload : null;
  }

  /** Throws GoneError, StuckError. */
  async ask(id: number): Promise<Asked> {
    const asked = await this.#ask(id, this.#exact.has(id) ? this.bytesOf(id) + 1 : this.#longest);
    if ('error' in asked) {
      if (!this.#exact.delete(id)) this.#exact.add(id);
      return asked;
    }
    if (this.#style.zeros === 'believed' || asked.payload.some((byte) => byte !== 0)) return asked;
    const again = await this.#ask(id, this.bytesOf(id) + 1);
    return 'payload' in again ? again : asked;
  }

  /** Sends a whole report. Null: the device took it; else why not. Throws GoneError, StuckError. */
  async write(id: number, payload: Uint8Array): Promise<string | null> {
    const sent = await this.#transfer(`writing report ${id}`, () =>
      this.#device.sendFeatureReport(Buffer.from([id, ...payload])),
    );
    return 'error' in sent ? sent.error : null;
  }

  async #ask(id: number, length: number): Promise<Asked> {
    const got = await this.#transfer(`reading report ${id}`, () => this.#device.getFeatureReport(id, length));
    if ('error' in got) return got;
    if (got.value.length <= 1) return { error: 'an empty answer' };
    // Some controllers hand out the answer to the question before: one report's bytes are another's flags.
    if (id !== 0 && got.value[0] !== id) return { error: `the answer was report ${got.value[0]}` };
    return { payload: got.value.subarray(1) };
  }

  async #transfer<T>(what: string, call: () => Promise<T>): Promise<{ value: T } | { error: string }> {
    const rest = this.#restUntil - performance.now();
    // Before a transfer, not after: an answer is told at once, and the pace is the same.
    if (rest > 0) await this.pause(rest);
    try {
      return { value: await within(stuckAfter, what, call()) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof StuckError) throw error;
      if (saysGone(message)) throw new GoneError(message);
      return { error: message.slice(0, 200) };
    } finally {
      this.#restUntil = performance.now() + this.#pause;
    }
  }
}
