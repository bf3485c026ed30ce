import type { Ups } from '../../../shared/reading.ts';
import type { Candidate } from './candidates.ts';
import { hex4 } from './udev-rule.ts';

/**
 * Who a UPS is, over re-plug and restart: by its serial number, or by its port when it has none. Serial numbers of
 * zeros are common, and two units with the same one exist: the second then goes by its port.
 * @see https://github.com/networkupstools/nut/issues/2791
 */
export function identify(candidate: Candidate, inUse: (id: string) => boolean): Ups {
  const { vendorId, productId, manufacturer, product, path, port } = candidate;
  const kind = `hid:${hex4(vendorId)}:${hex4(productId)}`;
  const serial = /^[0\s]*$/.test(candidate.serial) ? '' : printable(candidate.serial).slice(0, 100);
  const bySerial = `${kind}:${serial}`;
  return {
    id: serial && !inUse(bySerial) ? bySerial : `${kind}@${port ?? path}`.slice(0, 200),
    // APC puts its firmware into the product's name: "Back-UPS RS 1000G FW:900.L10.I USB FW:L10".
    name: printable(product.split(/\s+FW:/)[0] ?? '').slice(0, 200) || `UPS ${hex4(vendorId)}:${hex4(productId)}`,
    manufacturer: printable(manufacturer).slice(0, 200),
    serial,
    source: 'hid',
  };
}

function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').trim();
}
