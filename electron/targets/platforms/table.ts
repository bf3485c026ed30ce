import type { HostKind } from '../../../shared/platforms.ts';
import { bsd } from './bsd.ts';
import { powerOffByCommand } from './by-command.ts';
import { docker } from './docker.ts';
import { esxi } from './esxi.ts';
import { esxiApi } from './esxi-api.ts';
import { hyperV } from './hyper-v.ts';
import { kubernetes } from './kubernetes.ts';
import { libvirt } from './libvirt.ts';
import { linux } from './linux.ts';
import { managedEsxi } from './managed-esxi.ts';
import type { Platform } from './platform.ts';
import { proxmox } from './proxmox.ts';
import { truenas } from './truenas.ts';
import { vcenter } from './vcenter.ts';
import { windows } from './windows.ts';
import { xcpNg } from './xcp-ng.ts';

const byCommandAlone: Platform = { powerOff: powerOffByCommand, harmless: [] };

/** Every platform with what handles it. A new one is one module and one row here, and its row in shared/platforms.ts. */
export const platformTable: Readonly<Record<HostKind, Platform>> = {
  linux,
  windows,
  esxi: managedEsxi(esxi),
  'esxi-api': managedEsxi(esxiApi),
  vcenter,
  proxmox,
  libvirt,
  'hyper-v': hyperV,
  'xcp-ng': xcpNg,
  truenas,
  synology: linux,
  qnap: linux,
  unraid: linux,
  freebsd: bsd,
  macos: bsd,
  docker,
  kubernetes,
  other: byCommandAlone,
};
