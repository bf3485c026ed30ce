import type { Candidate } from '../candidates.ts';
import { knownDescriptors } from './known-descriptors.ts';
import type { Platform } from './platform.ts';
import { unsupported } from './unsupported.ts';

/**
 * Windows tells nobody a report descriptor, so only devices whose descriptor was published are read. HidBatt.sys has the
 * device too, and shares it. Feature reports are asked for with a buffer as long as the longest one, since Windows wants
 * no less; zeros may mean that it did not ask the device. Not verified on hardware: made after node-hid's and hidapi's
 * sources and what others report.
 * @see https://learn.microsoft.com/windows-hardware/drivers/hid/top-level-collections-opened-by-windows-for-system-use
 * @see https://github.com/networkupstools/nut/pull/3335
 */
export const windows: Platform = {
  async descriptorOf(device) {
    const known = knownDescriptorOf(device);
    if (!known)
      throw unsupported(device, 'Windows', 'Windows does not tell report descriptors, and this model is not known');
    return known;
  },
  portOf: () => null,
  noAccess: (words, where, { path }) =>
    /access is denied|being used by another process/i.test(words)
      ? {
          code: 'ups-no-access',
          what: `A UPS is connected (${path}), but Windows does not let Glidepath open it: ${words}`.slice(0, 2000),
          where,
          remedy: "Close the UPS maker's own program, which may have opened it for itself alone.",
        }
      : null,
  taken: () => [],
  reads: { length: 'largest', zeros: 'asked-again' },
};

/** By ids and product name: makers use one id for many models, and the wrong descriptor would give wrong numbers. */
export function knownDescriptorOf({ vendorId, productId, product }: Candidate): Uint8Array | null {
  // APC puts its firmware behind the name.
  const name = (product.split(/\s+FW:/)[0] ?? '').trim().toLowerCase();
  const found = knownDescriptors.find((known) => {
    const products = known.products.map((each) => each.toLowerCase());
    return known.vendorId === vendorId && known.productId === productId && products.includes(name);
  });
  return found ? Uint8Array.from(Buffer.from(found.base64, 'base64')) : null;
}
