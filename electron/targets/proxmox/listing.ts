import { z } from 'zod';
import type { Guest } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { api, at, flag, told } from './node.ts';

/** VMs and containers: how the API calls them, HA, their program, and people. */
const types = {
  qemu: { ha: 'vm', program: at.qm, word: 'VM' },
  lxc: { ha: 'ct', program: at.pct, word: 'CT' },
} as const;
type Type = keyof typeof types;

export interface Parts {
  type: Type;
  vmid: string;
  program: string;
  /** As HA names it. */
  sid: string;
}

/** An id (`qemu/100`) taken apart; only what is one gets into a command. */
export function partsOf(id: string): Parts {
  const [, type, vmid = ''] = /^(qemu|lxc)\/(\d{3,9})$/.exec(id) ?? [];
  if (type === undefined) throw new Error(`not a guest's id: ${id}`);
  const { ha, program } = types[type as Type];
  return { type: type as Type, vmid, program, sid: `${ha}:${vmid}` };
}

/** The node by the name that every node has for itself. */
const here = '/nodes/localhost';

const askVms = api(`${here}/qemu`);
const askContainers = api(`${here}/lxc`);
const askVersion = api('/version');

const vmid = z
  .union([z.number(), z.string()])
  .transform(String)
  .pipe(z.string().regex(/^\d{3,9}$/));

const rows = z.array(z.object({ vmid, name: z.string().optional(), status: z.string() }));

/**
 * The guests of this node, not of its cluster. What is neither on nor off counts as on.
 * @throws FaultError those of `told`
 * @see https://pve.proxmox.com/pve-docs/api-viewer/ (/nodes/{node}/qemu, /nodes/{node}/lxc)
 */
export async function listGuests(session: Session): Promise<Guest[]> {
  const [vms, containers] = await Promise.all([told(session, askVms, rows), told(session, askContainers, rows)]);
  const named = (type: Type, found: z.infer<typeof rows>): Guest[] =>
    found.map(({ vmid: number, name, status }) => ({
      id: `${type}/${number}`,
      name: name ?? `${types[type].word} ${number}`,
      on: status !== 'stopped',
    }));
  return [...named('qemu', vms), ...named('lxc', containers)];
}

const current = z.object({
  status: z.string(),
  /** Of VMs: `running`, `paused` ... */
  qmpstatus: z.string().optional(),
  /** What goes on with it: `backup`, `migrate` ... */
  lock: z.string().optional(),
  /** The QEMU guest agent is switched on in its settings. */
  agent: flag.optional(),
});
export type Current = z.infer<typeof current>;

export const askCurrent = ({ type, vmid: number }: Parts): string => api(`${here}/${type}/${number}/status/current`);

/** @throws FaultError those of `told` */
export const currentOf = (session: Session, parts: Parts): Promise<Current> =>
  told(session, askCurrent(parts), current);

/** @throws FaultError those of `told` */
export async function majorVersion(session: Session): Promise<number> {
  const { version } = await told(session, askVersion, z.object({ version: z.string().regex(/^\d/) }));
  return Number.parseInt(version, 10);
}
