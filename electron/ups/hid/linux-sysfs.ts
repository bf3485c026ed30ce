import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

// readFileSync on purpose: these files are in memory, and tests stand in for them at open().

/** node-hid gives no report descriptor; sysfs does, to every user. `path` is /dev/hidrawN. */
export function readDescriptorBytes(path: string): Uint8Array {
  return readFileSync(`/sys/class/hidraw/${basename(path)}/device/report_descriptor`);
}

/** Where the device is plugged in, as the kernel says it: `usb-0000:00:14.0-1/input0`. Null when it does not. */
export function readUsbPort(path: string): string | null {
  try {
    const uevent = readFileSync(`/sys/class/hidraw/${basename(path)}/device/uevent`, 'utf8');
    return /^HID_PHYS=(.+)$/m.exec(uevent)?.[1]?.trim() || null;
  } catch {
    return null;
  }
}
