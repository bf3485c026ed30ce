import { devicesAsync } from 'node-hid';
import { FaultError } from '../../../shared/fault.ts';
import { parseReportDescriptor } from './descriptor.ts';
import { badDescriptor } from './items.ts';
import { readDescriptorBytes, readUsbPort } from './linux-sysfs.ts';
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

/** All devices with a UPS application collection. Never by vendor id: those are shared by serial tunnels and keyboards. */
export async function findCandidates(): Promise<Candidate[]> {
  const found = new Map<string, Candidate>();
  for (const device of await devicesAsync()) {
    if (device.usagePage !== usage.ups >>> 16 || device.usage !== (usage.ups & 0xffff) || !device.path) continue;
    found.set(device.path, {
      path: device.path,
      vendorId: device.vendorId,
      productId: device.productId,
      manufacturer: (device.manufacturer ?? '').trim(),
      product: (device.product ?? '').trim(),
      serial: (device.serialNumber ?? '').trim(),
      port: process.platform === 'linux' ? readUsbPort(device.path) : null,
    });
  }
  return [...found.values()];
}

/**
 * Its report descriptor, with the fields of the UPS application only. A controller may hand out a shifted one now and
 * then: it is rejected here, and read again at the next look.
 * @see https://github.com/networkupstools/nut/issues/3557
 */
export function descriptorOf({ path, product }: Candidate): ReportDescriptor {
  if (process.platform !== 'linux') {
    throw new FaultError({
      code: 'ups-bad-descriptor',
      what: `Reading a USB UPS is not supported on ${process.platform} yet: its report descriptor cannot be had there`,
      where: product || path,
      remedy: 'Run Glidepath on Linux for this UPS.',
    });
  }
  const parsed = parseReportDescriptor(readDescriptorBytes(path));
  const fields = parsed.fields.filter((field) => field.path[0]?.usage === usage.ups);
  if (fields.length === 0) throw badDescriptor('there is no UPS in it', 0);
  return { ...parsed, fields };
}
