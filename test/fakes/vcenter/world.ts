import type { After } from '../after.ts';

export interface FakeVm {
  /** `vm-7` at the vCenter, `7` at its host. */
  id: number;
  name: string;
  /** The id of its host. */
  host: string;
  power: 'on' | 'off';
  tools: 'running' | 'not-running';
  /** Milliseconds from being asked to being off. */
  shutdownMs: number | 'never';
  ip: string | null;
  isTemplate: boolean;
  /** Bytes. */
  memory: number;
  /** Why it cannot be moved to another host: a type of fault. */
  cannotMove: string | null;
  /** The vApp that it stands in, by its id; it is then in no folder. */
  vApp: string | null;
}

export interface FakeEsxi {
  id: string;
  name: string;
  ip: string;
  cluster: string;
  isOn: boolean;
  connected: boolean;
  maintenance: 'off' | 'entering' | 'on';
  isVsanMember: boolean;
  /** Bytes. */
  memory: number;
  /** It takes a power off and stays on. */
  isStuck: boolean;
}

export interface FakeCluster {
  id: string;
  name: string;
  ha: boolean;
  /** DRS of it, fully automated, moves what runs off a host that enters maintenance mode. */
  drs?: boolean;
  /** Why it cannot be changed: a type of fault. */
  fails?: string;
}

/** How a task ends: null is well, otherwise the type of its fault. */
export type TaskEnd = (fault: string | null) => void;

/** Milliseconds that things take. */
export const times = {
  enterMaintenance: 2000,
  exitMaintenance: 1000,
  powerOn: 1000,
  powerOff: 1500,
  relocate: 5000,
  reconfigure: 3000,
  /** From a shutdown of a host that was taken to dark. */
  die: 5000,
  /** From retreat mode to no vCLS VM, and back; the service looks every 30 s. */
  vclsGone: 45_000,
  vclsBack: 60_000,
  vclsAgain: 10_000,
};

export const fakeVm = (id: number, name: string, more: Partial<FakeVm> = {}): FakeVm => ({
  id,
  name,
  host: 'host-1',
  power: 'on',
  tools: 'running',
  shutdownMs: 10_000,
  ip: null,
  isTemplate: false,
  memory: 2 ** 30,
  cannotMove: null,
  vApp: null,
  ...more,
});

export const fakeEsxi = (id: string, more: Partial<FakeEsxi> = {}): FakeEsxi => ({
  id,
  name: `${id}.lab`,
  ip: '127.0.0.1',
  cluster: 'domain-c1',
  isOn: true,
  connected: true,
  maintenance: 'off',
  isVsanMember: false,
  memory: 2 ** 36,
  isStuck: false,
  ...more,
});

/**
 * Clusters, hosts and VMs, moved by the injected timers; a vCenter and the hosts' own APIs are views of it.
 * @see https://developer.broadcom.com/xapis/virtual-infrastructure-json-api/8.0.2.0/data-structures/EnterMaintenanceModeRequestType
 * (a timeout of 0 or less is none; otherwise the task ends with a fault, and the host leaves)
 * @see https://github.com/vmware/pyvmomi/issues/506 (ShutdownHost_Task: stops no guest; `force` is “without maintenance mode”)
 * @see https://knowledge.broadcom.com/external/article/316514 (vCLS: retreat mode, looked after every 30 s)
 * @see https://developer.broadcom.com/xapis/virtual-infrastructure-json-api/latest/data-structures/VAppNotRunning
 * (a VM in a vApp is not powered on unless that runs; taken at its strictest: unless one of its VMs is on)
 */
export class World {
  readonly clusters: FakeCluster[];
  readonly hosts: FakeEsxi[];
  vms: FakeVm[];
  /** Advanced settings of the vCenter. */
  readonly options = new Map<string, string>();
  /** The vSAN mode of each time that a host was told to enter maintenance mode; null: none was said. */
  readonly vsanModes: Array<string | null> = [];
  /** Names of VMs whose host went dark under them. */
  readonly crashed: string[] = [];
  readonly #after: After;
  readonly #vclsOf = new Map<string, FakeVm[]>();
  readonly #entering = new Set<{ host: FakeEsxi; end(fault: string | null): void }>();
  readonly #onOff = new Set<(vm: FakeVm) => void>();
  readonly #onDark = new Set<(host: FakeEsxi) => void>();

  constructor(after: After, parts: { clusters?: FakeCluster[]; hosts?: FakeEsxi[]; vms?: FakeVm[] } = {}) {
    this.#after = after;
    this.clusters = parts.clusters ?? [{ id: 'domain-c1', name: 'Cluster', ha: true }];
    this.hosts = parts.hosts ?? [fakeEsxi('host-1')];
    this.vms = parts.vms ?? [];
    for (const { id } of this.clusters)
      this.#vclsOf.set(
        id,
        this.vms.filter((vm) => this.#isVclsOf(vm, id)),
      );
  }

  onVmOff(call: (vm: FakeVm) => void): void {
    this.#onOff.add(call);
  }

  onDark(call: (host: FakeEsxi) => void): void {
    this.#onDark.add(call);
  }

  running(host: FakeEsxi): FakeVm[] {
    return this.vms.filter((vm) => vm.host === host.id && vm.power === 'on');
  }

  /** Null: it was asked; otherwise the type of the fault. */
  shutdownGuest(vm: FakeVm): string | null {
    if (vm.power === 'off') return 'InvalidPowerState';
    if (vm.tools !== 'running') return 'ToolsUnavailable';
    if (vm.shutdownMs !== 'never') this.#after(vm.shutdownMs, () => this.#off(vm));
    return null;
  }

