import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Candidate } from '../candidates.ts';
import type { Platform } from './platform.ts';
import { type Plist, parsePlist } from './plist.ts';
import { unsupported } from './unsupported.ts';

const run = promisify(execFile);
const limits = { timeout: 10_000, maxBuffer: 32 * 1024 * 1024 };

/**
 * The registry of devices (`ioreg`) tells the report descriptor of each HID device, to every user. node-hid opens it shared
 * (`nonExclusive`), because the system reads UPSes itself. Not verified on hardware: made after Apple's documents and
 * node-hid's and hidapi's sources.
 * @see https://github.com/libusb/hidapi/blob/master/mac/hid.c
 */
export const macos: Platform = {
  async descriptorOf(device) {
    const { stdout } = await run('/usr/sbin/ioreg', ['-a', '-l', '-r', '-d', '1', '-c', 'IOHIDDevice'], limits);
    const found = descriptorFromRegistry(stdout, device);
    if (!found) throw unsupported(device, 'macOS', 'the registry of devices does not tell its report descriptor');
    return found;
  },
  portOf: () => null,
  noAccess: (words, where, { path }) =>
    /not permitted|0xE00002E2/i.test(words)
      ? {
          code: 'ups-no-access',
          what: `A UPS is connected (${path}), but macOS does not let Glidepath open it: ${words}`.slice(0, 2000),
          where,
          remedy: 'Allow Glidepath in System Settings, Privacy & Security, Input Monitoring, and start it again.',
        }
      : null,
  taken: () => [],
  reads: { length: 'roomy', zeros: 'believed' },
};

/** Out of what `ioreg -a` printed. Null when the device is not in it, or more than one fits. */
export function descriptorFromRegistry(xml: string, device: Candidate): Uint8Array | null {
  const list = parsePlist(xml);
  const entries = (Array.isArray(list) ? list : []).filter(isEntry).filter((entry) => {
    return entry.VendorID === device.vendorId && entry.ProductID === device.productId;
  });
  // hidapi's path carries the entry's own number: `DevSrvsID:4294969135`.
  const id = Number(/^DevSrvsID:(\d+)$/.exec(device.path)?.[1] ?? Number.NaN);
  const exact = entries.filter((entry) => entry.IORegistryEntryID === id);
  const fitting = exact.length > 0 ? exact : entries.filter((entry) => serialOf(entry) === device.serial);
  const descriptor = fitting.length === 1 ? fitting[0]?.ReportDescriptor : null;
  return descriptor instanceof Uint8Array && descriptor.length > 0 ? descriptor : null;
}

type Entry = { [key: string]: Plist };

function isEntry(value: Plist): value is Entry {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function serialOf(entry: Entry): string {
  const serial = entry.SerialNumber;
  return typeof serial === 'string' ? serial.trim() : '';
}
