import { type Result, result } from '../posix-shell.ts';
import type { EsxiMachine } from './machine.ts';
import type { EsxiState } from './state.ts';

/** How long reboot_helper.py takes. */
export const helperMs = 20_000;

/** One host of a scripted vSAN cluster. Tests may change it at any time. */
export interface VsanNode {
  readonly cluster: FakeVsan;
  readonly uuid: string;
  readonly type: 'NORMAL' | 'WITNESS';
  isUp: boolean;
  isHealthy: boolean;
  /** It sees no other member: the cluster was prepared, or its network is gone. */
  isAlone: boolean;
  /** What vSAN takes its maintenance mode for. */
  inMaintenance: boolean;
  /** So many times vSAN does not hear that the host has left maintenance mode. */
  deafTo: number;
}

/**
 * A vSAN cluster as its hosts show it: its members, its resync, and VMware's reboot_helper.py. `esxcli vsan cluster get`
 * and the resync are shaped after Broadcom's documentation of vSAN 7 and 8 (techdocs.broadcom.com, vmware-cis/vsan); what
 * the helper prints in the end is what vmware/powershell-module-for-vmware-cloud-foundation-power-management waits for.
 * What it, and esxcfg-advcfg, print when they fail is not published, and made up.
 */
export class FakeVsan {
  readonly uuid = '52557adc-dba7-0136-901e-6d2b9c417ea6';
  readonly nodes: VsanNode[] = [];
  resync = { objects: 0, bytes: 0 };
  /** `lies`: it says that it is done, and nothing has happened. */
  helper: 'works' | 'refuses' | 'hangs' | 'lies' = 'works';
  /** How often it was started while it ran. */
  races = 0;
  #atWork = 0;

  /** A new member. */
  node(type: VsanNode['type'] = 'NORMAL'): VsanNode {
    const uuid = `617b9736-87f7-c584-5bcb-${String(this.nodes.length + 1).padStart(12, '0')}`;
    const node = {
      cluster: this,
      uuid,
      type,
      isUp: true,
      isHealthy: true,
      isAlone: false,
      inMaintenance: false,
      deafTo: 0,
    };
    this.nodes.push(node);
    return node;
  }

  membersSeenBy(node: VsanNode): VsanNode[] {
    return node.isAlone ? [node] : this.nodes.filter(({ isUp, isAlone }) => isUp && !isAlone);
  }

  async run(machine: EsxiMachine, way: 'prepare' | 'recover'): Promise<Result> {
    if (this.helper === 'hangs') return new Promise(() => {});
    const isBeside = this.#atWork > 0;
    if (isBeside) this.races += 1;
    this.#atWork += 1;
    await machine.sleep(helperMs);
    this.#atWork -= 1;
    const isWell = this.nodes.every(({ isUp, isHealthy }) => isUp && isHealthy) && !isBeside;
    if (this.helper === 'refuses' || !isWell) return result('Some hosts of the cluster are not healthy.\n', 1);
    if (this.helper === 'works') for (const node of this.nodes) node.isAlone = way === 'prepare';
    return result(
      way === 'prepare' ? preparedText(machine.state) : 'Cluster reboot/poweron is completed successfully!\n',
    );
  }
}

/** 9.0 ends it with a full stop; what 7 and 8 end it with is not published, and differs here. */
const preparedText = ({ dialect }: EsxiState): string => `Cluster preparation is done${dialect === 7 ? '!' : '.'}\n`;

/** `esxcli vsan cluster get`. */
export function clusterInformation(node: VsanNode, dialect: EsxiState['dialect']): string {
  const seen = node.cluster.membersSeenBy(node);
  const isNew = dialect >= 7;
  return [
    'Cluster Information',
    '   Enabled: true',
    '   Current Local Time: 2026-01-26T08:17:29Z',
    `   Local Node UUID: ${node.uuid}`,
    `   Local Node Type: ${node.type}`,
    `   Local Node State: ${seen[0] === node ? 'MASTER' : 'AGENT'}`,
    `   Local Node Health State: ${node.isHealthy ? 'HEALTHY' : 'UNHEALTHY'}`,
    `   Sub-Cluster Master UUID: ${seen[0]?.uuid ?? ''}`,
    `   Sub-Cluster UUID: ${node.cluster.uuid}`,
    '   Sub-Cluster Membership Entry Revision: 1',
    ...(dialect === 5 ? [] : [`   Sub-Cluster Member Count: ${seen.length}`]),
    `   Sub-Cluster Member UUIDs: ${seen.map(({ uuid }) => uuid).join(', ')}`,
    ...(isNew ? [`   Sub-Cluster Member HostNames: ${seen.map(() => 'localhost').join(', ')}`] : []),
    '   Sub-Cluster Membership UUID: 9f50da62-ce4e-feb2-c396-005056895df1',
    ...(isNew
      ? [
          '   Unicast Mode Enabled: true',
          `   Maintenance Mode State: ${node.inMaintenance ? 'ON' : 'OFF'}`,
          '   Mode: REGULAR',
        ]
      : []),
    '',
  ].join('\n');
}

/** `esxcli vsan debug resync summary get`, since 6.6. */
export const resyncSummary = ({ cluster: { resync } }: VsanNode): string =>
  [
    `   Total Number Of Resyncing Objects: ${resync.objects}`,
    `   Total Bytes Left To Resync: ${resync.bytes}`,
    `   Total GB Left To Resync: ${(resync.bytes / 2 ** 30).toFixed(2)}`,
    '',
  ].join('\n');

const ignoring = '/VSAN/IgnoreClusterMemberListUpdates';

/** `esxcfg-advcfg -g PATH`, `-s VALUE PATH`: one option of the kernel. Needs no hostd. */
export function advcfg({ state }: EsxiMachine, [way, ...rest]: readonly string[]): Promise<Result> {
  const path = rest.at(-1) ?? '';
  const answer = (value: number) => Promise.resolve(result(`Value of IgnoreClusterMemberListUpdates is ${value}\n`));
  if (path !== ignoring || state.dialect === 5)
    return Promise.resolve(result(`Exception occured: Unable to find option ${path.split('/').at(-1)}\n`, 1));
  if (way !== '-s') return answer(state.ignoresMembers);
  const value = rest[0] === '1' ? 1 : 0;
  switch (state.advcfg) {
    case 'hangs':
      return new Promise(() => {});
    case 'refuses':
      return Promise.resolve(result('Exception occured: the operation is not allowed\n', 1));
    case 'ok':
      state.ignoresMembers = value;
      return answer(value);
    case 'lies':
      return answer(value);
  }
}

/** `python /usr/lib/vmware/vsan/bin/reboot_helper.py prepare|recover`, since 7.0 U1. */
export function python(machine: EsxiMachine, [path = '', way]: readonly string[]): Promise<Result> {
  const { vsan, dialect } = machine.state;
  const isThere = path === '/usr/lib/vmware/vsan/bin/reboot_helper.py' && dialect >= 7;
  if (!isThere) return Promise.resolve(result('', 2, `python: can't open file '${path}'\n`));
  if (way !== 'prepare' && way !== 'recover') return Promise.resolve(result('usage: reboot_helper.py\n', 2));
  if (vsan === null) return Promise.resolve(result('vSAN is not enabled on this host\n', 1));
  return vsan.cluster.run(machine, way);
}
