import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';

/** Processes that end with this one, however it ends (the kernel sees to it), and whose lines are heard. */
export class Child {
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  #running = true;

  constructor(command: string, args: readonly string[], hear: (line: string) => void) {
    this.#process = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      cwd: '/',
    });
    this.#process.stdin?.on('error', () => {});
    for (const stream of [this.#process.stdout, this.#process.stderr]) byLine(stream, hear);
    this.ended = new Promise((resolve) => {
      this.#process.on('error', (error) => {
        hear(`failed to start: ${error.message}`);
        this.#running = false;
        resolve();
      });
      this.#process.on('close', () => {
        this.#running = false;
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  get running(): boolean {
    return this.#running;
  }

  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** At once and without a goodbye; first what it forked, so that its own end tells that all is over. */
  kill(): void {
    if (!this.#running) return;
    const children = childrenOf(this.pid);
    if (children.length === 0) this.#process.kill('SIGKILL');
    for (const pid of children) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function byLine(stream: NodeJS.ReadableStream | null, hear: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line.trimEnd());
  });
  stream?.on('end', () => {
    if (rest !== '') hear(rest);
  });
}
