import { randomUUID } from 'node:crypto';
import { LoopbackHost, type LoopbackOptions } from './loopback-host.ts';
import { type Result, result, runLine } from './posix-shell.ts';
import { type PowerFault, type PowerWish, powerCommand } from './power-commands.ts';

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

  /** As sudo 1.9 with the policy of /etc/sudoers: no matching rule means "ask for the password". */
  async #sudo(words: readonly string[], user: string): Promise<Result | undefined> {
    const first = words.findIndex((word) => !word.startsWith('-'));
    const flags = first === -1 ? words : words.slice(0, first);
    const rest = first === -1 ? [] : words.slice(first);
    const rules = user === 'root' ? ['ALL'] : this.fault === 'no-sudo' ? [] : (this.#options.sudo ?? []);
    const command = [path(rest[0] ?? ''), ...rest.slice(1)].join(' ');
    const allowed = rules.some((rule) => rule === 'ALL' || path(rule) === command);
    const asks = flags.includes('-n')
      ? 'sudo: a password is required\n'
      : 'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n';
    if (flags.includes('-l')) {
      if (rules.length === 0) return result('', 1, asks);
      if (rest.length > 0) return allowed ? result(`${command}\n`) : result('', 1);
      return result(
        `User ${user} may run the following commands on ${this.name}:\n    (root) NOPASSWD: ${rules.join(', ')}\n`,
      );
    }
    if (rest.length === 0) return result('', 1, 'usage: sudo -h | -K | -k | -V\n');
    return allowed ? this.#one(rest, user, true) : result('', 1, asks);
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
