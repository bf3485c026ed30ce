import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import type { SshKey } from '../ssh-keys.ts';
import { buildRack } from './build.ts';
import {
  type MachineRecord,
  physicalLimit,
  planMachines,
  type RackAnswer,
  type RackFiles,
  type RackMachine,
  type RackQuestion,
  rackFiles,
  type SshRackOptions,
} from './plan.ts';

/**
 * Many machines on loopback, each a real OpenSSH server at an address of its own. A power-off command is noted; after
 * the machine's time to die its server and all sessions are killed. A port that is closed then answers "refused" at
 * once, and sessions have no shell start-up files: a lower bound for everybody who is measured against it. Needs root.
 */
export class SshRack {
  readonly machines: readonly RackMachine[];
  /** Milliseconds: who waits for a stage to be off before the next cannot be faster. */
  readonly physicalLimitMs: number;
  readonly files: RackFiles;
  readonly client: SshKey;
  readonly #fingerprints: ReadonlyMap<string, string>;
  #supervisor: ChildProcess | null = null;
  #asked = 0;

  private constructor(options: SshRackOptions) {
    this.files = rackFiles(mkdtempSync(join(tmpdir(), 'glidepath-ssh-rack-')));
    this.machines = planMachines(options);
    this.physicalLimitMs = physicalLimit(this.machines);
    const { client, fingerprints } = buildRack(this.files, this.machines);
    this.client = client;
    this.#fingerprints = fingerprints;
  }

  /** Resolves when every machine answers. */
  static async up(options: SshRackOptions): Promise<SshRack> {
    if (process.getuid?.() !== 0) throw new Error('a rack needs root: its sshds have a mount namespace of their own');
    const rack = new SshRack(options);
    try {
      await rack.#start();
    } catch (error) {
      await rack.down();
      throw error;
    }
    return rack;
  }

  fingerprintOf({ name }: RackMachine): string {
    return this.#fingerprints.get(name) ?? '';
  }

  /** Switches every machine off and on: fresh ones, to which nothing was said. */
  async wake(): Promise<void> {
    await this.#ask('wake');
  }

  async events(): Promise<MachineRecord[]> {
    const answer = await this.#ask('events');
    return 'machines' in answer ? answer.machines : [];
  }

  async down(): Promise<void> {
    const child = this.#supervisor;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    }
    rmSync(this.files.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const built = await bundle('ssh-rack', { supervisor: 'test/fakes/ssh-rack/supervisor.ts' });
    mkdirSync('/run/sshd', { recursive: true });
    const log = openSync(this.files.log, 'a');
    const enter = [join(import.meta.dirname, 'enter.sh'), this.files.standIn, this.files.passwd];
    const program = [process.execPath, join(built, 'supervisor.js'), this.files.folder];
    const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', ...enter, ...program], {
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    child.setMaxListeners(0);
    this.#supervisor = child;
    await this.#next((answer) => 'ready' in answer);
    rmSync(built, { recursive: true, force: true });
  }

  #ask(ask: RackQuestion['ask']): Promise<RackAnswer> {
    const id = ++this.#asked;
    const answer = this.#next((told) => 'id' in told && told.id === id);
    this.#supervisor?.send({ id, ask } satisfies RackQuestion);
    return answer;
  }

  #next(fits: (answer: RackAnswer) => boolean): Promise<RackAnswer> {
    const child = this.#supervisor;
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the rack has ended:\n${readFileSync(this.files.log, 'utf8')}`));
      const hear = (answer: RackAnswer) => {
        if (!fits(answer)) return;
        child?.off('message', hear);
        child?.off('exit', ended);
        resolve(answer);
      };
      child?.on('message', hear);
      child?.once('exit', ended);
    });
  }
}
