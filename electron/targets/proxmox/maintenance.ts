import { z } from 'zod';
import { count } from '../../../shared/words.ts';
import { keptOf, wasBefore } from '../platforms/before.ts';
import type { SettingActs, SettingSeen } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { askHa, whenQuorate } from './ha-status.ts';
import { api, at, flag, mayUse, order, told } from './node.ts';

const askManager = api('/cluster/ha/status/manager_status');

const status = z.object({
  quorum: z.object({ node: z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/) }),
  manager_status: z.object({
    node_status: z.record(z.string(), z.string()).default({}),
    node_request: z.record(z.string(), z.object({ maintenance: flag.optional() })).default({}),
    service_status: z.record(z.string(), z.object({ node: z.string().optional(), state: z.string() })).default({}),
  }),
  lrm_status: z.record(z.string(), z.object({ mode: z.string().optional() })).default({}),
});

/** States in which nothing of a guest runs. */
const atRest = new Set(['stopped']);

interface Looked extends SettingSeen {
  node: string;
  /** Whoever has told it to. */
  isRequested: boolean;
}

/**
 * It is in maintenance when HA has taken that up there and has no guest left on it: that it says so comes before its
 * guests have moved.
 * @see https://pve.proxmox.com/pve-docs/ha-manager.1.html (Maintenance Mode)
 */
async function look(session: Session): Promise<Looked> {
  const { quorum, manager_status: manager, lrm_status: lrm } = await told(session, askManager, status);
  const { node } = quorum;
  if (manager.node_status[node] === undefined)
    return { node, isRequested: false, on: 'either', seen: `HA is not used on ${node}: there is nothing to switch` };
  const isRequested = manager.node_request[node]?.maintenance === true;
  const isTakenUp = lrm[node]?.mode === 'maintenance';
  const guests = Object.values(manager.service_status).filter((one) => one.node === node && !atRest.has(one.state));
  const left = `${count(guests.length, 'guest')} of HA on it`;
  if (!isRequested && !isTakenUp)
    return { node, isRequested, on: false, seen: `${node} is not in maintenance mode, ${left}` };
  const isThere = isRequested && isTakenUp && guests.length === 0;
  const seen = `${node}: maintenance mode ${isThere ? 'on' : 'not done'}, ${left}`;
  return { node, isRequested, on: isThere || 'between', seen };
}

const switching = (on: boolean, node: string): string =>
  `${at.haManager} crm-command node-maintenance ${on ? 'enable' : 'disable'} ${node}`;

/** HA moves its guests to other nodes and starts none there. It outlasts a boot of the node. */
export const maintenance: SettingActs = {
  async read(session, left = []) {
    const { on, seen, isRequested } = await look(session);
    if (isRequested && wasBefore(left)) return { on: 'either', seen: `${seen}, as before this run` };
    return { on, seen, data: keptOf(isRequested) };
  },
  async set(session, on, { before }) {
    if (!on && wasBefore(before)) return {};
    await whenQuorate(session);
    const { node, on: is } = await look(session);
    if (is !== on && is !== 'either') await order(session, switching(on, node));
    return {};
  },
  would: (on) => switching(on, 'NODE'),
  async maySet(session, on) {
    const { node, seen } = await look(session);
    return `${await mayUse(session, [askHa, switching(on, node)])}; ${seen}`;
  },
};
