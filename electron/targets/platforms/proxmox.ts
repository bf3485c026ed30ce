import { cephFlags } from '../proxmox/ceph-flags.ts';
import { proxmoxGuests } from '../proxmox/guests.ts';
import { ha } from '../proxmox/ha.ts';
import { maintenance } from '../proxmox/maintenance.ts';
import { powerOffByCommand } from './by-command.ts';
import type { Platform } from './platform.ts';

/**
 * A node of Proxmox VE 7 or later. It stops its guests itself when it goes down, within their own time-outs, and cuts
 * off those that have not stopped by then.
 * @see https://pve.proxmox.com/pve-docs/pvenode.1.html (stopall: timeout, force-stop)
 */
export const proxmox: Platform = {
  powerOff: powerOffByCommand,
  guests: proxmoxGuests,
  settings: { ha, maintenance, 'ceph-flags': cephFlags },
  macs: 'cat /sys/class/net/*/address',
  harmless: [
    /^cat \/sys\/class\/net\/\*\/address$/,
    /^(sudo -n )?\/usr\/bin\/pvesh get \/(version|cluster\/ha\/status\/(current|manager_status)) --output-format json$/,
    /^(sudo -n )?\/usr\/bin\/pvesh get \/nodes\/localhost\/(qemu|lxc)(\/\d{3,9}\/status\/current)? --output-format json$/,
    /^(sudo -n )?\/usr\/sbin\/qm guest cmd \d{3,9} ping$/,
    /^(sudo -n )?\/usr\/bin\/ceph --connect-timeout 10 osd dump --format json$/,
  ],
};
