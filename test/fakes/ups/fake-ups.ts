import { FakeHidraw, IoctlError, newHidrawFolder } from './fake-hidraw.ts';
import type { ModelField, UpsModel } from './model.ts';
import { smallApc } from './small-apc.ts';

interface Options {
  model?: UpsModel;
  serial?: string;
  /** HID_PHYS. */
  port?: string;
  /** The folder of another fake, so that one program sees both. */
  folder?: string;
}

/**
 * A scripted UPS on an emulated hidraw. Values have the names of HID usages, `set({ ACPresent: 0, Discharging: 1 })`,
 * and are raw. A name sets every field of that name, as makers repeat theirs.
 */
export class FakeUps {
  readonly device: FakeHidraw;
  /** When the last interrupt report was sent, by Date.now(). */
  pushedAt = Number.NaN;
  readonly #model: UpsModel;
  readonly #payloads: Map<number, Buffer>;

  constructor({ model = smallApc, serial = 'FAKE0001', port, folder = newHidrawFolder() }: Options = {}) {
    this.#model = model;
    this.#payloads = new Map([...model.reports].map(([id, payload]) => [id, Buffer.from(payload)]));
    const { vendorId, productId, manufacturer, product, descriptor } = model;
    this.device = new FakeHidraw(
      {
        vendorId,
        productId,
        manufacturer,
        product,
        descriptor,
        serial,
        port: port ?? 'usb-0000:00:14.0-1/input0',
        getFeature: (id) => this.#report(id),
        setFeature: (report) => this.#write(report),
      },
      folder,
    );
  }

  get log(): FakeHidraw['log'] {
    return this.device.log;
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
    if (!push) return;
    const inputs = changed.filter(({ type }) => type === 'Input').map(({ reportId }) => reportId);
    for (const id of new Set(inputs)) this.#push(id);
  }

  #push(id: number): void {
    this.pushedAt = Date.now();
    this.device.push(this.#report(id).subarray(0, 1 + (this.#model.inputs.get(id) ?? 0)));
  }

  #report(id: number): Buffer {
    const payload = this.#payloads.get(id);
    if (!payload) throw new IoctlError('EPIPE'); // a stalled control transfer
    return Buffer.concat([Buffer.from([id]), payload]);
  }

  #write(report: Buffer): void {
    const payload = this.#payloads.get(report[0] as number);
    if (!payload) throw new IoctlError('EPIPE');
    report.copy(payload, 0, 1);
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
