import { randomUUID } from 'node:crypto';
import { LoopbackHost, type LoopbackOptions } from './loopback-host.ts';
import { type Result, result, runLine } from './posix-shell.ts';
import { type PowerFault, type PowerWish, powerCommand } from './power-commands.ts';
import { sudo } from './sudo.ts';

export interface LinuxHostOptions extends LoopbackOptions {
  /** From the power command to dark. 10 s unless given. */
  timeToDieMs?: number;
  /** Commands that users other than root may run as root without a password, exactly; `ALL`: any. */
  sudo?: readonly string[];
  fault?: LinuxFault;
  /** More commands: `virsh`, `zpool` ... */
  commands?: Readonly<Record<string, (words: readonly string[], user: string) => Result | Promise<Result>>>;
}

/** `no-sudo`: every sudo asks for a password. The others are those of the power commands. */
export type LinuxFault = PowerFault | 'no-sudo';

/** An SSH host that behaves as a Linux machine with systemd and sudo. */
export class LinuxHost extends LoopbackHost {
  fault: LinuxFault;
  bootId = randomUUID();
  readonly #options: LinuxHostOptions;

  constructor(options: LinuxHostOptions) {
    super(options, (line, user) => this.#run(line, user));
    this.#options = options;
    this.fault = options.fault ?? 'none';
  }

  protected override onBoot(): void {
    this.bootId = randomUUID();
  }

  #run(line: string, user: string): Promise<Result> {
    return runLine(line, (words) => this.#one(words, user, user === 'root'), 'bash: line 1');
  }

  async #one(words: readonly string[], user: string, root: boolean): Promise<Result | undefined> {
    const name = (words[0] ?? '').replace(/^\/(usr\/)?s?bin\//, '');
    const own = this.#options.commands?.[name];
    if (own) return own(words, user);
    const power = powerCommand(words, root, this.fault === 'no-sudo' ? 'none' : this.fault);
    if (power === 'never') return new Promise(() => {});
    if (power) {
      if (power.wish) this.#wish(power.wish);
      return power.answer;
    }
    switch (name) {
      case 'sudo':
        return this.#sudo(words.slice(1), user);
      case 'uname':
        return result(words[1] === '-r' ? '6.1.0-30-amd64\n' : 'Linux\n');
      case 'hostname':
        return result(`${this.name}\n`);
      case 'id':
        return result(words[1] === '-u' ? `${root ? 0 : 1000}\n` : `${root ? 'root' : user}\n`);
      case 'whoami':
        return result(`${root ? 'root' : user}\n`);
      case 'cat':
        return this.#cat(words[1] ?? '');
      case 'command':
        return this.#lookUp(words.slice(1));
      default:
        return undefined;
    }
  }

  #cat(file: string): Result {
    if (file === '/proc/sys/kernel/random/boot_id') return result(`${this.bootId}\n`);
    // There is no globbing here: this is what a shell makes of it on a machine with one network card.
    if (file === '/sys/class/net/*/address') return result(`${this.mac && `${this.mac}\n`}00:00:00:00:00:00\n`);
    return result('', 1, `cat: ${file}: No such file or directory\n`);
  }

  /** `command -v NAME`: where it is, or nothing and exit code 1. */
  #lookUp([flag, name = '']: readonly string[]): Result {
    if (flag !== '-v') return result('', 2, `bash: line 1: command: ${flag}: invalid option\n`);
    const known = [...programs, ...Object.keys(this.#options.commands ?? {})].map(path);
    return known.includes(path(name)) ? result(`${path(name)}\n`) : result('', 1);
  }

  #wish(wish: PowerWish): void {
    if (wish.to === 'cancel') return;
    this.dieIn(wish.inMs + (this.#options.timeToDieMs ?? 10_000), wish.to === 'off' ? 'off' : 'booting');
  }

  async #sudo(words: readonly string[], user: string): Promise<Result | undefined> {
    const rules = user === 'root' ? ['ALL'] : this.fault === 'no-sudo' ? [] : (this.#options.sudo ?? []);
    const answer = sudo(words, { user, host: this.name, rules, path });
    return 'run' in answer ? this.#one(answer.run, user, true) : answer;
  }
}

const programs = [
  ...['systemctl', 'loginctl', 'shutdown', 'poweroff', 'halt', 'reboot', 'init', 'telinit', 'wall'],
  ...['sudo', 'uname', 'hostname', 'id', 'whoami', 'cat', 'true', 'false', 'echo', 'sh'],
];

const inSbin = ['shutdown', 'poweroff', 'halt', 'reboot', 'init', 'telinit'];

/** A command as an absolute path, in the way a merged /usr has it. */
function path(command: string): string {
  const usr = command.replace(/^\/(s?bin)\//, '/usr/$1/');
  if (usr.includes('/')) return usr;
  return `/usr/${inSbin.includes(usr) ? 'sbin' : 'bin'}/${usr}`;
}
