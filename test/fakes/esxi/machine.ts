import type { After } from '../after.ts';
import type { EsxiState, EsxiVm } from './state.ts';

/** How long the host takes for what it does itself. */
export const times = {
  enterMaintenanceMs: 2_000,
  /** Besides, by a vSAN member that is not told to leave its data where it is. */
  evacuateMs: { ensureObjectAccessibility: 40_000, evacuateAllData: 300_000, noAction: 0 },
  exitMaintenanceMs: 1_000,
  powerOnMs: 1_000,
  powerOffMs: 1_500,
  /** From `/sbin/poweroff` to dark. */
  dieMs: 5_000,
  /** What the autostart manager grants a guest at power off. */
  autostopMs: 120_000,
};

export interface EsxiOptions {
  after: After;
  now?: () => number;
  /** The host went dark: its listener and its sockets are to end with it. */
  onPowerOff?: () => void;
  /** It took a power off and will go dark, unless it is stuck. */
  onGoingDown?: () => void;
}

/** The host behind the shell: VMs, maintenance mode and power, moved by the injected timers. */
export class EsxiMachine {
  readonly state: EsxiState;
  isOn = true;
  /** A power off was accepted and is under way. */
  goingDown = false;
  /** Names of VMs that were on when the host went dark, once per time. */
  readonly crashed: string[] = [];
  /** The vSAN modes that it was told to enter maintenance mode with; null: with none. */
  readonly vsanModes: (string | null)[] = [];
  onPowerOff: () => void;
  onGoingDown: () => void;
  readonly now: () => number;
  readonly #after: After;
  readonly #underWay = new Set<() => void>();
  #waiting: Array<(end: 'done' | 'cancelled') => void> = [];
  /** Ms that vSAN takes before the host can be in maintenance mode. */
  #evacuates = 0;

  constructor(state: EsxiState, options: EsxiOptions) {
    this.state = state;
    this.now = options.now ?? Date.now;
    this.onPowerOff = options.onPowerOff ?? (() => {});
    this.onGoingDown = options.onGoingDown ?? (() => {});
    this.#after = options.after;
  }

  get crashedVms(): number {
    return this.crashed.length;
  }

  get running(): EsxiVm[] {
    return this.state.vms.filter((vm) => vm.power === 'on');
  }

  vm(id: string | undefined): EsxiVm | undefined {
    return this.state.vms.find((vm) => String(vm.id) === id);
  }

  /** Ends with the host: a timer of a host that went dark never fires. */
  later(ms: number, call: () => void): () => void {
    const cancel = this.#after(ms, () => {
      this.#underWay.delete(cancel);
      call();
    });
    this.#underWay.add(cancel);
    return () => {
      this.#underWay.delete(cancel);
      cancel();
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  shutdownGuest(vm: EsxiVm): void {
    if (vm.shutdownDelayMs !== 'never') this.later(vm.shutdownDelayMs, () => this.#off(vm));
  }

  powerOffVm(vm: EsxiVm): void {
    this.later(times.powerOffMs, () => this.#off(vm));
  }

  /** False: not while the host is in, or entering, maintenance mode. */
  powerOnVm(vm: EsxiVm): boolean {
    if (this.state.maintenance !== 'off') return false;
    this.later(times.powerOnMs, () => {
      if (this.state.maintenance === 'off') vm.power = 'on';
    });
    return true;
  }

  /** Resolves when the host is in maintenance mode, or is not and will not be. `timeoutS` 0 waits for ever. */
  enterMaintenance(timeoutS: number, vsanMode: string | null): Promise<'done' | 'timeout' | 'cancelled'> {
    this.state.maintenance = 'entering';
    this.vsanModes.push(vsanMode);
    const mode = Object.entries(times.evacuateMs).find(([name]) => name === (vsanMode ?? 'ensureObjectAccessibility'));
    this.#evacuates = this.state.vsan ? (mode?.[1] ?? 0) : 0;
    return new Promise((resolve) => {
      const cancel =
        timeoutS > 0 &&
        this.later(timeoutS * 1_000, () => {
          this.#waiting = this.#waiting.filter((other) => other !== ended);
          if (this.#waiting.length === 0 && this.state.maintenance === 'entering') this.state.maintenance = 'off';
          resolve('timeout');
        });
      const ended = (end: 'done' | 'cancelled'): void => {
        if (cancel) cancel();
        resolve(end);
      };
      this.#waiting.push(ended);
      this.#lookAround();
    });
  }

  async exitMaintenance(): Promise<void> {
    if (this.state.maintenance === 'on') await this.sleep(times.exitMaintenanceMs);
    this.#settle('off', 'cancelled');
  }

  /** `esxcli system shutdown poweroff`: no VM can be on, the host is in maintenance mode. */
  powerOffIn(ms: number): void {
    if (this.goingDown || this.state.stuck) return;
    this.goingDown = true;
    this.onGoingDown();
    this.later(ms, () => this.cutPower());
  }

  /** `/sbin/poweroff`: asks nobody. Guests that the autostart manager does not stop are lost. */
  powerOff(): void {
    const stopping = this.state.autostart ? this.running.filter((vm) => vm.tools === 'running') : [];
    for (const vm of stopping) this.shutdownGuest(vm);
    const slowest = stopping.map((vm) =>
      Math.min(times.autostopMs, vm.shutdownDelayMs === 'never' ? Infinity : vm.shutdownDelayMs),
    );
    this.powerOffIn(Math.max(0, ...slowest) + times.dieMs);
  }

  /** Dark at once, as when the mains is gone. What ran is lost. */
  cutPower(): void {
    if (!this.isOn) return;
    this.isOn = false;
    if (this.state.vsan) this.state.vsan.isUp = false;
    this.goingDown = false;
    for (const cancel of this.#underWay) cancel();
    this.#underWay.clear();
    this.#waiting = [];
    for (const vm of this.running) {
      vm.power = 'off';
      this.crashed.push(vm.name);
    }
    if (this.state.maintenance === 'entering') this.state.maintenance = 'off';
    this.onPowerOff();
  }

  /** Up again: in maintenance mode if it went down so, with its VMs off. */
  boot(): void {
    if (this.isOn) return;
    this.isOn = true;
    if (this.state.vsan) this.state.vsan.isUp = true;
    if (this.state.autostart) for (const vm of this.state.vms) this.powerOnVm(vm);
  }

  #off(vm: EsxiVm): void {
    vm.power = 'off';
    vm.pendingQuestion = false;
    this.#lookAround();
  }

  #lookAround(): void {
    if (this.state.maintenance !== 'entering' || this.running.length > 0) return;
    this.later(times.enterMaintenanceMs + this.#evacuates, () => {
      if (this.state.maintenance === 'entering' && this.running.length === 0) this.#settle('on', 'done');
    });
  }

  #settle(maintenance: 'on' | 'off', end: 'done' | 'cancelled'): void {
    this.state.maintenance = maintenance;
    this.#tellVsan(maintenance === 'on');
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const ended of waiting) ended(end);
  }

  #tellVsan(inMaintenance: boolean): void {
    const { vsan } = this.state;
    if (vsan && !inMaintenance && vsan.deafTo > 0) vsan.deafTo -= 1;
    else if (vsan) vsan.inMaintenance = inMaintenance;
  }
}
