import type { After } from './after.ts';
import { Powered } from './powered.ts';
import type { Death } from './ssh-host.ts';
import type { WakeListener } from './wake-listener.ts';

export interface SwitchedOptions {
  name: string;
  now?: () => number;
  after: After;
  /** From a magic packet to answering. 30 s unless given. */
  bootMs?: number;
  /** How its open connections end when it goes off. A power cut is always silent. */
  death?: Death;
  mac?: string;
  wake?: WakeListener;
}

/** What answers SSH there, while there is power. */
export interface SshDoor {
  readonly address: string;
  /** Known once it has been on. */
  readonly port: number;
  powerOn(): Promise<void>;
  powerOff(mode: Death): void;
  close(): void;
}

/** An SSH host with power: it dies, sleeps, wakes on a magic packet and boots. */
export abstract class SwitchedHost<Ssh extends SshDoor> extends Powered {
  readonly ssh: Ssh;
  readonly mac: string;
  readonly #options: SwitchedOptions;
  readonly #unlisten: () => void;
  #pending: (() => void) | null = null;
  /** Counts the times that it was switched on or off. */
  #turn = 0;

  protected constructor(options: SwitchedOptions, ssh: Ssh) {
    super(options.name, options.now);
    this.#options = options;
    this.ssh = ssh;
    this.mac = options.mac ?? '';
    this.#unlisten = options.wake && options.mac ? options.wake.on(options.mac, () => this.#woken()) : () => {};
  }

  get address(): string {
    return this.ssh.address;
  }

  get port(): number {
    return this.ssh.port;
  }

  /** Up at once, as at the start of a test. */
  async powerOn(): Promise<void> {
    this.#cancel();
    this.onBoot();
    this.#turn += 1;
    const turn = this.#turn;
    await this.ssh.powerOn();
    if (turn === this.#turn) this.become('on');
  }

  /** The mains is gone. */
  powerCut(): void {
    this.goDark('silence');
  }

  close(): void {
    this.#cancel();
    this.#turn += 1;
    this.#unlisten();
    this.ssh.close();
    this.become('off');
  }

  protected onBoot(): void {}

  protected onDark(): void {}

  /** Goes dark (or, to `booting`, restarts) after `ms`. */
  protected dieIn(ms: number, then: 'off' | 'booting' = 'off'): void {
    if (this.state !== 'on') return;
    this.become('dying');
    this.later(ms, () => {
      this.goDark(this.#options.death ?? 'fin');
      if (then === 'booting') this.#boot();
    });
  }

  protected goDark(mode: Death): void {
    if (this.state === 'off') return;
    this.#cancel();
    this.#turn += 1;
    this.ssh.powerOff(mode);
    this.onDark();
    this.become('off');
  }

  protected goDarkAsUsual(): void {
    this.goDark(this.#options.death ?? 'fin');
  }

  /** One thing at a time is under way. */
  protected later(ms: number, call: () => void): void {
    this.#cancel();
    this.#pending = this.#options.after(ms, () => {
      this.#pending = null;
      call();
    });
  }

  #woken(): void {
    if (this.state !== 'off') return;
    this.wakeCount += 1;
    this.#boot();
  }

  #boot(): void {
    this.become('booting');
    this.later(this.#options.bootMs ?? 30_000, () => void this.powerOn());
  }

  #cancel(): void {
    this.#pending?.();
    this.#pending = null;
  }
}
