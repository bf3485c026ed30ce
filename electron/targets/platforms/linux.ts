import { powerOffByCommand } from './by-command.ts';
import type { Platform } from './platform.ts';

/** Linux with whatever init it has, and appliances that are one: they differ by the command that powers them off. */
export const linux: Platform = {
  powerOff: powerOffByCommand,
  macs: 'cat /sys/class/net/*/address',
  harmless: [/^cat \/sys\/class\/net\/\*\/address$/],
};
