import { find, textAt, type XmlNode } from '../../../electron/targets/soap/xml.ts';
import type { After } from '../after.ts';
import {
  authorizationProperty,
  folderProperty,
  hostId,
  InvalidProperty,
  objectsOf,
  type PropertyOf,
  type Role,
  type Side,
  vmId,
} from './properties.ts';
import type { FakeEsxi, FakeVm, TaskEnd, World } from './world.ts';

/** What a method answers: the inside of its response, or a fault by its type. */
export type Answer = { returns: string } | { fault: string; message?: string };

const ok: Answer = { returns: '' };
const fault = (type: string): Answer => ({ fault: type });

/** The order in which the WSDL has the elements of a request; a server refuses any other. */
const sequences: Readonly<Record<string, readonly string[]>> = {
  Login: ['userName', 'password', 'locale'],
  CreateContainerView: ['container', 'type', 'recursive'],
  RetrievePropertiesEx: ['specSet', 'options'],
  ContinueRetrievePropertiesEx: ['token'],
  RelocateVM_Task: ['spec', 'priority'],
  EnterMaintenanceMode_Task: ['timeout', 'evacuatePoweredOffVms', 'maintenanceSpec'],
  ExitMaintenanceMode_Task: ['timeout'],
  ShutdownHost_Task: ['force'],
  ReconfigureComputeResource_Task: ['spec', 'modify'],
  UpdateOptions: ['changedValue'],
  QueryOptions: ['name'],
};

/** The privilege that a method takes. */
const needs: Readonly<Record<string, string>> = {
  ShutdownGuest: 'VirtualMachine.Interact.PowerOff',
  PowerOffVM_Task: 'VirtualMachine.Interact.PowerOff',
  PowerOnVM_Task: 'VirtualMachine.Interact.PowerOn',
  RelocateVM_Task: 'Resource.HotMigrate',
  EnterMaintenanceMode_Task: 'Host.Config.Maintenance',
  ExitMaintenanceMode_Task: 'Host.Config.Maintenance',
  ShutdownHost_Task: 'Host.Config.Maintenance',
  ReconfigureComputeResource_Task: 'Host.Inventory.EditCluster',
  UpdateOptions: 'Global.Settings',
};

export interface MethodsOptions {
  world: World;
  side: Side;
  after: After;
  roles: readonly Role[];
  /** The free ESXi: its API lets everything be read and nothing be done. */
  isFree: boolean;
  /** Objects in one page of an answer at most. */
  pageSize: number;
}

/**
 * The methods of a vCenter, or of one ESXi host, behind a session that is signed in.
 * @see https://developer.broadcom.com/xapis/virtual-infrastructure-json-api/latest/data-structures/CreateContainerViewRequestType
 * (what a view holds: the container's children or, with `recursive`, what is reached from them)
 * @see https://github.com/ansible-collections/community.vmware/issues/777 (a VM of a vApp is in such a view, without `parent`)
 */
export class Methods {
  readonly #options: MethodsOptions;
  readonly #views = new Map<string, string>();
  readonly #pages = new Map<string, string[]>();
  readonly #tasks = new Map<string, { state: string; fault: string | null }>();
  /** Methods whose calls and tasks end well and do nothing. */
  readonly lies = new Set<string>();
  /** Properties that our user may not read. */
  readonly hidden = new Set<string>();
  #count = 0;

  constructor(options: MethodsOptions) {
    this.#options = options;
  }

