import { EsxiShell, type EsxiState, esxiState } from './esxi/shell.ts';
import { LoopbackHost, type LoopbackOptions } from './loopback-host.ts';

export interface EsxiHostOptions extends LoopbackOptions {
  state?: Partial<EsxiState>;
}

/** An SSH host that behaves as ESXi: keyboard-interactive login (and keys), and a scripted shell. */
export class EsxiHost extends LoopbackHost {
  readonly esxi: EsxiShell;

  constructor(options: EsxiHostOptions) {
    const keys = options.users.some((user) => user.publicKeys?.length);
    super(
      { methods: keys ? ['publickey', 'keyboard-interactive'] : ['keyboard-interactive'], ...options },
      (line, user) => this.esxi.run(line, user),
    );
    this.esxi = new EsxiShell(
      esxiState({ hostName: options.name, nics: options.mac ? [options.mac] : [], ...options.state }),
      {
        after: options.after,
        ...(options.now && { now: options.now }),
        onGoingDown: () => this.become('dying'),
        onPowerOff: () => this.goDarkAsUsual(),
      },
    );
    this.esxi.isOn = false;
  }

  protected override onBoot(): void {
    this.esxi.boot();
  }

  protected override onDark(): void {
    this.esxi.cutPower();
  }
}
