import { devicesAsync } from 'node-hid';
import { parseReportDescriptor } from './descriptor.ts';
import { badDescriptor } from './items.ts';
import type { Platform } from './platforms/platform.ts';
import type { ReportDescriptor } from './report-descriptor.ts';
import { usage } from './usages.ts';

/** A device that says it is a UPS, not opened yet. */
export interface Candidate {
  /** What node-hid opens: /dev/hidrawN on Linux. It changes on re-plug. */
  path: string;
  vendorId: number;
  productId: number;
  manufacturer: string;
  product: string;
  serial: string;
  /** The port it is plugged into, if the system tells. */
  port: string | null;
}

/**
 * All devices with a UPS application collection, whichever interface of the device it is on. Never by vendor id: those are
 * shared by serial tunnels and keyboards.
 */
export async function findCandidates(platform: Platform): Promise<Candidate[]> {
  const found = new Map<string, Candidate>();
  // One entry for each outermost collection: a device with several of them is there several times.
  for (const device of await devicesAsync()) {
    if (device.usagePage !== usage.ups >>> 16 || device.usage !== (usage.ups & 0xffff) || !device.path) continue;
    found.set(device.path, {
      path: device.path,
      vendorId: device.vendorId,
      productId: device.productId,
      manufacturer: (device.manufacturer ?? '').trim(),
      product: (device.product ?? '').trim(),
      serial: (device.serialNumber ?? '').trim(),
      port: platform.portOf(device.path),
    });
  }
  return [...found.values()];
}

/**
 * What a report descriptor says of the UPS, and of nothing else on the same interface. A controller may hand out a shifted
 * one now and then: it is rejected here, and read again at the next look.
 * @see https://github.com/networkupstools/nut/issues/3557
 */
export function upsDescriptor(bytes: Uint8Array): ReportDescriptor {
  const parsed = parseReportDescriptor(bytes);
  const fields = parsed.fields.filter((field) => field.path[0]?.usage === usage.ups);
  if (fields.length === 0) throw badDescriptor('there is no UPS in it', 0);
  const reports = parsed.reports.filter(({ kind, id }) => {
    return fields.some((field) => field.kind === kind && field.reportId === id);
  });
  return { ...parsed, fields, reports };
}
