import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { MachineRecord, RackFiles, RackMachine } from './plan.ts';

/** A machine: a real sshd at an address of its own. What is killed with it is off without a goodbye. */
export class Machine {
  readonly plan: RackMachine;
  readonly #files: RackFiles;
  #sshd: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #commandedAt: number[] = [];
  #offAt: number | null = null;

  constructor(plan: RackMachine, files: RackFiles) {
    this.plan = plan;
    this.#files = files;
  }

  get record(): MachineRecord {
    return { name: this.plan.name, commandedAt: this.#commandedAt, offAt: this.#offAt };
  }

  /** Of its sshd and what runs in its sessions. */
  get pids(): number[] {
    return this.#sshd?.pid ? [this.#sshd.pid, ...descendants(this.#sshd.pid)] : [];
  }

  /** Switches it on, fresh: what was said to it before is forgotten. */
  async start(): Promise<void> {
    clearTimeout(this.#timer);
    this.#kill();
    while (this.#sshd) await once(this.#sshd, 'exit');
    this.#commandedAt = [];
    this.#offAt = null;
    const log = openSync(this.#files.log, 'a');
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', this.#files.configOf(this.plan.name)], {
      stdio: ['ignore', log, log],
      env: {},
      cwd: '/',
    });
    closeSync(log);
    this.#sshd = child;
    child.on('exit', () => {
      this.#sshd = null;
    });
  }

  /** It was told to go down, at `at` (ms since the epoch). Only the first time counts. */
  command(at: number): void {
    this.#commandedAt.push(at);
    if (this.#commandedAt.length > 1) return;
    this.#timer = setTimeout(() => this.#kill(), Math.max(0, at + this.plan.timeToDie - Date.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#kill();
  }

  #kill(): void {
    const { pids } = this;
    // Before the first is killed: that this process hears of their end can take longer than that others see it.
    this.#offAt ??= Date.now();
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone by itself meanwhile.
      }
    }
  }
}

function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}
