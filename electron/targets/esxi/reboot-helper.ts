import { count } from '../../../shared/words.ts';
import type { StepContext } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { esxiShell } from './shell.ts';
import { noMember, type VsanMember, vsanMember } from './vsan.ts';

/** What VMware's reboot_helper.py does to a whole vSAN cluster. */
export type ClusterWay = 'prepare' | 'recover';

/**
 * What it prints in the end; the marks differ between versions.
 * @see https://github.com/vmware/powershell-module-for-vmware-cloud-foundation-power-management (what it waits for)
 */
export const saysDone: Readonly<Record<ClusterWay, RegExp>> = {
  prepare: /Cluster preparation is done/i,
  recover: /Cluster reboot\/power-?on is completed successfully/i,
};

/**
 * Whether a cluster is as it should be then. "The cluster is fully partitioned after the successful completion": a host
 * of a prepared one sees itself alone. One that was brought together sees all that were there before it was prepared in
 * this run, or at least another one if that is not known, and is well.
 */
export function isThere(way: ClusterWay, seen: VsanMember, earlier: StepContext['earlier']): boolean {
  if (way === 'prepare') return seen.members === 1;
  const before = earlier
    .filter(({ step, data }) => step.kind === 'prepare-vsan' && data.cluster === seen.cluster)
    .map(({ data }) => Number(data.members));
  return seen.isHealthy && seen.members >= Math.max(2, ...before);
}

/**
 * The host as a member that the helper may be run on.
 * @throws FaultError `refused` when it is none, or the witness; those of `vsanMember`
 */
export async function dataMember(session: Session): Promise<VsanMember> {
  const { host } = session;
  const member = await vsanMember(esxiShell(session), host);
  if (member === null) throw noMember(host);
  if (!member.isWitness) return member;
  throw hostFault(host, 'refused', 'it is the witness of its vSAN cluster', 'Aim the step at a host that holds data.');
}

/** "sees 3 members of its vSAN cluster", "sees itself alone in its vSAN cluster, and is not healthy". */
export function clusterWords({ members, isHealthy }: VsanMember): string {
  const what = members === 1 ? 'itself alone in' : `${count(members, 'member')} of`;
  return `sees ${what} its vSAN cluster${isHealthy ? '' : ', and is not healthy'}`;
}
