import type { HexDump } from './messages.ts';
import type { DeviceIds } from './quirks/quirks.ts';
import type { Asked } from './report-reader.ts';
import { hex4 } from './udev-rule.ts';

interface Told {
  ids: DeviceIds;
  descriptor: Uint8Array;
  /** Feature reports by id, as asked for. */
  features: ReadonlyMap<number, Asked>;
  /** Input reports by id. */
  inputs: ReadonlyMap<number, Uint8Array>;
}

/** All that one device told, as it crosses to the other process. */
export function hexDump({ ids, descriptor, features, inputs }: Told): HexDump {
  const dump: HexDump = {
    vendorId: hex4(ids.vendorId),
    productId: hex4(ids.productId),
    descriptor: hexOf(descriptor),
    features: [],
    inputs: [...inputs].map(([id, bytes]) => ({ id, bytes: hexOf(bytes) })),
    failed: [],
  };
  for (const [id, asked] of features) {
    if ('payload' in asked) dump.features.push({ id, bytes: hexOf(asked.payload) });
    else dump.failed.push({ id, why: asked.error });
  }
  return dump;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
