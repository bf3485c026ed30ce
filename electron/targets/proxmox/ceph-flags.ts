import { z } from 'zod';
import type { StepData } from '../../../shared/run-record.ts';
import type { SettingActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { at, mayUse, order, told } from './node.ts';

/** Without a quorum of its monitors `ceph` would wait for minutes. Seconds. */
const ceph = `${at.ceph} --connect-timeout 10`;

const askFlags = `${ceph} osd dump --format json`;

/**
 * OSDs that are down for long are not taken for lost, so that no data is moved: the one flag that the manual names for
 * shutting down a whole cluster.
 * @see https://pve.proxmox.com/pve-docs/chapter-pveceph.html (Shutdown Proxmox VE + Ceph HCI Cluster)
 */
const noout = 'noout';

const dump = z.object({ flags: z.string() });

/** @see https://docs.ceph.com/en/latest/man/8/ceph/ (osd dump, osd set, --connect-timeout) */
async function isSet(session: Session): Promise<boolean> {
  const { flags } = await told(session, askFlags, dump);
  return flags.split(',').includes(noout);
}

const switching = (on: boolean): string => `${ceph} osd ${on ? 'set' : 'unset'} ${noout}`;

const isOurs = (left: readonly StepData[]): boolean =>
  left.some(({ flags }) => Array.isArray(flags) && flags.includes(noout));

/** The flags of the Ceph cluster that the node is part of. One that was set before stays. */
export const cephFlags: SettingActs = {
  async read(session, left) {
    const on = await isSet(session);
    if (left && !isOurs(left)) return { on: false, seen: `this run has not set ${noout}` };
    return { on, seen: `${noout} is ${on ? 'set' : 'not set'}`, ...(!on && { data: { flags: [noout] } }) };
  },
  async set(session, on, { before }) {
    if ((await isSet(session)) === on || (!on && !isOurs(before))) return {};
    await order(session, switching(on));
    return on ? { flags: [noout] } : {};
  },
  would: switching,
  async maySet(session, on) {
    const is = await isSet(session);
    return `${await mayUse(session, [askFlags, switching(on)])}; ${noout} is ${is ? 'set' : 'not set'}`;
  },
};