  powerOff(vm: FakeVm, end: TaskEnd): void {
    if (vm.power === 'off') {
      end('InvalidPowerState');
      return;
    }
    this.#after(times.powerOff, () => {
      this.#off(vm);
      end(null);
    });
    // Nobody but the vCenter itself takes these away.
    if (vm.name.startsWith('vCLS-')) this.#after(times.powerOff + times.vclsAgain, () => this.#on(vm));
  }

  powerOn(vm: FakeVm, end: TaskEnd): void {
    if (vm.power === 'on') {
      end('InvalidPowerState');
      return;
    }
    if (vm.vApp !== null && !this.vms.some((other) => other.vApp === vm.vApp && other.power === 'on')) {
      end('VAppNotRunning');
      return;
    }
    this.#after(times.powerOn, () => {
      const host = this.hosts.find(({ id }) => id === vm.host);
      if (host?.maintenance !== 'off' || !host.isOn) {
        end('InvalidState');
        return;
      }
      this.#on(vm);
      end(null);
    });
  }

  relocate(vm: FakeVm, to: string, end: TaskEnd): void {
    const host = this.hosts.find(({ id }) => id === to);
    if (!host?.isOn || host.maintenance !== 'off') {
      end('InvalidState');
      return;
    }
    if (vm.cannotMove !== null) {
      end(vm.cannotMove);
      return;
    }
    this.#after(times.relocate, () => {
      vm.host = to;
      this.#lookAround();
      end(null);
    });
  }

  enterMaintenance(host: FakeEsxi, seconds: number, vsanMode: string | null, end: TaskEnd): void {
    this.vsanModes.push(vsanMode);
    if (host.maintenance === 'on') {
      end('InvalidState');
      return;
    }
    host.maintenance = 'entering';
    const waiting = {
      host,
      end: (fault: string | null): void => {
        if (!this.#entering.delete(waiting)) return;
        host.maintenance = fault === null ? 'on' : 'off';
        end(fault);
      },
    };
    this.#entering.add(waiting);
    // 0 or less: for ever.
    if (seconds > 0) this.#after(seconds * 1000, () => waiting.end('Timedout'));
    this.#lookAround();
  }

  /**
   * What a vCenter does then in a cluster whose DRS is fully automated.
   * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsphere.html (vSphere Resource Management: Using Maintenance Mode)
   */
  evacuate(host: FakeEsxi): void {
    const { drs = false } = this.clusters.find(({ id }) => id === host.cluster) ?? {};
    const to = this.hosts.find((one) => one !== host && one.cluster === host.cluster && one.maintenance === 'off');
    if (!drs || !to) return;
    for (const vm of this.running(host)) this.relocate(vm, to.id, () => undefined);
  }

  exitMaintenance(host: FakeEsxi, end: TaskEnd): void {
    if (host.maintenance === 'off') {
      end('InvalidState');
      return;
    }
    this.#after(times.exitMaintenance, () => {
      host.maintenance = 'off';
      end(null);
    });
  }

  /** Null: it goes down; otherwise the type of the fault. */
  shutdownHost(host: FakeEsxi, force: boolean): string | null {
    if (host.maintenance !== 'on' && !force) return 'InvalidState';
    if (!host.isStuck) this.#after(times.die, () => this.cutPower(host));
    return null;
  }

  cutPower(host: FakeEsxi): void {
    if (!host.isOn) return;
    host.isOn = false;
    host.connected = false;
    for (const vm of this.running(host)) {
      this.crashed.push(vm.name);
      this.#off(vm);
    }
    for (const call of [...this.#onDark]) call(host);
  }

  setHa(cluster: FakeCluster, on: boolean, end: TaskEnd): void {
    this.#after(times.reconfigure, () => {
      if (cluster.fails === undefined) cluster.ha = on;
      end(cluster.fails ?? null);
    });
  }

  setOption(key: string, text: string): void {
    this.options.set(key, text);
    const cluster = /^config\.vcls\.clusters\.(.+)\.enabled$/.exec(key)?.[1];
    if (cluster === undefined) return;
    const isRetreat = text === 'false';
    const isStill = (): boolean => (this.options.get(key) === 'false') === isRetreat;
    this.#after(isRetreat ? times.vclsGone : times.vclsBack, () => {
      if (!isStill()) return;
      const own = this.#vclsOf.get(cluster) ?? [];
      this.vms = this.vms.filter((vm) => !own.includes(vm));
      if (!isRetreat) this.vms.push(...own);
      for (const vm of own) vm.power = isRetreat ? 'off' : 'on';
      this.#lookAround();
    });
  }

  #isVclsOf(vm: FakeVm, cluster: string): boolean {
    return vm.name.startsWith('vCLS-') && this.hosts.some(({ id, cluster: its }) => id === vm.host && its === cluster);
  }

  #on(vm: FakeVm): void {
    if (this.vms.includes(vm)) vm.power = 'on';
  }

  #off(vm: FakeVm): void {
    if (vm.power === 'off') return;
    vm.power = 'off';
    for (const call of [...this.#onOff]) call(vm);
    this.#lookAround();
  }

  #lookAround(): void {
    for (const waiting of [...this.#entering]) {
      if (this.running(waiting.host).length > 0) continue;
      this.#after(times.enterMaintenance, () => {
        if (this.running(waiting.host).length === 0) waiting.end(null);
      });
    }
  }
}
