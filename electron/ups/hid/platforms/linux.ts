import { readDescriptorBytes, readUsbPort } from '../linux-sysfs.ts';
import { noAccess } from '../udev-rule.ts';
import { takenUpses } from './linux-usb.ts';
import type { Platform } from './platform.ts';

/** sysfs tells all of it, to every user. Reading it is quick: these files are in memory. */
export const linux: Platform = {
  descriptorOf: async ({ path }) => readDescriptorBytes(path),
  portOf: readUsbPort,
  noAccess: (words, name, { path, ...ids }) => (/permission denied/i.test(words) ? noAccess(name, path, ids) : null),
  taken: () => takenUpses('/sys/bus/usb/devices'),
  reads: { length: 'roomy', zeros: 'believed' },
};
