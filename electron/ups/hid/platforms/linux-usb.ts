import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Fault } from '../../../../shared/fault.ts';
import { isKnownUps } from './known-ids.ts';

/** USB's class of human interface devices, as sysfs writes it. */
const hidClass = '03';

/**
 * UPSes on the bus whose HID interface the kernel's driver does not have: NUT and apcupsd over libusb detach it, and
 * hidraw is gone while they run. By sysfs, under `folder`; known vendors only, as other devices use libusb rightly.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/docs/man/usbhid-ups.txt
 */
export function takenUpses(folder: string): Fault[] {
  const names = listed(folder);
  // Interfaces are `1-4:1.0`, devices `1-4`.
  return names
    .filter((name) => !name.includes(':'))
    .flatMap((name) => {
      const vendorId = hex(textOf(join(folder, name, 'idVendor')));
      const productId = hex(textOf(join(folder, name, 'idProduct')));
      if (vendorId === null || productId === null || !isKnownUps({ vendorId, productId })) return [];
      const hid = names
        .filter((other) => other.startsWith(`${name}:`))
        .filter((other) => textOf(join(folder, other, 'bInterfaceClass')) === hidClass);
      if (hid.length === 0 || hid.some((other) => driverOf(join(folder, other)) === 'usbhid')) return [];
      return [inUse(textOf(join(folder, name, 'product')) || 'USB UPS', name)];
    });
}

function inUse(product: string, port: string): Fault {
  return {
    code: 'ups-in-use',
    what: 'Another program has taken it from the system, most likely the driver of NUT (usbhid-ups) or apcupsd',
    where: `${product.slice(0, 200)} at USB ${port}`,
    remedy:
      'Add that NUT or apcupsd to Glidepath as a UPS server, or stop its driver (systemctl stop nut-driver.target, or ' +
      'apcupsd) and plug the USB cable in again.',
  };
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function driverOf(interfaceFolder: string): string {
  try {
    return basename(readlinkSync(join(interfaceFolder, 'driver')));
  } catch {
    return '';
  }
}

function hex(text: string): number | null {
  return /^[0-9a-f]{4}$/i.test(text) ? Number.parseInt(text, 16) : null;
}
