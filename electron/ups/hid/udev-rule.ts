import { FaultError } from '../../../shared/fault.ts';

interface UsbIds {
  vendorId: number;
  productId: number;
}

/** Must sort before 73-seat-late.rules, which acts on the tag. */
const file = '/etc/udev/rules.d/70-glidepath.rules';

/**
 * Lets the user at the seat open this UPS. By product too: a vendor may also make keyboards, which nobody should read.
 * @see https://github.com/libusb/hidapi/blob/master/udev/69-hid.rules
 */
export function udevRule({ vendorId, productId }: UsbIds): string {
  const ids = `ATTRS{idVendor}=="${hex4(vendorId)}", ATTRS{idProduct}=="${hex4(productId)}"`;
  return `KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ${ids}, TAG+="uaccess"`;
}

export function noAccess(name: string, path: string, ids: UsbIds): FaultError {
  return new FaultError({
    code: 'ups-no-access',
    what: `A UPS is connected at ${path}, but this user may not open it (permission denied)`,
    where: name,
    remedy:
      `As root, write this line into ${file}, then unplug the USB cable of the UPS and plug it in again: ` +
      udevRule(ids),
  });
}

export function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}
