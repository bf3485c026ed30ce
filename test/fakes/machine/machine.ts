import path from 'node:path';
import { assertNever } from '../../../shared/assert-never.ts';
import { type Result, result } from '../posix-shell.ts';
import type { Question } from '../rack/questions.ts';
import type { Death, SshUser } from '../ssh-host.ts';
import { sudo } from '../sudo.ts';
import { SwitchedHost, type SwitchedOptions } from '../switched-host.ts';
import { login, type MachineShell, type PosixShell } from './root.ts';
import { MachineSshd } from './sshd.ts';

export interface Call {
  /** Absolute. */
  path: string;
  args: readonly string[];
  /** Run as root, also by sudo. */
  root: boolean;
  /** Who signed in. */
  user: string;
}

/** What a scripted program prints, and its exit code. One that never settles never ends. */
export type Program = (call: Call, machine: ScriptedMachine) => Result | Promise<Result>;

export interface MachineOptions extends SwitchedOptions {
  users: readonly SshUser[];
  /** By absolute path. */
  programs: Readonly<Record<string, Program>>;
  /** Absent: it has no sudo. */
  sudo?: Sudo;
  /** dash unless given. */
  shell?: MachineShell;
  /** dash unless given. */
  sh?: PosixShell;
  /** PATH of its sessions; that of OpenSSH unless given. */
  path?: string;
  tools?: readonly string[];
  files?: Readonly<Record<string, string>>;
  /** From the power command to dark. 10 s unless given. */
  timeToDieMs?: number;
}

export interface Sudo {
  /** Where it is. /usr/bin/sudo unless given. */
  at?: string;
  /** Commands that users other than root may run as root without a password, exactly; `ALL`: any. */
  rules: readonly string[];
}

/**
 * What it does when it is told to go down, or to do something to its guests or settings. `refuses`: says no. `hangs`: never answers, nothing happens. `lies`: says
 * yes, nothing happens. `fin`, `rst`, `silence`: it takes the command and is gone in that way before it has answered.
 */
export type MachineFault = 'none' | 'refuses' | 'hangs' | 'lies' | Death;

const usualPath = '/usr/bin:/bin:/usr/sbin:/sbin';

const sudoersPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * A machine on loopback: a real OpenSSH server, a real shell, and programs that the test answers for. Its sessions reach
 * nothing of this computer. Needs root.
 */
export class ScriptedMachine extends SwitchedHost<MachineSshd> {
  fault: MachineFault = 'none';
  /** The commands of sessions, as they were sent. */
  readonly sent: { text: string; user: string }[] = [];
  /** The scripted programs that were run, also by sudo. */
  readonly calls: Call[] = [];
  readonly #options: MachineOptions;

  constructor(options: MachineOptions) {
    const {
      users,
      programs,
      shell = 'dash',
      sh = 'dash',
      path: searched = usualPath,
      tools = [],
      files = {},
    } = options;
    const all = [...Object.keys(programs), ...(options.sudo ? [sudoAt(options.sudo)] : [])];
    super(
      options,
      new MachineSshd({ users, shell, sh, path: searched, programs: all, tools, files }, (question) =>
        this.#answer(question),
      ),
    );
    this.#options = options;
  }

  /** What was run as root, as in `/sbin/shutdown -p now`. */
  get ranAsRoot(): string[] {
    return this.calls.filter(({ root }) => root).map((call) => [call.path, ...call.args].join(' '));
  }

  /** It is told to go down by somebody who may: `says` is its answer, `refusal` the one when it does not want to. */
  goDown(says: Result, refusal: Result): Result | Promise<Result> {
    const work = (): Result => {
      this.dieIn(this.#options.timeToDieMs ?? 10_000);
      return says;
    };
    return this.does(work, { says, refusal });
  }

  /** It is told to do something else by somebody who may. `says`: its answer when it only says that it did. */
  does(
    work: () => Result | Promise<Result>,
    { says, refusal }: Record<'says' | 'refusal', Result>,
  ): Result | Promise<Result> {
    switch (this.fault) {
      case 'none':
        return work();
      case 'lies':
        return says;
      case 'refuses':
        return refusal;
      case 'hangs':
        return new Promise(() => {});
      case 'fin':
      case 'rst':
      case 'silence':
        this.goDark(this.fault);
        return new Promise(() => {});
      default:
        return assertNever(this.fault, 'fault');
    }
  }

  #answer({ root, user, program, args }: Question): Result | 'run' | Promise<Result | 'run'> {
    if (program === login) {
      this.sent.push({ text: args[1] ?? '', user });
      return 'run';
    }
    const { sudo: sudoer } = this.#options;
    if (sudoer && program === sudoAt(sudoer)) return this.#sudo(sudoer, args, user, root);
    return this.#run({ path: program, args, root, user });
  }

  async #run(call: Call): Promise<Result> {
    this.calls.push(call);
    const program = this.#options.programs[call.path];
    return program ? program(call, this) : result('', 127, `${call.path}: not found\n`);
  }

  #sudo(sudoer: Sudo, words: readonly string[], user: string, root: boolean): Result | 'run' | Promise<Result> {
    const rules = root ? ['ALL'] : sudoer.rules;
    const answer = sudo(words, { user, host: this.name, rules, path: (word) => this.#absolute(word) });
    if (!('run' in answer)) return answer;
    const [name = '', ...args] = answer.run;
    const found = this.#absolute(name);
    // What is not scripted is a real program of the machine's own: sudo runs it.
    return this.#options.programs[found] ? this.#run({ path: found, args, root: true, user }) : 'run';
  }

  #absolute(word: string): string {
    const places = word.includes('/') ? [] : sudoersPath.map((folder) => path.join(folder, word));
    return places.find((place) => this.#options.programs[place]) ?? word;
  }
}

const sudoAt = ({ at = '/usr/bin/sudo' }: Sudo): string => at;
