import { escapeXml as text } from '../../../electron/targets/soap/write.ts';
import type { FakeCluster, FakeEsxi, FakeVm, World } from './world.ts';

/** Whose API it is: a vCenter's, or that of one ESXi host. */
export type Side = { is: 'vcenter' } | { is: 'esxi'; host: FakeEsxi };

/** What a role allows; `all`: everything. */
export interface Role {
  id: number;
  name: string;
  privileges: 'all' | readonly string[];
}

/** A property of an object as the text of its `val`; null: it has none. */
export type PropertyOf = (path: string) => string | null;

const val = (type: string, inner: string): string => `<val xsi:type="${type}">${inner}</val>`;
const string = (value: string): string => val('xsd:string', text(value));
const boolean = (value: boolean): string => val('xsd:boolean', String(value));
const ref = (type: string, id: string): string => `<val type="${type}" xsi:type="ManagedObjectReference">${id}</val>`;

export const vmId = (side: Side, vm: FakeVm): string => (side.is === 'esxi' ? String(vm.id) : `vm-${vm.id}`);
export const hostId = (side: Side, host: FakeEsxi): string => (side.is === 'esxi' ? 'ha-host' : host.id);

function vmProperty(world: World, side: Side, vm: FakeVm): PropertyOf {
  return (path) => {
    const tools = vm.power === 'on' && vm.tools === 'running';
    const ip = tools && vm.ip !== null ? text(vm.ip) : null;
    switch (path) {
      case 'name':
        return string(vm.name);
      case 'runtime.powerState':
        return val('VirtualMachinePowerState', vm.power === 'on' ? 'poweredOn' : 'poweredOff');
      case 'runtime.host': {
        const host = world.hosts.find(({ id }) => id === vm.host);
        return host ? ref('HostSystem', hostId(side, host)) : null;
      }
      // A VM of a vApp has no folder.
      case 'parent':
        return vm.vApp === null ? ref('Folder', 'group-v3') : null;
      case 'parentVApp':
        return vm.vApp === null ? null : ref('VirtualApp', vm.vApp);
      case 'guest.toolsRunningStatus':
        return string(tools ? 'guestToolsRunning' : 'guestToolsNotRunning');
      case 'guest.hostName':
        return tools ? string(vm.name) : null;
      case 'guest.ipAddress':
        return ip === null ? null : string(ip);
      case 'guest.net':
        return ip === null
          ? val('ArrayOfGuestNicInfo', '')
          : val('ArrayOfGuestNicInfo', `<GuestNicInfo><ipAddress>${ip}</ipAddress></GuestNicInfo>`);
      case 'config.template':
        return boolean(vm.isTemplate);
      case 'summary.config.memorySizeMB':
        return val('xsd:int', String(vm.memory / 2 ** 20));
      default:
        return undefinedPath(path);
    }
  };
}

function hostProperty(world: World, host: FakeEsxi): PropertyOf {
  return (path) => {
    switch (path) {
      case 'name':
        return string(host.name);
      case 'parent':
        return ref('ClusterComputeResource', host.cluster);
      case 'runtime.inMaintenanceMode':
        return boolean(host.maintenance === 'on');
      case 'runtime.connectionState':
        return val('HostSystemConnectionState', host.connected ? 'connected' : 'notResponding');
      case 'config.network.vnic':
        return val(
          'ArrayOfHostVirtualNic',
          `<HostVirtualNic><device>vmk0</device><spec><ip><dhcp>false</dhcp><ipAddress>${host.ip}</ipAddress></ip></spec></HostVirtualNic>`,
        );
      case 'config.vsanHostConfig.enabled':
        return boolean(host.isVsanMember);
      case 'summary.hardware.memorySize':
        return val('xsd:long', String(host.memory));
      case 'summary.quickStats.overallMemoryUsage':
        return val('xsd:int', String(world.running(host).reduce((sum, vm) => sum + vm.memory, 0) / 2 ** 20));
      default:
        return undefinedPath(path);
    }
  };
}

const clusterProperty =
  (cluster: FakeCluster): PropertyOf =>
  (path) => {
    if (path === 'name') return string(cluster.name);
    return path === 'configuration.dasConfig.enabled' ? boolean(cluster.ha) : undefinedPath(path);
  };

/** A path that the type does not have is a fault of the whole call, so it must not look like a property without value. */
export class InvalidProperty extends Error {}

function undefinedPath(path: string): never {
  throw new InvalidProperty(path);
}

export function authorizationProperty(roles: readonly Role[]): PropertyOf {
  return (path) => {
    if (path !== 'roleList') return undefinedPath(path);
    const rows = roles.map(({ id, name, privileges }) => {
      const list = privileges === 'all' ? ['System.View'] : privileges;
      const all = list.map((one) => `<privilege>${one}</privilege>`).join('');
      return `<AuthorizationRole><roleId>${id}</roleId><system>${id < 0}</system><name>${name}</name>${all}</AuthorizationRole>`;
    });
    return val('ArrayOfAuthorizationRole', rows.join(''));
  };
}

export const folderProperty =
  (role: Role): PropertyOf =>
  (path) =>
    path === 'effectiveRole' ? val('ArrayOfInt', `<int>${role.id}</int>`) : undefinedPath(path);

/** The objects of a type, as one side knows them. */
export function objectsOf(world: World, side: Side, type: string): Array<{ id: string; of: PropertyOf }> {
  const isHere = (host: string): boolean => side.is === 'vcenter' || side.host.id === host;
  switch (type) {
    case 'VirtualMachine':
      return world.vms
        .filter((vm) => isHere(vm.host))
        .map((vm) => ({ id: vmId(side, vm), of: vmProperty(world, side, vm) }));
    case 'HostSystem':
      return world.hosts
        .filter((host) => isHere(host.id))
        .map((host) => ({ id: hostId(side, host), of: hostProperty(world, host) }));
    case 'ClusterComputeResource':
      return side.is === 'esxi' ? [] : world.clusters.map((one) => ({ id: one.id, of: clusterProperty(one) }));
    default:
      return [];
  }
}
