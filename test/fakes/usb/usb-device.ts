import { describeReports, type Field } from './report-descriptor.ts';
import { type FieldKey, upsFields } from './ups-fields.ts';
import type { UsbUps } from './usb-ups.ts';

/** @see https://www.usb.org/document-library/usb-20-specification section 9.3 */
export interface Setup {
  requestType: number;
  request: number;
  value: number;
  length: number;
}

interface Options {
  serial: string;
  /** Makes the report descriptor lie: see `describeReports`. */
  declare?: (field: Field<FieldKey>) => Field<FieldKey>;
}

export const usbIds = { vendor: 0x051d, product: 0x0002, version: 0x0106 };
/** Of the interrupt endpoint; milliseconds. A low-speed device has packets of 8 bytes. */
export const interval = 100;
export const maxPacket = 8;

const le16 = (value: number) => [value & 0xff, value >> 8];

/**
 * A UPS as a USB device: chapter 9 and the requests of the HID class. Knows no transport: that one brings control
 * requests and takes interrupt reports.
 */
export class UsbDevice {
  readonly ups: UsbUps;
  /** How many reports were asked for. */
  asked = 0;
  readonly #descriptor: Buffer;
  readonly #strings: ReadonlyMap<number, string>;
  #idle = 0;
  /** At most one for each report id, the newest. */
  #waiting: Buffer[] = [];
  #onWaiting: () => void = () => undefined;

  constructor(ups: UsbUps, { serial, declare }: Options) {
    this.ups = ups;
    this.#descriptor = describeReports(upsFields, declare);
    // By the numbers that usb-ups.ts gives.
    this.#strings = new Map([
      [1, 'Back-UPS EM 650 FW:834.H7 .I USB FW:H7'],
      [2, serial],
      [3, 'Emulated Power'],
      [4, 'PbAc'],
    ]);
    ups.onInterrupt((reports) => {
      for (const report of reports) this.#waiting = [...this.#waiting.filter(([id]) => id !== report[0]), report];
      this.#onWaiting();
    });
  }

  onWaiting(listener: () => void): void {
    this.#onWaiting = listener;
  }

  nextInterrupt(): Buffer | undefined {
    return this.#waiting.shift();
  }

  /** What waits is forgotten, as when the device is plugged in. */
  reset(): void {
    this.#waiting = [];
  }

  /** One transfer on endpoint 0: what it answers, empty for a write; null: it stalls. */
  control(setup: Setup): Buffer | null {
    return this.#answer(setup)?.subarray(0, setup.length) ?? null;
  }

  #answer({ requestType, request, value }: Setup): Buffer | null {
    const high = value >> 8;
    const low = value & 0xff;
    switch ((requestType << 8) | request) {
      case 0x8006: // GET_DESCRIPTOR of the device
        if (high === 1) return this.#deviceDescriptor();
        if (high === 2 && low === 0) return this.#configuration();
        return high === 3 ? this.#string(low) : null;
      case 0x8106: // GET_DESCRIPTOR of the interface
        if (high === 0x21) return this.#hid();
        return high === 0x22 ? this.#descriptor : null;
      case 0x8000: // GET_STATUS
      case 0x8100:
      case 0x8200:
        return Buffer.from([0, 0]);
      case 0x0201: // CLEAR_FEATURE(ENDPOINT_HALT)
        return Buffer.alloc(0);
      case 0xa101: // GET_REPORT
        this.asked += 1;
        return high === 1 || high === 3 ? this.ups.report(high === 1 ? 'input' : 'feature', low) : null;
      case 0x210a: // SET_IDLE
        this.#idle = high;
        return Buffer.alloc(0);
      case 0xa102: // GET_IDLE
        return Buffer.from([this.#idle]);
      default: // SET_REPORT too: nothing in these tests commands a UPS
        return null;
    }
  }

  #deviceDescriptor(): Buffer {
    const { vendor, product, version } = usbIds;
    return Buffer.from([
      18,
      1,
      ...le16(0x0110),
      0,
      0,
      0,
      maxPacket,
      ...[vendor, product, version].flatMap(le16),
      3,
      1,
      2,
      1,
    ]);
  }

  #configuration(): Buffer {
    const endpoint = Buffer.from([7, 5, 0x81, 3, ...le16(maxPacket), interval]);
    const body = Buffer.concat([Buffer.from([9, 4, 0, 0, 1, 3, 0, 0, 0]), this.#hid(), endpoint]);
    return Buffer.concat([Buffer.from([9, 2, ...le16(9 + body.length), 1, 1, 0, 0xe0, 1]), body]);
  }

  #hid(): Buffer {
    return Buffer.from([9, 0x21, ...le16(0x0110), 0, 1, 0x22, ...le16(this.#descriptor.length)]);
  }

  #string(index: number): Buffer | null {
    if (index === 0) return Buffer.from([4, 3, 0x09, 0x04]); // only English
    const text = this.#strings.get(index);
    if (text === undefined) return null;
    const bytes = Buffer.from(text, 'utf16le');
    return Buffer.concat([Buffer.from([2 + bytes.length, 3]), bytes]);
  }
}
