import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { After } from '../after.ts';
import { type Result, result } from '../posix-shell.ts';
import { Child } from '../rack/process.ts';
import { until } from '../server-process.ts';
import { sweptFolder } from '../swept-folder.ts';
import type { Program } from './machine.ts';

export interface TestDomain {
  name: string;
  /** It is active at first. */
  on: boolean;
  /** The QEMU guest agent runs in it. */
  hasAgent: boolean;
  /** Milliseconds from being asked to off; null: it heeds no button. */
  stopsAfterMs: number | null;
}

/** Who may not manage the host, as polkit says it. */
const denied = result(
  '',
  1,
  "error: failed to connect to the hypervisor\nerror: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'\n",
);

/**
 * A real libvirtd with libvirt's own test driver, which keeps domains that are only thought up, and what asks it: the
 * real virsh. What the driver has not is added here: a domain takes its time to shut down, heeds nothing, or has an
 * agent.
 * @see https://libvirt.org/drvtest.html
 */
export class TestLibvirt {
  readonly #folder = sweptFolder('glidepath-libvirt-');
  readonly #uri = `test+unix:///default?socket=${this.#folder}/libvirt-sock`;
  readonly #heard: string[] = [];
  readonly #daemon: Child;
  /** The driver forgets all as soon as nobody is connected. */
  #guard: Child | null = null;
  #domains: readonly TestDomain[] = [];

  private constructor() {
    const config = path.join(this.#folder, 'libvirtd.conf');
    fs.writeFileSync(config, `unix_sock_dir = "${this.#folder}"\nauth_unix_rw = "none"\n`);
    // No other driver: that of QEMU wants users of its own.
    const drivers = path.join(this.#folder, 'drivers');
    fs.mkdirSync(drivers);
    const args = [`LIBVIRT_DRIVER_DIR=${drivers}`, 'libvirtd', '-f', config, '-p', `${this.#folder}/pid`];
    this.#daemon = new Child('env', args, (line) => this.#heard.push(line));
  }

  static async start(): Promise<TestLibvirt> {
    const made = new TestLibvirt();
    const socket = path.join(made.#folder, 'libvirt-sock');
    await until(() => fs.existsSync(socket) || !made.#daemon.running, 'libvirtd');
    if (!made.#daemon.running) throw new Error(`libvirtd has ended: ${made.#heard.join('\n')}`);
    const answers: string[] = [];
    made.#guard = new Child('virsh', ['-q', '-c', made.#uri], (line) => answers.push(line));
    made.#guard.say('uri');
    await until(() => answers.some((line) => line.includes('test')), 'virsh');
    return made;
  }

  /** The names of the domains that are active. */
  get running(): string[] {
    return this.#do('list --name').split('\n').filter(Boolean);
  }

  /** Instead of all that there were. */
  define(domains: readonly TestDomain[]): void {
    this.#domains = domains;
    const ids = (what: string): string[] => this.#do(`list ${what} --uuid`).split('\n').filter(Boolean);
    const active = ids('').map((id) => `destroy ${id}`);
    const gone = ids('--all').map((id) => `undefine --managed-save ${id}`);
    const made = domains.flatMap(({ name, on }, at) => {
      const file = path.join(this.#folder, `${at}.xml`);
      fs.writeFileSync(file, xmlOf(name));
      return [`define ${file}`, ...(on ? [`start ${name}`] : [])];
    });
    this.#do([...active, ...gone, ...made].join('; '));
  }

  /**
   * virsh on a machine. Users other than root are not let into the system's connection.
   * @param after the clock by which domains stop
   */
  virsh(after: After): Program {
    return async ({ args, root }, machine) => {
      const [option, uri, ...words] = args;
      // Without the system's URI a user has domains of their own, which are none.
      if (option !== '-c' || uri !== 'qemu:///system') return result('\n');
      if (!root) return denied;
      const [verb, id = ''] = words;
      if (verb === 'dumpxml') return this.#described(words, id);
      if (verb !== 'shutdown' || !(await this.#isActive(id))) return this.ask(words);
      const name = (await this.ask(['domname', id])).stdout.trim();
      const says = result(`Domain '${name}' is being shutdown\n\n`);
      const stopsAfterMs = this.#domains.find((domain) => domain.name === name)?.stopsAfterMs ?? null;
      const work = (): Result => {
        if (stopsAfterMs !== null) after(stopsAfterMs, () => this.#do(`shutdown ${id}`));
        return says;
      };
      const refusal = result('', 1, `error: Failed to shutdown domain '${id}'\nerror: internal error: no\n`);
      return machine.does(work, { says, refusal });
    };
  }

  async close(): Promise<void> {
    this.#guard?.kill();
    this.#daemon.kill();
    await Promise.all([this.#guard?.ended, this.#daemon.ended]);
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As the QEMU driver shows an active domain: with the state of the agent's channel. */
  async #described(words: readonly string[], id: string): Promise<Result> {
    const answer = await this.ask(words);
    const name = /<name>(.*)<\/name>/.exec(answer.stdout)?.[1];
    const hasAgent = this.#domains.some((domain) => domain.name === name && domain.hasAgent);
    const state = (await this.#isActive(id)) ? ` state='${hasAgent ? 'connected' : 'disconnected'}'` : '';
    const [there, shown] = [agentChannel, agentChannel.replace('/>', `${state}/>`)];
    return { ...answer, stdout: answer.stdout.replace(there, shown) };
  }

  async #isActive(id: string): Promise<boolean> {
    return (await this.ask(['list', '--uuid'])).stdout.split('\n').includes(id);
  }

  /** What the real virsh says, asked from here. */
  ask(words: readonly string[]): Promise<Result> {
    return new Promise((resolve) => {
      execFile('virsh', ['-c', this.#uri, ...words], { env }, (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code ?? 1) });
      });
    });
  }

  #do(commands: string): string {
    return commands === '' ? '' : execFileSync('virsh', ['-q', '-c', this.#uri, commands], { env, encoding: 'utf8' });
  }
}

const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

const agentChannel = "<target type='virtio' name='org.qemu.guest_agent.0'/>";

const xmlOf = (name: string): string => `<domain type='test'>
  <name>${name}</name>
  <memory unit='MiB'>8</memory>
  <os><type arch='i686'>hvm</type></os>
  <devices><channel type='unix'>${agentChannel}</channel></devices>
</domain>
`;
