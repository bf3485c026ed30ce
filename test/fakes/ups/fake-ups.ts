import { type ErrnoName, FakeHidraw, IoctlError, newHidrawFolder } from './fake-hidraw.ts';
import type { ModelField, UpsModel } from './model.ts';
import { smallApc } from './small-apc.ts';
import { Timers } from './timers.ts';

interface Options {
  model?: UpsModel;
  serial?: string;
  /** HID_PHYS. */
  port?: string;
  interfaceNumber?: number;
  /** The folder of another fake, so that one program sees both. */
  folder?: string;
}

/**
 * A scripted UPS on an emulated hidraw. Values have the names of HID usages, `set({ ACPresent: 0, Discharging: 1 })`,
 * and are raw. A name sets every field of that name, as makers repeat theirs. DelayBeforeShutdown and DelayBeforeStartup
 * count down when they are written.
 */
export class FakeUps {
  readonly device: FakeHidraw;
  /** When the last interrupt report was sent, by Date.now(). */
  pushedAt = Number.NaN;
  /** false: no interrupt report goes out any more, without any error. */
  interrupts = true;
  /** Payload bytes that these reports are answered with, longer or shorter than declared. */
  readonly answerBytes = new Map<number, number>();
  /** Reports that are answered with another one, whose id comes with it. */
  readonly answersAs = new Map<number, number>();
  /** Writes fail with this errno. */
  refuses: ErrnoName | null = null;
  /** Writes are accepted, and change nothing. */
  ignoresWrites = false;
  /** Called with the name of a timer that came to 0: its outlets go off, or on. */
  onTimer: (name: string) => void = () => undefined;
  readonly #model: UpsModel;
  readonly #payloads: Map<number, Buffer>;
  readonly #timers: Timers;
  #frozen: ReadonlyMap<number, Buffer> | null = null;

  constructor({ model = smallApc, serial = 'FAKE0001', port, interfaceNumber = 0, folder }: Options = {}) {
    this.#model = model;
    this.#payloads = new Map([...model.reports].map(([id, payload]) => [id, Buffer.from(payload)]));
    this.#timers = new Timers(model.timerUnit, (name) => this.onTimer(name));
    const { vendorId, productId, manufacturer, product, descriptor } = model;
    this.device = new FakeHidraw(
      {
        vendorId,
        productId,
        manufacturer,
        product,
        descriptor,
        serial,
        port: port ?? `usb-0000:00:14.0-1/input${interfaceNumber}`,
        interfaceNumber,
        getFeature: (id) => this.#answer(id),
        setFeature: (report) => this.#write(report),
      },
      folder ?? newHidrawFolder(),
    );
  }

  get log(): FakeHidraw['log'] {
    return this.device.log;
  }

  /** What was written to it, its report ids in their order. */
  get written(): number[] {
    return this.log.filter(({ op }) => op === 'set').map(({ id }) => id);
  }

  plug(number = 0, options?: { denied?: boolean }): Promise<void> {
    return this.device.plug(number, options);
  }

  unplug(): Promise<void> {
    return this.device.unplug();
  }

  env(): ReturnType<FakeHidraw['env']> {
    return this.device.env();
  }

  dispose(): Promise<void> {
    this.#timers.stop();
    return this.device.dispose();
  }

  /** Changes values; with `push` (the default) the input reports that carry them go out by interrupt, as from a real one. */
  set(patch: Readonly<Record<string, number>>, { push = true } = {}): void {
    const changed = Object.entries(patch).flatMap(([name, value]) => {
      const fields = this.#model.fields.filter((field) => field.name === name && this.#payloads.has(field.reportId));
      if (fields.length === 0) throw new Error(`${this.#model.product} has no ${name}`);
      for (const field of fields) this.#put(field, value);
      return fields;
    });
    if (!push || !this.interrupts) return;
    const inputs = changed.filter(({ type }) => type === 'Input').map(({ reportId }) => reportId);
    for (const id of new Set(inputs)) this.#push(id);
  }

  /** From now on every feature report is answered as it is now, whatever happens. Interrupt reports go on. */
  freeze(): void {
    this.#frozen = new Map([...this.#payloads].map(([id, payload]) => [id, Buffer.from(payload)]));
  }

  #push(id: number): void {
    this.pushedAt = Date.now();
    this.device.push(this.#report(id).subarray(0, 1 + (this.#model.inputs.get(id) ?? 0)));
  }

  #answer(asked: number): Buffer {
    const id = this.answersAs.get(asked) ?? asked;
    const frozen = this.#frozen?.get(id);
    const report = frozen ? Buffer.concat([Buffer.from([id]), frozen]) : this.#report(id);
    const bytes = this.answerBytes.get(id);
    return bytes === undefined ? report : Buffer.concat([report, Buffer.alloc(bytes)]).subarray(0, 1 + bytes);
  }

  #report(id: number): Buffer {
    const payload = this.#payloads.get(id);
    if (!payload) throw new IoctlError('EPIPE'); // a stalled control transfer
    for (const field of this.#timersOf(id)) this.#put(field, this.#timers.left(field));
    return Buffer.concat([Buffer.from([id]), payload]);
  }

  #write(report: Buffer): void {
    const id = report[0] as number;
    const payload = this.#payloads.get(id);
    if (!payload) throw new IoctlError('EPIPE');
    if (this.refuses) throw new IoctlError(this.refuses);
    if (this.ignoresWrites) return;
    report.copy(payload, 0, 1);
    for (const field of this.#timersOf(id)) this.#timers.write(field, this.#get(field));
  }

  #timersOf(id: number): ModelField[] {
    return this.#model.fields.filter((field) => field.reportId === id && Timers.has(field));
  }

  #get({ reportId, offset, size }: ModelField): number {
    const payload = this.#payloads.get(reportId) as Buffer;
    let value = 0;
    for (let bit = size - 1; bit >= 0; bit -= 1) {
      const at = offset + bit;
      value = value * 2 + (((payload[at >> 3] as number) >> (at & 7)) & 1);
    }
    return value;
  }

  #put({ reportId, offset, size }: ModelField, value: number): void {
    const payload = this.#payloads.get(reportId) as Buffer;
    for (let bit = 0; bit < size; bit += 1) {
      const at = offset + bit;
      const mask = 1 << (at & 7);
      const byte = payload[at >> 3] as number;
      // Not `value >> bit`: values of 32 bits would turn negative.
      payload[at >> 3] = Math.floor(value / 2 ** bit) % 2 === 0 ? byte & ~mask : byte | mask;
    }
  }
}
