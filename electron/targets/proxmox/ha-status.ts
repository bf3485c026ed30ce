import { z } from 'zod';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import type { Session } from '../platforms/session.ts';
import { api, flag, told } from './node.ts';

/** Ms of the clock until a cluster without quorum is asked again. */
const quorumMs = 5000;

export const askHa = api('/cluster/ha/status/current');

const entries = z.array(
  z.object({
    type: z.string(),
    node: z.string().nullish(),
    quorate: flag.optional(),
    sid: z.string().optional(),
    request_state: z.string().optional(),
    'armed-state': z.string().optional(),
    resource_mode: z.string().optional(),
  }),
);

/** A guest that HA looks after; its sid is safe in a command. */
export interface Service {
  /** `vm:100`, `ct:200`. */
  sid: string;
  /** What HA is told to make of it: `started`, `stopped`, `disabled`, `ignored`. */
  wanted: string;
}

export interface HaStatus {
  isQuorate: boolean;
  /** Of the whole cluster; null: this version cannot be disarmed (before 9.2). */
  arms: { state: string; mode: string } | null;
  services: readonly Service[];
}

/**
 * HA of the node's cluster; a node without one answers too, with no service.
 * @throws FaultError those of `told`
 * @see https://github.com/proxmox/pve-ha-manager/blob/master/src/PVE/API2/HA/Status.pm (status)
 */
export async function haStatus(session: Session): Promise<HaStatus> {
  const rows = await told(session, askHa, entries);
  const fencing = rows.find(({ type }) => type === 'fencing');
  return {
    isQuorate: rows.some(({ type, quorate }) => type === 'quorum' && quorate),
    arms: fencing ? { state: fencing['armed-state'] ?? '', mode: fencing.resource_mode ?? '' } : null,
    services: rows.flatMap(({ sid = '', request_state: wanted }) =>
      /^(vm|ct):\d{3,9}$/.test(sid) && wanted !== undefined && /^[a-z]{1,20}$/.test(wanted) ? [{ sid, wanted }] : [],
    ),
  };
}

export const isArmed = (arms: NonNullable<HaStatus['arms']>): boolean =>
  arms.state === 'armed' || arms.state === 'standby';

/** Those that HA really looks after. */
export const managed = ({ services }: HaStatus): Service[] => services.filter(({ wanted }) => wanted !== 'ignored');

/**
 * Who starts and stops a guest. `frozen`: HA, which carries nothing out at present.
 * @see https://github.com/proxmox/pve-ha-manager/blob/master/src/PVE/API2/HA/Status.pm (disarm-ha: resource-mode)
 */
export function whoRuns(status: HaStatus, sid: string): 'node' | 'ha' | 'frozen' {
  if (!managed(status).some((service) => service.sid === sid)) return 'node';
  if (status.arms === null || isArmed(status.arms)) return 'ha';
  return status.arms.state === 'disarmed' && status.arms.mode === 'ignore' ? 'node' : 'frozen';
}

/**
 * Waits for the quorum of the cluster, without which nothing in it can be changed or started: after a boot it takes as
 * many nodes as that. As often as the session has patience.
 * @throws FaultError `command-failed`, those of `haStatus`
 */
export async function whenQuorate(session: Session): Promise<HaStatus> {
  const { host, clock, signal, patience } = session;
  for (let tries = 1; ; tries += 1) {
    const status = await haStatus(session);
    if (status.isQuorate) return status;
    if (tries >= patience || signal.aborted) {
      const remedy = 'Look at the other nodes, and run: pvecm status';
      throw hostFault(host, 'command-failed', 'its cluster has no quorum, so that nothing can be changed', remedy);
    }
    if (tries === 1) session.tell(`the cluster of ${host.name} has no quorum yet, waiting for it`);
    await pause(clock, quorumMs, signal);
  }
}
