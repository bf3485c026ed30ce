import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askSnapshot } from '../../../electron/control/client.ts';
import { version } from '../../../package.json';
import { type Host, hostSchema } from '../../../shared/inventory.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import type { Slices } from '../../../shared/view.ts';
import type { Rack, RackHost } from '../../fakes/rack/rack.ts';

/**
 * A data folder as it is carried to a machine without a window: hosts with their keys, and the plan. `own`: the host that
 * is said to be this computer.
 */
export function furnish(folder: string, rack: Rack, sequence: Sequence, own?: string): { sequenceFile: string } {
  const put = (name: string, value: object) =>
    writeFileSync(join(folder, name), JSON.stringify(value), { mode: 0o600 });
  put('inventory.json', {
    format: 'glidepath-inventory',
    version: 3,
    hosts: rack.hosts.map((each) => hostOf(each, own)),
  });
  mkdirSync(join(folder, 'sequences'));
  put(join('sequences', `${sequence.id}.json`), sequence);
  return { sequenceFile: join(folder, 'sequences', `${sequence.id}.json`) };
}

function hostOf(machine: RackHost, own?: string): Host {
  return hostSchema.parse({
    id: machine.name,
    name: machine.name,
    kind: machine.kind,
    address: machine.address,
    port: machine.port,
    user: machine.user,
    login: machine.credential.includes('PRIVATE KEY') ? 'key' : 'password',
    hostKeys: [{ type: machine.hostKeyType, fingerprint: machine.hostKeyFingerprint }],
    macs: [machine.mac],
    isThisComputer: machine.name === own,
    ...(machine.kind === 'linux' && machine.user !== 'root' ? { sudo: true } : {}),
  });
}

/** The secrets, as systemd hands them to a service. */
export function credentials(folder: string, rack: Rack): string {
  for (const { name, credential } of rack.hosts) {
    writeFileSync(join(folder, `host.${name}`), `${credential.trimEnd()}\n`, { mode: 0o400 });
  }
  return folder;
}

/** Keeps the daemon running, as systemd does with Restart=always: whenever it has ended it is started at once. */
export class Supervisor {
  readonly output: string[] = [];
  kills = 0;
  starts = 0;
  #child: ChildProcess | null = null;
  #isWanted = true;
  readonly #start: () => ChildProcess;

  /** `words`: the program and its arguments. Its environment is `env` and nothing else. */
  constructor(words: readonly [string, ...string[]], env: NodeJS.ProcessEnv) {
    const [program, ...args] = words;
    this.#start = () => {
      this.starts += 1;
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => this.output.push(text));
      }
      child.once('exit', () => {
        if (this.#isWanted) this.#child = this.#start();
      });
      return child;
    };
    this.#child = this.#start();
  }

  /** As `systemctl start` does after a stop. */
  restart(): void {
    this.#isWanted = true;
    this.#child = this.#start();
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** As a crash or a cut of this computer's own power ends it. */
  kill(): void {
    this.kills += 1;
    this.#child?.kill('SIGKILL');
  }

  /** As `systemctl stop` does; resolves with the exit code when it has ended. It is not started again. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#isWanted = false;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
}

/** What the daemon shows; null: there is none at the moment. */
export async function shown(folder: string): Promise<Slices | null> {
  return (await askSnapshot(folder, version))?.slices ?? null;
}

/** The process and all that it started. */
export function treeOf(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name);
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const all = [pid];
  for (const each of all) all.push(...(parents.get(each) ?? []));
  return all;
}

function parentOf(pid: string): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** The files that are mapped into a process: its program and its libraries. */
export function mappedInto(pid: number): string[] {
  try {
    const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
    return [...new Set(maps.split('\n').flatMap((line) => line.match(/\/\S+$/) ?? []))];
  } catch {
    // It has ended.
    return [];
  }
}
