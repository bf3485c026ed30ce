import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { FaultError } from '../../../shared/fault.ts';
import type { Host, HostKey } from '../../../shared/inventory.ts';
import { isChain, jumpChain } from '../../../shared/jump-chain.ts';
import type { Addresses } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { type Look, type LookAt, lookBy, lookMs } from '../reach.ts';
import { readyTimeout } from './connect-fault.ts';
import { lookupBy } from './lookup.ts';
import { readHostKey } from './read-host-key.ts';
import { letGo, openTunnel, type Tunnel } from './tunnel.ts';
import { straightTo, type Way } from './way.ts';

/** A connection to a jump host, lent by the pool. */
export interface Lent {
  client: Client;
  stands(): boolean;
  /** It carries this stream: it is not closed before the stream is. */
  carry(stream: Duplex): void;
}

/** What is known around a host. */
export interface Surroundings {
  /** A host of the inventory; null: there is none of that id. */
  hosts(id: string): Host | null;
  addresses: Addresses;
}

/** How hosts are reached: straight, or through the pool's connections to their jump hosts. */
export class Ways {
  readonly #around: Surroundings;
  readonly #borrow: (jump: Host, work: (lent: Lent) => Promise<Tunnel>) => Promise<Tunnel>;

  /** @param borrow works over the connection to a jump host; over a new one when that one turns out to be lost */
  constructor(around: Surroundings, borrow: (jump: Host, work: (lent: Lent) => Promise<Tunnel>) => Promise<Tunnel>) {
    this.#around = around;
    this.#borrow = borrow;
  }

  /**
   * @throws FaultError `reference-missing` when its jump hosts are not as they must be, `unreachable` when its jump host
   * does not lead to it, `not-allowed` when that one may not forward; and what keeps us out of the jump host
   */
  async to(host: Host): Promise<Way> {
    const jump = this.#jumpOf(host);
    if (jump === null) return straightTo(host, this.#around.addresses);
    const through = await this.#through(jump, host, readyTimeout);
    const { tunnel, stands } = through;
    if (tunnel.is === 'open') {
      const { channel } = tunnel;
      return { open: () => channel, stands, drop: () => letGo(channel) };
    }
    if (tunnel.is !== 'lost' && !tunnel.mayForward) {
      const remedy = `Let ${jump.user} forward there: AllowTcpForwarding and PermitOpen in its sshd_config.`;
      throw hostFault(jump, 'not-allowed', `it may not connect to other hosts for us (${tunnel.said})`, remedy);
    }
    const remedy = `Check that ${host.name} is on, and its address and port as ${jump.name} sees them.`;
    throw hostFault(host, 'unreachable', `its jump host ${jump.name} cannot connect to it: ${tunnel.said}`, remedy);
  }

  /** Looks once at a host's SSH port, from its jump host if it has one. Never rejects. */
  readonly look: LookAt = async (host) => {
    try {
      const jump = this.#jumpOf(host);
      if (jump === null) return await this.#lookStraight(host);
      const { tunnel } = await this.#through(jump, host, lookMs);
      if (tunnel.is === 'open') letGo(tunnel.channel);
      return tunnel.is === 'lost' ? 'blind' : tunnel.is;
    } catch {
      return 'blind';
    }
  };

  /** @throws FaultError as `to` and `readHostKey` */
  readonly readHostKey = async (host: Host): Promise<HostKey> => readHostKey(host, (each) => this.to(each));

  async #lookStraight(host: Host): Promise<Look> {
    const found = await this.#around.addresses.of(host.address);
    return found.length > 0 ? lookBy(lookupBy({ of: async () => found }), host) : 'blind';
  }

  #jumpOf(host: Host): Host | null {
    const chain = jumpChain(host, this.#around.hosts);
    if (isChain(chain)) return chain[0] ?? null;
    throw hostFault(host, 'reference-missing', chain.what, chain.remedy);
  }

  async #through(jump: Host, host: Host, limitMs: number): Promise<{ tunnel: Tunnel; stands(): boolean }> {
    let stands = (): boolean => true;
    try {
      const tunnel = await this.#borrow(jump, async (lent) => {
        const opened = await openTunnel(lent.client, host, limitMs);
        if (opened.is === 'open') lent.carry(opened.channel);
        stands = lent.stands;
        return opened;
      });
      return { tunnel, stands: () => stands() };
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      const { code, what, remedy } = error.fault;
      // That the jump host cannot be reached says of the host that it was not.
      if (code !== 'unreachable' && code !== 'dead-peer') throw error;
      throw hostFault(host, 'unreachable', `its jump host ${jump.name} cannot be used: ${what}`, remedy);
    }
  }
}
