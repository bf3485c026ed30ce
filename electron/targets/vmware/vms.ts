import type { Host } from '../../../shared/inventory.ts';
import type { VsphereApi } from '../soap/api.ts';
import { refIn } from '../soap/content.ts';
import type { Ref } from '../soap/write.ts';
import { all } from '../soap/xml.ts';
import { type Found, propertiesOfAll, told } from './properties.ts';

export interface Vm {
  ref: Ref;
  name: string;
  on: boolean;
  /** VMware Tools runs in it. */
  hasTools: boolean;
  /** The HostSystem that it is on, by its id; empty: not told. */
  hostId: string;
  isTemplate: boolean;
  /** The addresses and the host name that its Tools tell. */
  names: string[];
  /** Bytes of memory that it may take. */
  memory: number;
}

const paths = [
  'name',
  'runtime.powerState',
  'runtime.host',
  'guest.toolsRunningStatus',
  'guest.hostName',
  'guest.ipAddress',
  'guest.net',
  'config.template',
  'summary.config.memorySizeMB',
];

/** Every VM that the server knows. @throws FaultError of `propertiesOfAll`, and of `told` if one may be on and it is not told */
export async function listVms(api: VsphereApi, host: Host): Promise<Vm[]> {
  return (await propertiesOfAll(api, host, 'VirtualMachine', paths)).map((found) => vmOf(host, found));
}

function vmOf(host: Host, found: Found): Vm {
  const addresses = all(found.get('guest.net'), 'GuestNicInfo').flatMap((nic) =>
    all(nic, 'ipAddress').map((address) => address.text.trim()),
  );
  const names = [found.text('guest.hostName'), found.text('guest.ipAddress'), ...addresses];
  return {
    ref: found.ref,
    name: found.text('name') ?? found.ref.value,
    on: told(host, found, 'runtime.powerState') === 'poweredOn',
    hasTools: found.text('guest.toolsRunningStatus') === 'guestToolsRunning',
    hostId: refIn(found.get('runtime.host'))?.value ?? '',
    isTemplate: found.text('config.template') === 'true',
    names: [...new Set(names.filter((name) => name !== null && name !== ''))].map((name) => String(name).toLowerCase()),
    memory: Number(found.text('summary.config.memorySizeMB') ?? 0) * 2 ** 20,
  };
}

/**
 * vSphere's own agent VMs. They come back when they are switched off, and go when their cluster is in retreat mode.
 * @see https://knowledge.broadcom.com/external/article/316514
 */
export const isVcls = ({ name }: Pick<Vm, 'name'>): boolean => /^vCLS(-| \()/.test(name);

/** Ids come from servers and from journals. @throws Error when it is none */
export function vmRef(id: string): Ref {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(id)) throw new Error(`not a VM's id: ${JSON.stringify(id.slice(0, 40))}`);
  return { type: 'VirtualMachine', value: id };
}

/** Whether one VM is on: what counts when a method said no. */
export const isOn = (found: Found): boolean => found.text('runtime.powerState') === 'poweredOn';

/** Whether Tools runs in it. */
export const toolsRun = (found: Found): boolean => found.text('guest.toolsRunningStatus') === 'guestToolsRunning';
