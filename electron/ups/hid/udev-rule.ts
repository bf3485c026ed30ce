import type { Fault } from '../../../shared/fault.ts';
import { knownVendors, type UsbIds } from './platforms/known-ids.ts';

/** The rules that come with Glidepath go here. The name must sort before 73-seat-late.rules, which acts on the tag. */
export const rulesFile = '/etc/udev/rules.d/70-glidepath-ups.rules';

/**
 * Lets the user at the seat open this UPS. By product too: a vendor may also make keyboards, which nobody should read.
 * @see https://github.com/libusb/hidapi/blob/master/udev/69-hid.rules
 */
export function udevRule({ vendorId, productId }: UsbIds): string {
  return rule(vendorId, [productId]);
}

/** The rules of the shipped file, assets/70-glidepath-ups.rules: a whole vendor where it makes nothing but UPSes. */
export function vendorRules(): string[] {
  return knownVendors.map(({ vendorId, productIds, alsoMakesOthers }) => {
    return rule(vendorId, alsoMakesOthers ? productIds : []);
  });
}

export function noAccess(name: string, path: string, ids: UsbIds): Fault {
  return {
    code: 'ups-no-access',
    what: `A UPS is connected at ${path}, but this user may not open it (permission denied)`,
    where: name,
    remedy:
      `As root, write this line into ${rulesFile}, then unplug the USB cable of the UPS and plug it in again: ` +
      udevRule(ids),
  };
}

export function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function rule(vendorId: number, productIds: readonly number[]): string {
  const parts = ['KERNEL=="hidraw*"', 'SUBSYSTEM=="hidraw"', `ATTRS{idVendor}=="${hex4(vendorId)}"`];
  if (productIds.length > 0) parts.push(`ATTRS{idProduct}=="${productIds.map(hex4).join('|')}"`);
  return [...parts, 'TAG+="uaccess"'].join(', ');
}
