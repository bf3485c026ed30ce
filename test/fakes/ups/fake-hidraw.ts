import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildShim } from './build-shim.ts';

export type ErrnoName = keyof typeof constants.errno;

/** Thrown by `getFeature` and `setFeature`: the ioctl fails with this errno. */
export class IoctlError extends Error {
  readonly errno: ErrnoName;

  constructor(errno: ErrnoName) {
    super(errno);
    this.errno = errno;
  }
}

export interface HidrawSpec {
  vendorId: number;
  productId: number;
  descriptor: Buffer;
  manufacturer: string;
  product: string;
  serial: string;
  /** HID_PHYS: which USB port it is plugged into. */
  port: string;
  /** bInterfaceNumber: composite devices carry HID on their second or third. */
  interfaceNumber: number;
  /** Reports go with their id byte first. */
  getFeature(id: number): Buffer;
  setFeature(report: Buffer): void;
}

/** ioctl numbers of <linux/hidraw.h>. */
const ioctl = { descriptorSize: 1, descriptor: 2, setFeature: 6, getFeature: 7, getInput: 10 } as const;
const openStream = 0x52; // 'R'
const openIoctl = 0x49; // 'I'

/** A folder that stands for /sys/class/hidraw. Short: a Unix socket's path has 107 characters. */
export function newHidrawFolder(): string {
  return mkdtempSync(join(tmpdir(), 'fakehid-'));
}

/**
 * An emulated hidraw device, the other half of hidraw_shim.c. It must not live in the process that uses node-hid: some
 * of node-hid's calls block the event loop that has to answer them.
 */
export class FakeHidraw {
  /** Answers every report ioctl this late, milliseconds. */
  delayMs = 0;
  /** Answers every report ioctl with this errno. */
  fault: ErrnoName | null = null;
  /** Answers the ioctls of these reports with this errno: a stall on one of them. */
  readonly stalled = new Map<number, ErrnoName>();
  readonly log: { op: 'get' | 'set'; id: number; at: number }[] = [];
  readonly folder: string;
  readonly #spec: HidrawSpec;
  readonly #readers = new Set<Socket>();
  readonly #connections = new Set<Socket>();
  #server: Server | null = null;
  #place = '';

  constructor(spec: HidrawSpec, folder: string) {
    this.#spec = spec;
    this.folder = folder;
  }

  /** What a program needs in its environment to see the devices of this folder. */
  env(): { FAKE_HIDRAW_DIR: string; LD_PRELOAD: string } {
    return { FAKE_HIDRAW_DIR: this.folder, LD_PRELOAD: buildShim() };
  }

  get plugged(): boolean {
    return this.#server !== null;
  }

  /** How many programs have it open. */
  get openHandles(): number {
    return this.#readers.size;
  }

  /** Appears, whole, as /dev/hidraw`number`. With `denied` nobody may open it. */
  async plug(number: number, { denied = false } = {}): Promise<void> {
    const fresh = join(this.folder, `.new${number}`);
    this.#place = join(this.folder, `hidraw${number}`);
    for (const [name, content] of Object.entries(this.#sysfs())) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true });
      writeFileSync(join(fresh, name), content);
    }
    if (denied) writeFileSync(join(fresh, 'denied'), '');
    const server = createServer((connection) => this.#serve(connection));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(join(fresh, 'sock'), resolve);
    });
    this.#server = server;
    renameSync(fresh, this.#place);
  }

  /** Takes away the obstacle that `plug` was told to put up. */
  permit(): void {
    rmSync(join(this.#place, 'denied'));
  }

  /** Vanishes at once: readers see a hang-up, ioctls get ENODEV. */
  async unplug(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const gone = `${this.folder}/.gone-${Date.now()}`;
    renameSync(this.#place, gone);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#server = null;
    for (const connection of this.#connections) connection.destroy();
    await closed;
    rmSync(gone, { recursive: true, force: true });
  }

  /** Sends an input report, its id first, to every open handle. */
  push(report: Buffer): void {
    const frame = Buffer.alloc(2 + report.length);
    frame.writeUInt16LE(report.length);
    report.copy(frame, 2);
    for (const reader of this.#readers) reader.write(frame);
  }

  async dispose(): Promise<void> {
    await this.unplug();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #sysfs(): Record<string, string | Buffer> {
    const { vendorId, productId, manufacturer, product, serial, port, interfaceNumber, descriptor } = this.#spec;
    const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0');
    const uevent = [
      'DRIVER=hid-generic',
      `HID_ID=0003:${hex(vendorId, 8)}:${hex(productId, 8)}`,
      `HID_NAME=${manufacturer} ${product}`,
      `HID_PHYS=${port}`,
      `HID_UNIQ=${serial}`,
      '',
    ];
    return {
      'device/uevent': uevent.join('\n'),
      'device/report_descriptor': descriptor,
      'usb_device/manufacturer': manufacturer,
      'usb_device/product': product,
      'usb_device/serial': serial,
      'usb_device/bcdDevice': '0100',
      'usb_interface/bInterfaceNumber': interfaceNumber.toString(16).padStart(2, '0'),
    };
  }

  #serve(connection: Socket): void {
    let received = Buffer.alloc(0);
    this.#connections.add(connection);
    connection.on('error', () => connection.destroy());
    connection.on('close', () => {
      this.#connections.delete(connection);
      this.#readers.delete(connection);
    });
    connection.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received[0] === openStream) {
        this.#readers.add(connection);
        received = Buffer.from('R'); // output reports that follow are dropped
      } else if (received[0] === openIoctl) {
        this.#request(connection, received);
      } else {
        connection.destroy();
      }
    });
  }

  #request(connection: Socket, received: Buffer): void {
    if (received.length < 5) return;
    const command = received.readUInt32LE(1);
    const size = (command >>> 16) & 0x3fff;
    if (received.length < 5 + size) return;
    const data = Buffer.from(received.subarray(5, 5 + size));
    const number = command & 0xff;
    const answer = () => {
      const head = Buffer.alloc(4);
      head.writeInt32LE(this.#result(number, data));
      if (!connection.destroyed) connection.end(Buffer.concat([head, data]));
    };
    if (this.delayMs > 0 && number > ioctl.descriptor) setTimeout(answer, this.delayMs);
    else answer();
  }

  #result(number: number, data: Buffer): number {
    try {
      return this.#ioctl(number, data);
    } catch (error) {
      if (error instanceof IoctlError) return -constants.errno[error.errno];
      throw error;
    }
  }

  #ioctl(number: number, data: Buffer): number {
    const { descriptor } = this.#spec;
    switch (number) {
      case ioctl.descriptorSize:
        data.writeInt32LE(descriptor.length);
        return 0;
      case ioctl.descriptor:
        data.writeUInt32LE(descriptor.length);
        descriptor.copy(data, 4);
        return 0;
      case ioctl.getFeature:
      case ioctl.getInput:
        this.#note('get', data);
        return this.#spec.getFeature(data[0] as number).copy(data);
      case ioctl.setFeature:
        this.#note('set', data);
        this.#spec.setFeature(data);
        return data.length;
      default:
        throw new IoctlError('ENOTTY');
    }
  }

  #note(op: 'get' | 'set', data: Buffer): void {
    const id = data[0] as number;
    this.log.push({ op, id, at: Date.now() });
    const errno = this.fault ?? this.stalled.get(id);
    if (errno) throw new IoctlError(errno);
  }
}
