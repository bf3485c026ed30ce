import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { VsphereApi } from '../soap/api.ts';
import { refIn } from '../soap/content.ts';
import type { Ref } from '../soap/write.ts';
import { all, textAt } from '../soap/xml.ts';
import { propertiesOfAll } from './properties.ts';

export interface EsxiSystem {
  ref: Ref;
  name: string;
  /** Its names and addresses, in small letters. */
  names: string[];
  inMaintenance: boolean;
  /** It answers the server that tells of it. */
  connected: boolean;
  /** The cluster, or what stands for one, that it is in; empty: not told. */
  parent: string;
  /** It takes part in vSAN. */
  isVsanMember: boolean;
  /** Bytes of memory that are free; null: not told. */
  freeMemory: number | null;
}

const paths = [
  'name',
  'parent',
  'runtime.inMaintenanceMode',
  'runtime.connectionState',
  'config.network.vnic',
  'config.vsanHostConfig.enabled',
  'summary.hardware.memorySize',
  'summary.quickStats.overallMemoryUsage',
];

/** Every ESXi host that the server knows. @throws FaultError of `propertiesOfAll` */
export async function listHosts(api: VsphereApi, host: Host): Promise<EsxiSystem[]> {
  return (await propertiesOfAll(api, host, 'HostSystem', paths)).map((found) => {
    const name = found.text('name') ?? '';
    const addresses = all(found.get('config.network.vnic'), 'HostVirtualNic').map((nic) =>
      textAt(nic, 'spec', 'ip', 'ipAddress'),
    );
    const size = found.text('summary.hardware.memorySize');
    const usedMiB = found.text('summary.quickStats.overallMemoryUsage');
    return {
      ref: found.ref,
      name,
      names: [name, ...addresses].flatMap((one) => (one ? [one.toLowerCase()] : [])),
      inMaintenance: found.text('runtime.inMaintenanceMode') === 'true',
      connected: found.text('runtime.connectionState') === 'connected',
      parent: refIn(found.get('parent'))?.value ?? '',
      isVsanMember: found.text('config.vsanHostConfig.enabled') === 'true',
      freeMemory: size === null || usedMiB === null ? null : Number(size) - Number(usedMiB) * 1024 * 1024,
    };
  });
}

/** The one host of an ESXi host's own API. @throws FaultError of `listHosts`, `unexpected-answer` */
export async function onlyHost(api: VsphereApi, host: Host): Promise<EsxiSystem> {
  const { apiType, fullName } = await api.content();
  const [only, ...more] = await listHosts(api, host);
  if (only && more.length === 0 && apiType === 'HostAgent') return only;
  throw hostFault(
    host,
    'unexpected-answer',
    `this is no ESXi host but ${fullName || apiType || 'something else'}`,
    'If it is a vCenter, choose “vCenter” as its kind.',
  );
}
