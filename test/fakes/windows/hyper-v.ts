import type { After } from '../after.ts';
import type { Call } from './powershell-run.ts';
import { member, PowerShellError, text, type Value } from './powershell-values.ts';
import type { Vm, WindowsState } from './state.ts';

/** The component ids of integration services are the same on every host. */
const shutdownService = '9F8233AC-BE49-4C79-8EE3-E7E1985B2077';

const notFound = (what: string) =>
  new PowerShellError('ObjectNotFound', `Hyper-V hat kein Objekt für "${what}" gefunden.`);

/** The cmdlets of Hyper-V, of failover clusters and of CIM, as far as they are used, with VMs that take their time. */
export class HyperV {
  readonly #state: WindowsState;
  readonly #after: After;
  #isOn = true;

  constructor(state: WindowsState, after: After) {
    this.#state = state;
    this.#after = after;
  }

  get running(): string[] {
    return this.#state.vms.filter(({ state }) => !/^(Off|Saved)/.test(state)).map(({ name }) => name);
  }

  /** VMs that lost their power with the host. */
  crashed = 0;

  cutPower(): void {
    this.#isOn = false;
    this.crashed += this.running.length;
    for (const vm of this.#state.vms) if (!vm.state.startsWith('Saved')) vm.state = 'Off';
  }

  boot(): void {
    this.#isOn = true;
  }

  cmdlet(name: string, call: Call, who: { sees: boolean; isAdmin: boolean }): Value[] | undefined {
    switch (name) {
      case 'get-vm':
        return this.#get(call, who.sees);
      case 'stop-vm':
        return this.#each(call, (vm) => this.#turnOff(vm, call));
      case 'start-vm':
        return this.#each(call, (vm) => this.#start(vm));
      case 'get-vmintegrationservice':
        return this.#services(this.#found(member(call.named.get('vm'), 'id')));
      case 'get-ciminstance':
        return this.#instances(call, who.sees);
      case 'invoke-cimmethod':
        return call.input.map((component) => this.#shutDown(component, call));
      case 'get-itemproperty':
        return this.#registry(call);
      case 'get-clusternode':
      case 'suspend-clusternode':
      case 'resume-clusternode':
        return this.#node(name, call, who.isAdmin);
      default:
        return undefined;
    }
  }

  /** Who may not see them is shown none, and no error. */
  #get({ named }: Call, sees: boolean): Value[] {
    if (!this.#state.vmms) throw new PowerShellError('ResourceUnavailable', 'Der Dienst "vmms" wird nicht ausgeführt.');
    const ids = named.has('id') ? [named.get('id')].flat().map(text) : null;
    if (!sees) {
      if (ids !== null) throw notFound(ids.join());
      return [];
    }
    return ids === null ? this.#state.vms.map(shown) : ids.map((id) => shown(this.#found(id)));
  }

  #found(id: Value): Vm {
    const vm = this.#state.vms.find((one) => one.id === text(id).toLowerCase());
    if (vm === undefined) throw notFound(text(id));
    return vm;
  }

  #each({ input }: Call, work: (vm: Vm) => void): Value[] {
    for (const one of input) work(this.#found(member(one, 'id')));
    return [];
  }

  #turnOff(vm: Vm, { named }: Call): void {
    // Without it Stop-VM would ask the guest and wait, and without -Force it may ask the user.
    if (named.get('turnoff') !== true || named.get('force') !== true) throw new Error('Stop-VM would block');
    if (vm.cannotTurnOff) throw new PowerShellError('InvalidOperation', `"${vm.name}" reagiert nicht.`);
    vm.state = 'Stopping';
    this.#later(1000, () => {
      vm.state = 'Off';
    });
  }

  #start(vm: Vm): void {
    if (vm.cannotStart) throw new PowerShellError('NotSpecified', `"${vm.name}" konnte nicht gestartet werden.`);
    if (/^(Running|Starting)/.test(vm.state))
      throw new PowerShellError('InvalidOperation', 'Der Vorgang ist in diesem Zustand ungültig.');
    vm.state = 'Starting';
    this.#later(3000, () => {
      vm.state = 'Running';
    });
  }

  #services(vm: Vm): Value[] {
    const id = (component: string) => `Microsoft:${vm.id.toUpperCase()}\\${component}`;
    return [
      { Id: id('84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47'), Name: 'Takt', Enabled: true },
      { Id: id(shutdownService), Name: 'Herunterfahren', Enabled: vm.agent !== 'off' },
    ];
  }

  #instances({ named }: Call, sees: boolean): Value[] {
    const [, property = '', wanted = ''] = /^(\w+)='([^']*)'$/.exec(text(named.get('filter'))) ?? [];
    const asked = `${text(named.get('namespace'))} ${text(named.get('classname'))} ${property}`;
    if (asked !== 'root/virtualization/v2 Msvm_ShutdownComponent SystemName')
      throw new PowerShellError('MetadataError', `Ungültige Klasse: ${asked}`);
    const vm = this.#state.vms.find(({ id }) => id === wanted.toLowerCase());
    const hasOne = sees && vm !== undefined && vm.state === 'Running' && (vm.agent === 'ok' || vm.agent === 'deaf');
    return hasOne ? [{ SystemName: vm.id.toUpperCase() }] : [];
  }

  #shutDown(component: Value, { named }: Call): Value {
    const { Force, Reason } = named.get('arguments') as { Force?: unknown; Reason?: unknown };
    const isRight =
      text(named.get('methodname')) === 'InitiateShutdown' && Force === true && typeof Reason === 'string';
    if (!isRight) throw new PowerShellError('InvalidArgument', 'Ungültiger Methodenparameter.');
    const vm = this.#found(member(component, 'systemname'));
    if (vm.agent === 'ok') {
      this.#later(vm.shutDownMs, () => {
        if (vm.state === 'Running') vm.state = 'Off';
      });
    }
    return { ReturnValue: 0 };
  }

  #registry({ named }: Call): Value[] {
    const isAsked = text(named.get('path')) === 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ClusSvc\\Parameters';
    if (isAsked && this.#state.cluster !== null) return [{ ClusterName: 'hvcluster' }];
    if (named.get('erroraction') === 'SilentlyContinue') return [];
    throw notFound(text(named.get('path')));
  }

  #node(name: string, { named }: Call, isAdmin: boolean): Value[] {
    const { cluster } = this.#state;
    if (cluster === null || cluster.service === 'stopped')
      throw new PowerShellError('ConnectionError', 'Der Clusterdienst wird nicht ausgeführt.');
    if (cluster.service === 'forgotten') return [];
    if (text(named.get('name')) !== 'HV01') throw notFound(text(named.get('name')));
    if (name !== 'get-clusternode' && !isAdmin) throw new PowerShellError('PermissionDenied', 'Zugriff verweigert');
    if (name === 'suspend-clusternode') {
      if (named.get('drain') !== true) throw new Error('its roles would stay');
      Object.assign(cluster, { node: 'Paused', drain: 'InProgress' });
      if (cluster.drainMs === 'never') cluster.drain = 'Failed';
      else
        this.#later(cluster.drainMs, () => {
          cluster.drain = 'Completed';
          // Those that run move to another node, where this host sees them no more.
          this.#state.vms = this.#state.vms.filter(({ state }) => state !== 'Running');
        });
    }
    if (name === 'resume-clusternode') Object.assign(cluster, { node: 'Up', drain: 'NotInitiated' });
    if (cluster.saysNo && name !== 'get-clusternode') throw new PowerShellError('NotSpecified', 'Fehler beim Cluster.');
    return [{ Name: 'HV01', State: cluster.node, DrainStatus: cluster.drain }];
  }

  #later(ms: number, call: () => void): void {
    this.#after(ms, () => {
      if (this.#isOn) call();
    });
  }
}

const shown = (vm: Vm): Value => ({
  Id: vm.id,
  Name: vm.name,
  State: vm.state,
  Heartbeat: vm.state === 'Running' ? vm.heartbeat : null,
});
