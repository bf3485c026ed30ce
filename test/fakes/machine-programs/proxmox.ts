import type { After } from '../after.ts';
import type { MachineKind } from '../machine/kinds.ts';
import { powersOff } from '../machine/kinds.ts';
import type { Call, Program } from '../machine/machine.ts';
import { type Result, result } from '../posix-shell.ts';
import { type ProxmoxGuest, sidOf } from './proxmox-guest.ts';
import { ProxmoxHa } from './proxmox-ha.ts';

export interface ProxmoxState {
  guests: ProxmoxGuest[];
  version: string;
  quorate: boolean;
  /** The flags of its Ceph; null: it has none. */
  ceph: Set<string> | null;
}

const no = (why: string): Result => result('', 255, `${why}\n`);

/**
 * A node of Proxmox VE: what its programs answer, and what becomes of its guests.
 * @see https://github.com/proxmox/qemu-server (src/PVE/API2/Qemu.pm vm_shutdown, vm_stop; src/PVE/CLI/qm.pm)
 * @see https://github.com/proxmox/pve-container (src/PVE/API2/LXC/Status.pm; src/PVE/LXC.pm vm_stop)
 * @see https://github.com/proxmox/pve-common (src/PVE/RESTEnvironment.pm fork_worker: a program waits for its task)
 */
export class ProxmoxNode {
  readonly name = 'pve1';
  readonly state: ProxmoxState;
  readonly ha: ProxmoxHa;
  /** Names of guests whose power was cut. */
  readonly cut: string[] = [];
  /** Answers in the place of whatever changes something; null: as usual. */
  instead: Program | null = null;
  /** What the API answers in the place of the usual, by path; a text as it stands. */
  readonly answers = new Map<string, unknown>();
  /** The monitors of its Ceph have no quorum. */
  isCephLost = false;
  readonly #after: After;
  /** Guests whose program waits for them: others do not get at them. */
  readonly #held = new Set<ProxmoxGuest>();

  constructor(after: After, state: Partial<ProxmoxState> = {}) {
    this.#after = after;
    this.state = { guests: [], version: '9.2.10', quorate: true, ceph: new Set(['sortbitwise']), ...state };
    this.ha = new ProxmoxHa(this, after);
  }

  get on(): string[] {
    return this.state.guests.filter(({ on }) => on).map(({ name }) => name);
  }

  guest(name: string): ProxmoxGuest {
    const found = this.state.guests.find((one) => one.name === name);
    if (!found) throw new Error(`no guest ${name}`);
    return found;
  }

