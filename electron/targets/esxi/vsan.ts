import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { type EsxiAnswer, type EsxiRun, esxiFault } from './shell.ts';

/** What a host tells of the vSAN cluster that it is a member of. */
export interface VsanMember {
  /** Of the cluster; the same on all of its hosts, also while they do not see each other. */
  cluster: string;
  isWitness: boolean;
  /** How many members it sees, itself among them. */
  members: number;
  isHealthy: boolean;
  /** vSAN takes the host for being in maintenance mode; old versions do not say. */
  inMaintenance: boolean;
}

/**
 * Null: the host is no member of a vSAN cluster, which is told by the exit code, as VMware's own scripts do, and by what
 * it says first. The words of a refusal do not count.
 * @throws FaultError `command-failed` when its management service does not answer, `dead-peer`, `unexpected-answer`
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsan.html (esxcli vsan cluster get)
 */
export async function vsanMember(run: EsxiRun, host: Host): Promise<VsanMember | null> {
  const answer = await run('esxcli vsan cluster get');
  if (answer.dropped || answer.isSick)
    throw esxiFault(host, 'asking for its vSAN cluster', answer, 'Look at the host.');
  if (answer.failed || line(answer, 'Enabled') !== 'true') return null;
  const cluster = line(answer, 'Sub-Cluster UUID');
  const members = membersIn(answer);
  if (!cluster || members === 0) {
    const remedy = 'Run by hand on the host: esxcli vsan cluster get';
    throw hostFault(host, 'unexpected-answer', 'it does not say which members its vSAN cluster has', remedy);
  }
  return {
    cluster,
    members,
    isWitness: line(answer, 'Local Node Type') === 'WITNESS',
    isHealthy: line(answer, 'Local Node Health State') === 'HEALTHY',
    inMaintenance: line(answer, 'Maintenance Mode State') === 'ON',
  };
}

/** The value of a line, as in `   Local Node Type: NORMAL`; null: there is none. */
const line = ({ text }: EsxiAnswer, name: string): string | null =>
  new RegExp(`^ +${name}: (.*)$`, 'm').exec(text)?.[1]?.trim() ?? null;

/** Where their number is missing, as old versions may leave it out, their names are counted. */
function membersIn(answer: EsxiAnswer): number {
  const count = line(answer, 'Sub-Cluster Member Count');
  if (count !== null) return /^\d{1,4}$/.test(count) ? Number(count) : 0;
  return (line(answer, 'Sub-Cluster Member UUIDs') ?? '').split(',').filter((id) => id.trim() !== '').length;
}

/** What vSAN has yet to move or copy. What has just been put on its list has no bytes yet. */
export interface Resync {
  objects: number;
  bytes: number;
}

/**
 * @throws FaultError `refused` when the host is no vSAN member, `command-failed` when it does not tell, as before
 * version 6.6
 */
export async function resyncLeft(run: EsxiRun, host: Host): Promise<Resync> {
  const answer = await run('esxcli vsan debug resync summary get');
  const [objects, bytes] = [
    line(answer, 'Total Number Of Resyncing Objects'),
    line(answer, 'Total Bytes Left To Resync'),
  ];
  if (!answer.failed && objects !== null && bytes !== null && /^\d+$/.test(objects + bytes))
    return { objects: Number(objects), bytes: Number(bytes) };
  if (!answer.dropped && !answer.isSick && (await vsanMember(run, host)) === null) throw noMember(host);
  throw esxiFault(
    host,
    'asking for the resync of vSAN',
    answer,
    'ESXi tells it since 6.6: leave the step out, and look at the cluster by hand.',
  );
}

export const noMember = (host: Host) =>
  hostFault(host, 'refused', 'it is no member of a vSAN cluster', 'Aim the step at a host of the cluster.');
