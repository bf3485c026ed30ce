import { execFileSync } from 'node:child_process';
import type { PowerState } from '../powered.ts';
import { RackFiles } from './files.ts';
import { RackHost, type RackHostOptions } from './host.ts';
import { unfit } from './preflight.ts';

export type { HostKeyType, Login } from './files.ts';
export type { RackCommand, RackHost, RackHostOptions, RackLogin } from './host.ts';
export { unfit } from './preflight.ts';

export interface RackOptions {
  hosts: readonly RackHostOptions[];
}

/**
 * Real SSH hosts on a wire of their own. Runs inside `unshare --net --mount`, and only there. Every host is an
 * OpenSSH server in its own network, mount, PID and UTS namespaces behind a card with its own MAC and address; what
 * is off is silent, and a magic packet on the wire brings it back. Nothing said to a host reaches this machine.
 */
export class Rack {
  readonly hosts: readonly RackHost[];
  /** Of this machine on the rack's wire, /24. */
  readonly address: string;
  readonly broadcast: string;
  readonly interfaceName: string;
  readonly #files: RackFiles;
  readonly #onExit = (): void => {
    for (const host of this.hosts) host.killNow();
    this.#removeNetwork();
    this.#files.remove();
  };

  private constructor(hosts: readonly RackHostOptions[], bridge: { name: string; subnet: string }, files: RackFiles) {
    this.interfaceName = bridge.name;
    this.address = `${bridge.subnet}.1`;
    this.broadcast = `${bridge.subnet}.255`;
    this.#files = files;
    const third = Number(bridge.subnet.split('.')[2]).toString(16).padStart(2, '0');
    this.hosts = hosts.map((options, at) => {
      const mac = `02:67:70:${third}:00:${(at + 11).toString(16).padStart(2, '0')}`;
      return new RackHost(options, { address: `${bridge.subnet}.${at + 11}`, mac }, files);
    });
  }

  static async up(options: RackOptions): Promise<Rack> {
    const why = unfit();
    if (why) throw new Error(why);
    if (options.hosts.length > 200) throw new Error('a rack takes 200 hosts');
    const rack = new Rack(options.hosts, addBridge(), new RackFiles());
    process.on('exit', rack.#onExit);
    try {
      await Promise.all(rack.hosts.map((host) => host.plugIn()));
      rack.#addCables();
      rack.#files.writeKnownHosts(rack.hosts.map((host) => ({ address: host.address, publicKey: host.hostPublicKey })));
      await Promise.all(rack.hosts.map((host, at) => (options.hosts[at]?.off ? undefined : host.start())));
    } catch (error) {
      await rack.down();
      throw error;
    }
    return rack;
  }

  /** The private key that all hosts with a key login take, for `ssh -i`. */
  get privateKeyFile(): string {
    return this.#files.privateKeyFile;
  }

  get privateKey(): string {
    return this.#files.key.privateKey;
  }

  /** The password of all hosts with a password login. */
  get password(): string {
    return this.#files.password;
  }

  /** The hosts' keys as the rack came up, for `ssh -o UserKnownHostsFile=`. */
  get knownHostsFile(): string {
    return this.#files.knownHostsFile;
  }

  host(name: string): RackHost {
    const found = this.hosts.find((host) => host.name === name);
    if (!found) throw new Error(`no host ${name} in this rack`);
    return found;
  }

  powerCut(name: string): Promise<void> {
    return this.host(name).powerCut();
  }

  powerOn(name: string): Promise<void> {
    return this.host(name).start();
  }

  waitFor(name: string, state: PowerState, ms: number): Promise<void> {
    return this.host(name).waitFor(state, ms);
  }

  async down(): Promise<void> {
    process.off('exit', this.#onExit);
    await Promise.all(this.hosts.map((host) => host.unplug()));
    this.#removeNetwork();
    this.#files.remove();
  }

  #addCables(): void {
    const lines = this.hosts.flatMap((host, at) => [
      `link add ${this.#cable(at)} type veth peer name eth0 address ${host.mac} netns ${host.pid}`,
      `link set ${this.#cable(at)} master ${this.interfaceName} up`,
    ]);
    ip(lines);
  }

  #cable(at: number): string {
    return `${this.interfaceName}-${at}`;
  }

  #removeNetwork(): void {
    ip([...this.hosts.map((_host, at) => `link del ${this.#cable(at)}`), `link del ${this.interfaceName}`], true);
  }
}

/** The first that is free of rack0 on 10.77.0.0/24, rack1 on 10.77.1.0/24 ... */
function addBridge(): { name: string; subnet: string } {
  for (let at = 0; at < 200; at += 1) {
    const bridge = { name: `rack${at}`, subnet: `10.77.${at}` };
    try {
      // With an address of its own, so that it does not take one after another from its ports.
      ip([`link add ${bridge.name} address 02:67:70:${at.toString(16).padStart(2, '0')}:00:01 type bridge`]);
    } catch (error) {
      if (/File exists/.test(String(error))) continue;
      throw error;
    }
    ip([`addr add ${bridge.subnet}.1/24 brd + dev ${bridge.name}`, `link set ${bridge.name} up`, 'link set lo up']);
    return bridge;
  }
  throw new Error('too many racks');
}

function ip(lines: readonly string[], force = false): void {
  try {
    execFileSync('ip', [...(force ? ['-force'] : []), '-batch', '-'], {
      input: `${lines.join('\n')}\n`,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 60_000,
    });
  } catch (error) {
    if (!force) throw error;
  }
}