  /** The guest is told, and goes off by itself, or not. */
  ask(guest: ProxmoxGuest): void {
    if (guest.agent === 'silent' || guest.stopsAfterMs === null) return;
    this.#after(guest.stopsAfterMs, () => {
      guest.on = false;
    });
  }

  cutOff(guest: ProxmoxGuest): void {
    if (!guest.on) return;
    guest.on = false;
    this.cut.push(guest.name);
  }

  machine(): MachineKind {
    const acting =
      (run: (call: Call) => Result | Promise<Result>): Program =>
      (call, machine) => {
        if (!call.root) return no('please run as root');
        const isAct = !['get', 'guest'].includes(call.args[0] ?? '') && !call.args.includes('dump');
        return isAct && this.instead ? this.instead(call, machine) : run(call);
      };
    return {
      shell: 'bash',
      programs: {
        '/usr/bin/systemctl': powersOff(['poweroff'], result(), {
          refusal: result('', 1, 'Failed to power off system via logind: Access denied\n'),
          denied: result('', 1, 'Failed to power off system via logind: Interactive authentication required.\n'),
        }),
        '/usr/bin/pvesh': acting(({ args }) => this.#pvesh(args)),
        '/usr/sbin/qm': acting(({ args }) => this.#program('qemu', args)),
        '/usr/sbin/pct': acting(({ args }) => this.#program('lxc', args)),
        '/usr/sbin/ha-manager': acting(({ args }) => this.ha.program(args)),
        '/usr/bin/pkill': acting(({ args }) => this.#kill(/^-KILL -F \/var\/run\/qemu-server\/(\d+)\.pid$/, args)),
        '/usr/bin/lxc-stop': acting(({ args }) => this.#kill(/^-n (\d+) --kill$/, args)),
        ...(this.state.ceph && { '/usr/bin/ceph': acting(({ args }) => this.#ceph(args)) }),
      },
      files: { '/sys/class/net/vmbr0/address': '02:00:00:00:00:07\n' },
    };
  }

  #pvesh(args: readonly string[]): Result {
    const path = /^get (\S+) --output-format json$/.exec(args.join(' '))?.[1] ?? '';
    const answer = this.answers.get(path) ?? this.#api(path);
    if (typeof answer === 'string') return result(answer);
    return answer === null ? no(`no 'get' handler for '${path}'`) : result(`${JSON.stringify(answer)}\n`);
  }

  #api(path: string): unknown {
    const { guests, version } = this.state;
    if (path === '/version') return { version, release: version.slice(0, 3), repoid: 'c0ffee' };
    if (path === '/cluster/ha/status/current') return this.ha.current();
    if (path === '/cluster/ha/status/manager_status') return this.ha.manager();
    const [, type, vmid] = /^\/nodes\/localhost\/(qemu|lxc)(?:\/(\d+)\/status\/current)?$/.exec(path) ?? [];
    const found = guests.filter((guest) => guest.type === type);
    if (vmid === undefined) return type === undefined ? null : found.map((guest) => this.#row(guest));
    const one = found.find((guest) => guest.vmid === Number(vmid));
    return one ? this.#row(one, true) : null;
  }

  /** A container's number is a text there. */
  #row({ type, vmid, name, on, lock, agent, paused }: ProxmoxGuest, isWhole = false): object {
    const common = { vmid: type === 'lxc' ? String(vmid) : vmid, name, status: on ? 'running' : 'stopped', lock };
    if (!isWhole || type === 'lxc') return common;
    return { ...common, qmpstatus: paused ? 'paused' : common.status, ...(agent !== 'none' && { agent: 1 }) };
  }

  #program(type: ProxmoxGuest['type'], args: readonly string[]): Result | Promise<Result> {
    const [verb = '', ...rest] = args;
    const vmid = Number(verb === 'guest' ? rest[1] : rest[0]);
    const guest = this.state.guests.find((one) => one.type === type && one.vmid === vmid);
    if (!guest) return no(`Configuration file 'nodes/${this.name}/${type}/${vmid}.conf' does not exist`);
    const options = rest.slice(1).join(' ');
    switch (verb) {
      case 'guest':
        return guest.on && guest.agent === 'answers' ? result() : no('QEMU guest agent is not running');
      case 'shutdown':
        return this.#shutdown(guest, options);
      case 'stop':
        return this.#stop(guest);
      case 'start':
        return this.#start(guest);
      default:
        return no(`unknown command '${verb}'`);
    }
  }

  #shutdown(guest: ProxmoxGuest, options: string): Result | Promise<Result> {
    const [, timeout = '60', skips] = /^--timeout (\d+)( --skiplock 1)?$/.exec(options) ?? [];
    if (!guest.on) return no(`${guest.vmid} not running`);
    if (guest.paused) return no('VM is paused - cannot shutdown');
    if (this.ha.runs(guest)) return this.ha.stop(guest, Number(timeout));
    if (skips && guest.type === 'lxc') return no('Unknown option: skiplock');
    if (this.#isLocked(guest) && !(skips && !this.#held.has(guest))) return no(`VM is locked (${guest.lock})`);
    this.ask(guest);
    return this.#until(guest, Number(timeout) * 1000);
  }

  /** It has the guest to itself until that is off, or the time over. */
  #until(guest: ProxmoxGuest, ms: number): Promise<Result> {
    this.#held.add(guest);
    return new Promise((resolve) => {
      this.#after(Math.min(ms, guest.stopsAfterMs ?? ms), () => {
        this.#held.delete(guest);
        const why = guest.type === 'lxc' ? 'container did not stop' : 'VM quit/powerdown failed - got timeout';
        resolve(guest.on ? no(why) : result());
      });
    });
  }

  #stop(guest: ProxmoxGuest): Result {
    if (this.ha.runs(guest)) return this.ha.stop(guest, 0);
    if (this.#isLocked(guest)) return no(`can't lock file '/var/lock/${guest.vmid}.conf' - got timeout`);
    this.cutOff(guest);
    return result();
  }

  #start(guest: ProxmoxGuest): Result {
    if (!this.state.quorate) return no('cluster not ready - no quorum?');
    if (guest.on) return no(`VM ${guest.vmid} already running`);
    if (this.ha.runs(guest)) return this.ha.set(sidOf(guest), 'started');
    if (this.#isLocked(guest)) return no(`VM is locked (${guest.lock})`);
    guest.on = true;
    return result();
  }

  #isLocked = (guest: ProxmoxGuest): boolean => guest.lock !== undefined || this.#held.has(guest);

  #kill(form: RegExp, args: readonly string[]): Result {
    const vmid = Number(form.exec(args.join(' '))?.[1]);
    const guest = this.state.guests.find((one) => one.vmid === vmid);
    if (!guest?.on) return result('', 1);
    this.cutOff(guest);
    return result();
  }

  /** @see https://docs.ceph.com/en/latest/man/8/ceph/ (osd dump, osd set, osd unset) */
  #ceph(args: readonly string[]): Result {
    if (this.isCephLost) return result('', 1, 'timed out\n');
    const flags = this.state.ceph ?? new Set();
    const [, verb, flag = ''] =
      /^--connect-timeout 10 osd (dump --format json|set|unset) ?(\w*)$/.exec(args.join(' ')) ?? [];
    if (verb === 'set') flags.add(flag);
    else if (verb === 'unset') flags.delete(flag);
    else if (verb === undefined) return result('', 22, 'Error EINVAL: invalid command\n');
    else return result(`\n${JSON.stringify({ epoch: 7, flags: [...flags].join(','), flags_set: [...flags] })}\n`);
    return result('', 0, `${flag} is ${verb}\n`);
  }
}
