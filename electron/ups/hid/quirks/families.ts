import type { DeviceIds, Family } from './quirks.ts';

/**
 * Families by USB id; `products` only where a vendor id is shared. An id never decides whether something is a UPS: that
 * is the application collection's part.
 * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/scripts/upower/95-upower-hid.hwdb
 */
const table: ReadonlyArray<{ vendor: number; products?: readonly number[]; family: Family }> = [
  { vendor: 0x051d, family: 'apc' },
  { vendor: 0x0764, family: 'cyberpower' },
  { vendor: 0x0483, products: [0xa430], family: 'cyberpower' },
  { vendor: 0x0463, family: 'eaton' }, // MGE, Santak
  { vendor: 0x047c, family: 'eaton' }, // Dell
  { vendor: 0x04b3, family: 'eaton' }, // IBM
  { vendor: 0x0592, family: 'eaton' }, // Powerware
  { vendor: 0x03f0, products: [0x1fe5, 0x1fe6, 0x1fe7, 0x1fe8], family: 'eaton' }, // Hewlett Packard
  { vendor: 0x03f0, family: 'tripplite' },
  { vendor: 0x05dd, family: 'tripplite' }, // Delta, Minuteman
  { vendor: 0x09ae, family: 'tripplite' },
  { vendor: 0x10af, family: 'liebert' },
  { vendor: 0x050d, family: 'belkin' },
  { vendor: 0x0d9f, family: 'powercom' },
  { vendor: 0x06da, family: 'powerwalker' }, // Phoenixtec
  { vendor: 0x2e66, family: 'powerwalker' }, // Salicru, on the same platform
  { vendor: 0x2b2d, family: 'powerwalker' }, // AEG
  { vendor: 0x2341, family: 'arduino' },
  { vendor: 0x2a03, family: 'arduino' },
];

export function familyOf({ vendorId, productId }: Pick<DeviceIds, 'vendorId' | 'productId'>): Family {
  const row = table.find(
    ({ vendor, products }) => vendor === vendorId && (products === undefined || products.includes(productId)),
  );
  return row?.family ?? 'generic';
}