  call(method: string, self: string, body: XmlNode, role: Role): Answer {
    const names = body.children.map(({ name }) => name).filter((name) => name !== '_this');
    if (!isInOrder(names, sequences[method] ?? [])) return fault('InvalidRequest');
    const need = needs[method];
    if (need !== undefined && this.#options.isFree) return fault('RestrictedVersion');
    if (need !== undefined && role.privileges !== 'all' && !role.privileges.includes(need))
      return fault('NoPermission');
    if (this.lies.has(method)) return method.endsWith('_Task') ? this.#task((end) => end(null)) : ok;
    const run = this.#methods[method];
    return run ? run(self, body, role) : fault('MethodNotFound');
  }

  readonly #methods: Readonly<Record<string, (self: string, body: XmlNode, role: Role) => Answer>> = {
    CurrentTime: () => ({ returns: '<returnval>2026-11-22T00:00:00Z</returnval>' }),
    CreateContainerView: (_self, body) => {
      const id = `session[1]view-${++this.#count}`;
      // Under the root folder all is reached from one thing to the next, a VM of a vApp through its host; but right under
      // it stand data centers only.
      this.#views.set(id, textAt(body, 'recursive') === 'true' ? (textAt(body, 'type') ?? '') : 'Datacenter');
      return { returns: `<returnval type="ContainerView">${id}</returnval>` };
    },
    DestroyView: (self) => (this.#views.delete(self) ? ok : fault('ManagedObjectNotFound')),
    RetrievePropertiesEx: (_self, body, role) => this.#retrieve(body, role),
    ContinueRetrievePropertiesEx: (_self, body) => this.#page(textAt(body, 'token') ?? ''),
    ShutdownGuest: (self) => this.#withVm(self, (vm) => toAnswer(this.#options.world.shutdownGuest(vm))),
    PowerOffVM_Task: (self) => this.#withVm(self, (vm) => this.#task((end) => this.#options.world.powerOff(vm, end))),
    PowerOnVM_Task: (self) => this.#withVm(self, (vm) => this.#task((end) => this.#options.world.powerOn(vm, end))),
    RelocateVM_Task: (self, body) =>
      this.#withVm(self, (vm) =>
        // What the user's rights forbid is refused at the call, all else by the task.
        vm.cannotMove === 'NoPermission'
          ? fault(vm.cannotMove)
          : this.#task((end) => this.#options.world.relocate(vm, textAt(body, 'spec', 'host') ?? '', end)),
      ),
    EnterMaintenanceMode_Task: (self, body) =>
      this.#withHost(self, (host) => {
        const mode = textAt(body, 'maintenanceSpec', 'vsanMode', 'objectAction');
        const seconds = Number(textAt(body, 'timeout'));
        const { world, side } = this.#options;
        const task = this.#task((end) => world.enterMaintenance(host, seconds, mode, end));
        if (side.is === 'vcenter') world.evacuate(host);
        return task;
      }),
    ExitMaintenanceMode_Task: (self) =>
      this.#withHost(self, (host) => this.#task((end) => this.#options.world.exitMaintenance(host, end))),
    ShutdownHost_Task: (self, body) =>
      this.#withHost(self, (host) => {
        const why = this.#options.world.shutdownHost(host, textAt(body, 'force') === 'true');
        return why === null ? this.#task((end) => end(null)) : fault(why);
      }),
    ReconfigureComputeResource_Task: (self, body) => {
      const cluster = this.#options.world.clusters.find(({ id }) => id === self);
      const enabled = textAt(body, 'spec', 'dasConfig', 'enabled');
      if (!cluster || enabled === null) return fault('ManagedObjectNotFound');
      return this.#task((end) => this.#options.world.setHa(cluster, enabled === 'true', end));
    },
    QueryOptions: (_self, body) => {
      const key = textAt(body, 'name') ?? '';
      const value = this.#options.world.options.get(key);
      if (value === undefined) return fault('InvalidName');
      const option = `<key>${key}</key><value xsi:type="xsd:string">${value}</value>`;
      return { returns: `<returnval xsi:type="OptionValue">${option}</returnval>` };
    },
    UpdateOptions: (_self, body) => {
      const option = find(body, 'changedValue');
      this.#options.world.setOption(textAt(option, 'key') ?? '', textAt(option, 'value') ?? '');
      return ok;
    },
  };

  #withVm(self: string, act: (vm: FakeVm) => Answer): Answer {
    const { world, side } = this.#options;
    const vm = world.vms.find(
      (one) => vmId(side, one) === self && (side.is === 'vcenter' || side.host.id === one.host),
    );
    return vm ? act(vm) : fault('ManagedObjectNotFound');
  }

  #withHost(self: string, act: (host: FakeEsxi) => Answer): Answer {
    const { world, side } = this.#options;
    const host = world.hosts.find((one) => hostId(side, one) === self);
    return host ? act(side.is === 'esxi' ? side.host : host) : fault('ManagedObjectNotFound');
  }

  #task(begin: (end: TaskEnd) => void): Answer {
    const id = `task-${++this.#count}`;
    const task = { state: 'running', fault: null as string | null };
    this.#tasks.set(id, task);
    begin((why) => {
      task.state = why === null ? 'success' : 'error';
      task.fault = why;
    });
    return { returns: `<returnval type="Task">${id}</returnval>` };
  }

  #retrieve(body: XmlNode, role: Role): Answer {
    const spec = find(body, 'specSet');
    const type = textAt(spec, 'propSet', 'type') ?? '';
    const paths = (find(spec, 'propSet')?.children ?? [])
      .filter(({ name }) => name === 'pathSet')
      .map((path) => path.text);
    const self = textAt(spec, 'objectSet', 'obj') ?? '';
    const objects = this.#objects(type, self, role);
    if (objects === null) return fault('ManagedObjectNotFound');
    try {
      const rows = objects.map(({ id, of }) => objectContent(type, id, paths, of, this.hidden));
      return this.#pageOf(rows);
    } catch (error) {
      if (error instanceof InvalidProperty) return fault('InvalidProperty');
      throw error;
    }
  }

  #objects(type: string, self: string, role: Role): Array<{ id: string; of: PropertyOf }> | null {
    const { world, side, roles } = this.#options;
    if (this.#views.has(self)) return this.#views.get(self) === type ? objectsOf(world, side, type) : [];
    if (type === 'Task') return this.#tasks.has(self) ? [{ id: self, of: this.#taskProperty(self) }] : null;
    if (type === 'Folder') return [{ id: self, of: folderProperty(role) }];
    if (type === 'AuthorizationManager') return [{ id: self, of: authorizationProperty(roles) }];
    const found = objectsOf(world, side, type).filter(({ id }) => id === self);
    return found.length > 0 ? found : null;
  }

  #taskProperty(id: string): PropertyOf {
    const task = this.#tasks.get(id);
    return () => {
      const why = task?.fault
        ? `<error><fault xsi:type="${task.fault}"/><localizedMessage>It said ${task.fault}.</localizedMessage></error>`
        : '';
      const inner = `<key>${id}</key><state>${task?.state ?? 'error'}</state>${why}`;
      return `<val xsi:type="TaskInfo">${inner}</val>`;
    };
  }

  #pageOf(rows: readonly string[]): Answer {
    const here = rows.slice(0, this.#options.pageSize);
    const rest = rows.slice(this.#options.pageSize);
    if (rest.length === 0) return { returns: `<returnval>${here.join('')}</returnval>` };
    const token = `token-${++this.#count}`;
    this.#pages.set(token, rest);
    return { returns: `<returnval><token>${token}</token>${here.join('')}</returnval>` };
  }

  #page(token: string): Answer {
    const rows = this.#pages.get(token);
    this.#pages.delete(token);
    return rows ? this.#pageOf(rows) : fault('InvalidArgument');
  }
}

const toAnswer = (why: string | null): Answer => (why === null ? ok : fault(why));

/**
 * What may not be read stands behind what is told, each with why.
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vmodl.query.PropertyCollector.ObjectContent.html
 */
function objectContent(
  type: string,
  id: string,
  paths: readonly string[],
  of: PropertyOf,
  hidden: ReadonlySet<string>,
): string {
  const told = paths.map((path) => {
    const value = of(path);
    return value === null || hidden.has(path) ? '' : `<propSet><name>${path}</name>${value}</propSet>`;
  });
  const why = '<fault><fault xsi:type="NoPermission"/><localizedMessage/></fault>';
  const missing = paths
    .filter((path) => hidden.has(path))
    .map((path) => `<missingSet><path>${path}</path>${why}</missingSet>`);
  return `<objects><obj type="${type}">${id}</obj>${told.join('')}${missing.join('')}</objects>`;
}

/** Each name stands where the sequence allows it; what the sequence does not know is refused, too. */
function isInOrder(names: readonly string[], sequence: readonly string[]): boolean {
  let at = 0;
  for (const name of names) {
    const found = sequence.indexOf(name, at);
    if (found < 0) return false;
    at = found;
  }
  return true;
}
