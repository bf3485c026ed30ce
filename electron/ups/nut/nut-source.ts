import { type Fault, toFault } from '../../../shared/fault.ts';
import type { Detail, Ups } from '../../../shared/reading.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import type { Order } from '../../../shared/ups-command.ts';
import type { Clock, UpsEvent, UpsSource } from '../../core/ports.ts';
import { BackOff } from '../net/back-off.ts';
import { rememberingLookup } from '../net/names.ts';
import { serverPlace, upsFault } from '../net/server-fault.ts';
import { converse } from './converse.ts';
import { HeldLogin } from './held-login.ts';
import { NutSession } from './session.ts';
import type { WatchedUps } from './watched-ups.ts';

export interface NutDeps {
  clock: Clock;
  /** Of the server's user; null: none is kept. Asked for once a connection, and only where a user is named. */
  password(): Promise<string | null>;
  /** `fault` may have changed. */
  changed(): void;
}

/** Every UPS that one upsd lists. The connection is made anew for as long as the source runs. */
export class NutSource implements UpsSource {
  readonly #server: NutServer;
  readonly #deps: NutDeps;
  readonly #known = new Map<string, Ups>();
  /** Those that are told of as there, and would have to be told lost. */
  readonly #present = new Set<string>();
  readonly #backOff = new BackOff();
  readonly #stop = new AbortController();
  readonly #lookup;
  #listener: (event: UpsEvent) => void = () => undefined;
  #session: NutSession | null = null;
  /** The names under which UPSes have been read. */
  readonly #met = new Set<string>();
  /** By the name of the UPS. */
  readonly #logins = new Map<string, HeldLogin>();
  #connectionFault: Fault | null = null;
  #toldTrouble: Fault | null = null;
  #toldFault: Fault | null = null;
  #onBattery = false;
  #wake: () => void = () => undefined;

  constructor(server: NutServer, deps: NutDeps) {
    this.#server = server;
    this.#deps = deps;
    this.#lookup = rememberingLookup(deps.clock);
  }

  /** Why the server is not read, or not as it should be; null: nothing is wrong. */
  fault(): Fault | null {
    const login = [...this.#logins.values()].find(({ fault }) => fault)?.fault;
    return this.#connectionFault ?? this.#session?.fault ?? login ?? null;
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    void this.#live();
  }

  stop(): Promise<void> {
    this.#stop.abort();
    this.#listener = () => undefined;
    this.#keepLogins([]);
    this.#wake();
    return Promise.resolve();
  }

  hurry(onBattery: boolean): void {
    if (this.#onBattery === onBattery) return;
    this.#onBattery = onBattery;
    this.#session?.hurry(onBattery);
    // A rest that was measured for calm days is over.
    if (onBattery) this.#wake();
  }

  has(upsId: string): boolean {
    return this.#known.has(upsId);
  }

  async command(upsId: string, order: Order): Promise<string> {
    return this.#watched(upsId).command(order);
  }

  async details(upsId: string): Promise<Detail[]> {
    return this.#watched(upsId).details();
  }

  #watched(upsId: string): WatchedUps {
    const ups = this.#session?.ups(upsId);
    if (ups) return ups;
    const where = this.#known.get(upsId)?.via ?? upsId;
    throw upsFault('ups-lost', where, 'There is no contact with its server.', 'Look at the server that reads it.');
  }

  async #live(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { fault, lasted } = await this.#connection();
      if (this.#stop.signal.aborted) return;
      this.#broken(fault);
      await this.#rest(this.#backOff.next(lasted, this.#onBattery));
    }
  }

  /** One connection, from its making to its end. `lasted`: ms for which it was of use. */
  async #connection(): Promise<{ fault: Fault; lasted: number }> {
    const { clock, password } = this.#deps;
    try {
      const talk = await converse(this.#server, { clock, lookup: this.#lookup, signal: this.#stop.signal });
      // A login may come to its end after the connection has.
      const news = (): void => (this.#session === session ? this.#heard() : undefined);
      const deps = { server: this.#server, clock, talk, password, met: this.#met, tell: this.#tell, news };
      const session: NutSession = new NutSession(deps, this.#onBattery);
      this.#session = session;
      const { fault } = await session.run();
      return { fault, lasted: session.usefulSince === null ? 0 : clock.monotonic() - session.usefulSince };
    } catch (error) {
      return { fault: toFault(error, serverPlace(this.#server)), lasted: 0 };
    }
  }

  readonly #tell = (event: UpsEvent): void => {
    if (event.type === 'found') {
      this.#known.set(event.ups.id, event.ups);
      this.#present.add(event.ups.id);
    }
    if (event.type === 'lost') this.#present.delete(event.upsId);
    this.#listener(event);
  };

  #heard(): void {
    if (this.#stop.signal.aborted) return;
    this.#connectionFault = null;
    // Where the first login is refused, more of them would be too. Until it is answered, those that stand stay.
    if (this.#session?.login === 'taken') this.#keepLogins(this.#session.names.slice(1));
    if (this.#session?.login === 'refused') this.#keepLogins([]);
    this.#trouble(this.#known.size === 0 ? (this.#session?.fault ?? null) : null);
    this.#tellChange();
  }

  #keepLogins(names: readonly string[]): void {
    for (const [name, login] of this.#logins) {
      if (names.includes(name)) continue;
      login.stop();
      this.#logins.delete(name);
    }
    const { clock, password } = this.#deps;
    for (const name of names) {
      if (this.#logins.has(name)) continue;
      this.#logins.set(name, new HeldLogin(this.#server, name, { clock, lookup: this.#lookup, password }));
    }
  }

  #broken(fault: Fault): void {
    this.#session = null;
    this.#connectionFault = fault;
    for (const upsId of [...this.#present]) this.#tell({ type: 'lost', upsId, fault });
    this.#trouble(this.#known.size === 0 ? fault : null);
    this.#tellChange();
  }

  #tellChange(): void {
    const fault = this.fault();
    if (fault === this.#toldFault) return;
    this.#toldFault = fault;
    this.#deps.changed();
  }

  /** Trouble belongs to a server of which no UPS is known: where one is, its loss says it. */
  #trouble(fault: Fault | null): void {
    if (fault === this.#toldTrouble) return;
    this.#toldTrouble = fault;
    this.#listener({ type: 'trouble', fault });
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
