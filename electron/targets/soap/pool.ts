import { toFault } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Addresses, Clock, Credentials, Warmer } from '../../core/ports.ts';
import { resolveName } from '../resolve-name.ts';
import { RefusedLogins } from '../ssh/refused-logins.ts';
import type { SoapAnswer } from './answer.ts';
import { type ServiceContent, serviceInstance } from './content.ts';
import type { ExchangeOptions } from './exchange.ts';
import { SoapServer } from './server.ts';
import type { Ref, Xml } from './write.ts';

/** Milliseconds of the clock after which a session that nobody uses is logged out. */
const idleMs = 60_000;

/** Milliseconds of the clock between two looks at a session that is kept: servers forget one that is idle for 30 min. */
const lookMs = 30_000;

/** Milliseconds of real time for such a look. */
const lookLimitMs = 5000;

/** What step kinds need of servers with VMware's API. */
export interface SoapServers {
  /** Where the names of hosts lead. */
  readonly addresses: Addresses;
  /** Signs in first where needed. @throws FaultError of `SoapServer.content` */
  content(host: Host, signal: AbortSignal): Promise<ServiceContent>;
  /** @throws FaultError of `SoapServer.call` */
  call(
    host: Host,
    method: string,
    self: Ref,
    content: readonly Xml[],
    options: Omit<ExchangeOptions, 'isRepeatable'>,
  ): Promise<SoapAnswer>;
  /** Drops its session, unless a call uses it or it is kept warm: what comes next signs in anew. */
  forget(host: Host): void;
}

interface Visit {
  readonly server: SoapServer;
  /** Calls that use it. */
  busy: number;
  /** It stays while nobody uses it. */
  held: boolean;
  stopTimer(): void;
}

/**
 * One session per server, shared by the steps that need it. A password that a server refused is not tried again for
 * 15 min by the same pool.
 */
export class SoapPool implements SoapServers, Warmer {
  readonly addresses: Addresses;
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  readonly #refused: RefusedLogins;
  readonly #visits = new Map<string, Visit>();
  readonly #onLost = new Set<(hostId: string) => void>();

  /** @param addresses where names lead; unless given, they are resolved when they are needed */
  constructor(credentials: Credentials, clock: Clock, addresses: Addresses = { of: resolveName }) {
    this.#credentials = credentials;
    this.addresses = addresses;
    this.#clock = clock;
    this.#refused = new RefusedLogins(clock);
  }

  content(host: Host, signal: AbortSignal): Promise<ServiceContent> {
    return this.#use(host, (server) => server.content(signal));
  }

  call(
    host: Host,
    method: string,
    self: Ref,
    content: readonly Xml[],
    options: Omit<ExchangeOptions, 'isRepeatable'>,
  ): Promise<SoapAnswer> {
    return this.#use(host, (server) => server.call(method, self, content, options));
  }

  forget(host: Host): void {
    const visit = this.#visits.get(keyOf(host));
    if (visit && visit.busy === 0 && !visit.held) void this.#leave(host, visit);
  }

  async warm(host: Host, signal: AbortSignal): Promise<void> {
    const visit = this.#visit(host);
    // An edited host takes the place of what it was.
    for (const before of this.#visits.values()) {
      if (before !== visit && before.server.host.id === host.id) this.#letGo(before);
    }
    visit.held = true;
    try {
      await this.#use(host, (server) => server.content(signal));
    } catch (error) {
      this.#letGo(visit);
      throw error;
    }
    this.#watch(host, visit);
  }

  onLost(call: (hostId: string) => void): () => void {
    this.#onLost.add(call);
    return () => this.#onLost.delete(call);
  }

  runBegins(): void {
    this.#refused.forget();
  }

  release(): void {
    for (const visit of this.#visits.values()) this.#letGo(visit);
  }

  /** Says good-bye everywhere. Resolves when that is done, 3 s at most. */
  async close(): Promise<void> {
    const visits = [...this.#visits.values()];
    this.#visits.clear();
    for (const visit of visits) visit.stopTimer();
    await Promise.all(visits.map(({ server }) => server.logOut()));
  }

  #visit(host: Host): Visit {
    const key = keyOf(host);
    const known = this.#visits.get(key);
    if (known) return known;
    const server = new SoapServer(host, this.#credentials, this.#refused, this.addresses);
    const visit: Visit = { server, busy: 0, held: false, stopTimer: () => undefined };
    this.#visits.set(key, visit);
    return visit;
  }

  async #use<T>(host: Host, work: (server: SoapServer) => Promise<T>): Promise<T> {
    const visit = this.#visit(host);
    visit.busy += 1;
    if (!visit.held) visit.stopTimer();
    try {
      return await work(visit.server);
    } finally {
      visit.busy -= 1;
      this.#rest(visit);
    }
  }

  #letGo(visit: Visit): void {
    if (!visit.held) return;
    visit.held = false;
    this.#rest(visit);
  }

  #rest(visit: Visit): void {
    if (visit.busy > 0 || visit.held || this.#visits.get(keyOf(visit.server.host)) !== visit) return;
    visit.stopTimer();
    visit.stopTimer = this.#clock.after(idleMs, () => void this.#leave(visit.server.host, visit));
  }

  #leave(host: Host, visit: Visit): Promise<void> {
    visit.stopTimer();
    if (this.#visits.get(keyOf(host)) === visit) this.#visits.delete(keyOf(host));
    return visit.server.logOut();
  }

  /** A server that goes away does not say so where nobody asks it. */
  #watch(host: Host, visit: Visit): void {
    visit.stopTimer();
    visit.stopTimer = this.#clock.after(lookMs, () => {
      const options = { limitMs: lookLimitMs, signal: new AbortController().signal };
      const again = (): void => {
        if (visit.held) this.#watch(host, visit);
      };
      visit.server.call('CurrentTime', serviceInstance, [], options).then(again, (error: unknown) => {
        if (!visit.held) return;
        // Nothing but a server that does not answer is over; what it says no to may pass. Who waits for an answer is
        // told by his own call, and may be what this one had to wait for.
        if (visit.busy > 0 || toFault(error, host.name).code === 'unexpected-answer') return again();
        visit.held = false;
        this.#visits.delete(keyOf(host));
        visit.server.end();
        for (const call of [...this.#onLost]) call(host.id);
      });
    });
  }
}

/** A host whose address, user or certificate was edited is another host. */
const keyOf = (host: Host): string => JSON.stringify(host);
