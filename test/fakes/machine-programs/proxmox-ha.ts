import type { After } from '../after.ts';
import { type Result, result } from '../posix-shell.ts';
import type { ProxmoxNode } from './proxmox.ts';
import { type ProxmoxGuest, sidOf } from './proxmox-guest.ts';

/** Milliseconds from an order to what HA makes of it: its manager goes round every ten seconds. */
const roundMs = 10_000;

const no = (why: string): Result => result('', 255, `${why}\n`);

/**
 * HA of a cluster as one of its nodes sees it.
 * @see https://github.com/proxmox/pve-ha-manager (src/PVE/API2/HA/Status.pm, src/PVE/HA/Manager.pm,
 * src/PVE/HA/Resources/PVEVM.pm shutdown: what has not stopped in its time is cut)
 * @see https://github.com/PegaProx/project-pegaprox (answers of Proxmox VE 9.2 with nodes in maintenance, as captured)
 */
export class ProxmoxHa {
  arms: 'armed' | 'disarming' | 'disarmed' = 'armed';
  mode: 'freeze' | 'ignore' | '' = '';
  maintenance: 'off' | 'requested' | 'on' = 'off';
  /** Guests of other nodes, by sid; in maintenance a node's own go there. */
  readonly elsewhere = new Set<string>();
  /** There is another node to which guests could move. */
  hasOthers = true;
  readonly #node: ProxmoxNode;
  readonly #after: After;

  constructor(node: ProxmoxNode, after: After) {
    this.#node = node;
    this.#after = after;
  }

  get #guests(): ProxmoxGuest[] {
    return this.#node.state.guests.filter(({ ha }) => ha !== undefined);
  }

  get #canBeDisarmed(): boolean {
    return Number.parseFloat(this.#node.state.version) >= 9.2;
  }

  /** It, and not the node, starts and stops the guest. */
  runs({ ha }: ProxmoxGuest): boolean {
    return ha !== undefined && ha !== 'ignored' && !(this.arms === 'disarmed' && this.mode === 'ignore');
  }

  current(): object[] {
    const { name, state } = this.#node;
    const fencing = {
      id: 'fencing',
      type: 'fencing',
      node: name,
      'armed-state': this.arms,
      ...(this.mode && { resource_mode: this.mode }),
      status: this.arms,
    };
    return [
      {
        id: 'quorum',
        type: 'quorum',
        node: name,
        status: state.quorate ? 'OK' : 'No quorum',
        quorate: state.quorate ? 1 : 0,
      },
      { id: 'master', type: 'master', node: name, status: `${name} (active)`, timestamp: 1 },
      ...(this.#canBeDisarmed ? [fencing] : []),
      { id: `lrm:${name}`, type: 'lrm', node: name, status: `${name} (active, watchdog active)`, timestamp: 1 },
      ...this.#guests.map((guest) => ({
        id: `service:${sidOf(guest)}`,
        type: 'service',
        node: name,
        sid: sidOf(guest),
        request_state: guest.ha,
        state: guest.ha,
        status: `${sidOf(guest)} (${name}, ${guest.ha})`,
      })),
    ];
  }

  manager(): object {
    const { name } = this.#node;
    const services = this.#guests.filter(({ ha }) => ha !== 'ignored');
    if (services.length === 0 && this.maintenance === 'off')
      return { manager_status: {}, quorum: { node: name, quorate: '1' } };
    return {
      manager_status: {
        master_node: name,
        node_status: { [name]: this.maintenance === 'on' ? 'maintenance' : 'online' },
        node_request: { [name]: this.maintenance === 'off' ? {} : { maintenance: 1 } },
        service_status: Object.fromEntries(
          services.map((guest) => [
            sidOf(guest),
            { node: this.elsewhere.has(sidOf(guest)) ? 'pve2' : name, state: guest.ha, uid: 'x' },
          ]),
        ),
      },
      lrm_status: { [name]: { mode: this.maintenance === 'on' ? 'maintenance' : 'active', state: 'active' } },
      quorum: { node: name, quorate: '1' },
    };
  }

  program(args: readonly string[]): Result {
    if (!this.#node.state.quorate) return no('cluster not ready - no quorum?');
    const text = args.join(' ');
    const [, sid = '', state = ''] = /^set (\S+) --state (started|stopped|disabled|ignored)$/.exec(text) ?? [];
    if (sid) return this.set(sid, state as NonNullable<ProxmoxGuest['ha']>);
    const [, stopped = '', seconds] = /^crm-command stop (\S+) (\d+)$/.exec(text) ?? [];
    if (stopped) {
      const guest = this.#guests.find((one) => sidOf(one) === stopped && one.ha !== 'ignored');
      return guest ? this.stop(guest, Number(seconds)) : no(`resource '${stopped}' is not HA managed`);
    }
    const [, verb, node] = /^crm-command node-maintenance (enable|disable) (\S+)$/.exec(text) ?? [];
    if (node === this.#node.name) return this.#maintain(verb === 'enable');
    if (this.#canBeDisarmed && text === 'crm-command arm-ha') return this.#arm();
    const [, mode] = /^crm-command disarm-ha (freeze|ignore)$/.exec(text) ?? [];
    if (this.#canBeDisarmed && mode) return this.#disarm(mode as 'freeze' | 'ignore');
    return no(`unknown command '${text}'`);
  }

  set(sid: string, state: NonNullable<ProxmoxGuest['ha']>): Result {
    const guest = this.#guests.find((one) => sidOf(one) === sid);
    if (!guest) return no(`no such resource '${sid}'`);
    guest.ha = state;
    this.#after(roundMs, () => this.#keepStarted());
    return result();
  }

  /** Taken at its next round, and only then. */
  stop(guest: ProxmoxGuest, seconds: number): Result {
    this.#after(roundMs, () => {
      if (!this.runs(guest) || this.arms !== 'armed' || !guest.on || guest.ha === 'stopped') return;
      guest.ha = 'stopped';
      if (seconds === 0 || guest.paused) return this.#node.cutOff(guest);
      this.#node.ask(guest);
      this.#after(seconds * 1000, () => this.#node.cutOff(guest));
    });
    return result('', 0);
  }

  /** What is to be started is. */
  #keepStarted(): void {
    for (const guest of this.#guests) {
      if (this.arms === 'armed' && guest.ha === 'started') guest.on = true;
    }
  }

  #disarm(mode: 'freeze' | 'ignore'): Result {
    this.#after(roundMs, () => {
      [this.arms, this.mode] = ['disarming', mode];
      this.#after(roundMs, () => {
        this.arms = 'disarmed';
      });
    });
    return result();
  }

  #arm(): Result {
    this.#after(roundMs, () => {
      [this.arms, this.mode] = ['armed', ''];
      this.#keepStarted();
    });
    return result();
  }

  #maintain(on: boolean): Result {
    this.#after(roundMs, () => {
      this.maintenance = on ? 'requested' : 'off';
      if (!on) return this.elsewhere.clear();
      this.#after(roundMs, () => {
        this.maintenance = 'on';
        if (!this.hasOthers) return;
        this.#after(roundMs, () => {
          for (const guest of this.#guests) this.elsewhere.add(sidOf(guest));
        });
      });
    });
    return result();
  }
}
