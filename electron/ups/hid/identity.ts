import type { Ups } from '../../../shared/reading.ts';
import type { Offer } from '../../../shared/ups-command.ts';
import type { Candidate } from './candidates.ts';
import { hex4 } from './udev-rule.ts';

/**
 * Who a UPS is, over re-plug and restart: by its serial number, or by its port when it has none. Serial numbers of zeros
 * are common, and so is one that two units share (`isShared`): then it is no identity, and each goes by its port. `offers`:
 * the commands that it takes.
 * @see https://github.com/networkupstools/nut/issues/2791
 */
export function identify(candidate: Candidate, isShared: (id: string) => boolean, offers: readonly Offer[] = []): Ups {
  const { vendorId, productId, manufacturer, product, path, port } = candidate;
  const kind = `${hex4(vendorId)}:${hex4(productId)}`;
  const bySerial = serialId(candidate);
  const { name, firmware } = splitFirmware(printable(product));
  return {
    id: bySerial !== null && !isShared(bySerial) ? bySerial : `hid:${kind}@${port ?? path}`.slice(0, 200),
    name: name.slice(0, 200) || `UPS ${kind}`,
    manufacturer: printable(manufacturer).slice(0, 200),
    serial: serialOf(candidate),
    firmware: firmware.slice(0, 200),
    source: 'hid',
    via: `USB ${kind}`,
    offers: [...offers],
  };
}

/** The id that its serial number gives; null: it has none. */
export function serialId(candidate: Candidate): string | null {
  const serial = serialOf(candidate);
  return serial === '' ? null : `hid:${hex4(candidate.vendorId)}:${hex4(candidate.productId)}:${serial}`;
}

function serialOf({ serial }: Candidate): string {
  return /^[0\s]*$/.test(serial) ? '' : printable(serial).slice(0, 100);
}

/**
 * APC puts its firmware into the product's name: "Back-UPS RS 1000G FW:900.L10.I USB FW:L10". What is left of it here:
 * "900.L10.I, USB L10".
 */
function splitFirmware(product: string): { name: string; firmware: string } {
  const [name = '', ...rest] = product.split(/\s*\bFW:/);
  const [ups = '', usb = ''] = rest.map((part) => part.replace(/\s*\bUSB$/, '').trim());
  const parts = [ups, usb === '' ? '' : `USB ${usb}`].filter((part) => part !== '');
  return { name: name.replace(/\s*\bUSB$/, '').trim(), firmware: parts.join(', ') };
}

function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').trim();
}
