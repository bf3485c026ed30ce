import { SshHost, type SshHostOptions } from './ssh-host.ts';
import { SwitchedHost, type SwitchedOptions } from './switched-host.ts';

export interface LoopbackOptions extends Omit<SshHostOptions, 'run'>, SwitchedOptions {
  name: string;
  now?: () => number;
}

/** An SSH host inside this process, on loopback, with power. */
export abstract class LoopbackHost extends SwitchedHost<SshHost> {
  protected constructor(options: LoopbackOptions, run: SshHostOptions['run']) {
    super(options, new SshHost({ ...options, run }));
  }
}
