import { powerOffByCommand } from './by-command.ts';
import { exactly } from './exactly.ts';
import type { Platform } from './platform.ts';

/**
 * FreeBSD with what is built on it, and macOS. What is sent is read by a csh as well: FreeBSD's root has one before 14.
 * @see https://man.freebsd.org/cgi/man.cgi?query=shutdown&sektion=8 (-p; -h alone leaves the power on)
 * @see https://www.freebsd.org/releases/14.0R/relnotes/ (root's shell)
 */
export const bsd: Platform = {
  powerOff: powerOffByCommand,
  macs: '/sbin/ifconfig',
  harmless: [exactly('/sbin/ifconfig')],
};
