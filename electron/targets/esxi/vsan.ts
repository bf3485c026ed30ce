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

const byHand = 'Run by hand on the host: esxcli vsan cluster get';

/**
 * What a host says that is no member, and one from before 5.5, which knows no vSAN. Here words count, as a member whose
 * vSAN is sick ends with an exit code too: published readers of ESXi's support bundles tell hosts without vSAN by the
 * first of these, in commands/localcli_vsan-cluster-get.txt. With any other words a host is not taken for one.
 * @see https://developer.broadcom.com/xapis/esxcli-command-reference/latest/ (vsan cluster get)
 */
const saysNone =
  /^ *(?:Virtual SAN|vSAN) Clustering is not enabled on this host|^(?:Error: )?Unknown command or namespace vsan /im;

/**
 * Null: the host is no member of a vSAN cluster, and says so. Whatever else it answers leaves open whether it holds data
 * of one.
 * @throws FaultError `command-failed` when it does not tell, `dead-peer`, `unexpected-answer`
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsan.html (esxcli vsan cluster get)
 */
export async function vsanMember(run: EsxiRun, host: Host): Promise<VsanMember | null> {
  const answer = await run('esxcli vsan cluster get');
  if (!answer.dropped && !answer.isSick && (saysNone.test(answer.text) || isSwitchedOff(answer))) return null;
  if (answer.failed) throw esxiFault(host, 'asking whether it is in a vSAN cluster', answer, byHand);
  const cluster = line(answer, 'Sub-Cluster UUID');
  const members = membersIn(answer);
  if (line(answer, 'Enabled') !== 'true' || !cluster || members === 0)
    throw hostFault(host, 'unexpected-answer', 'it does not say which members its vSAN cluster has', byHand);
  return {
    cluster,
    members,
    isWitness: line(answer, 'Local Node Type') === 'WITNESS',
    isHealthy: line(answer, 'Local Node Health State') === 'HEALTHY',
    inMaintenance: line(answer, 'Maintenance Mode State') === 'ON',
  };
}

const isSwitchedOff = (answer: EsxiAnswer): boolean => !answer.failed && line(answer, 'Enabled') === 'false';

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
