import { assertNever } from '../../shared/assert-never.ts';
import type { Fault } from '../../shared/fault.ts';
import type { Detail } from '../../shared/reading.ts';
import type { NutServer, UpsServer } from '../../shared/supplies.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';
import { ApcupsdSource } from './apcupsd/apcupsd-source.ts';
import { noAnswer, upsFault } from './net/server-fault.ts';
import { NutSource } from './nut/nut-source.ts';

export interface ServersDeps {
  clock: Clock;
  /** Of the server's user; null: none is kept. Asked for once a connection. */
  password(server: NutServer): Promise<string | null>;
  /** `faults` may have changed. */
  changed(): void;
}

interface Running {
  server: UpsServer;
  source: NutSource | ApcupsdSource;
  /** UPSes that it has told of. */
  known: Set<string>;
  trouble: Fault | null;
}

/** The UPSes of every server that is set up, as one source. */
export class UpsServers implements UpsSource {
  readonly #deps: ServersDeps;
  readonly #running = new Map<string, Running>();
  #wanted: readonly UpsServer[] = [];
  #listener: ((event: UpsEvent) => void) | null = null;
  #onBattery = false;
  #toldTrouble: Fault | null = null;

  constructor(deps: ServersDeps) {
    this.#deps = deps;
  }

  /**
   * Takes these servers and no others. One whose settings are the same as before keeps its connection; where it reads
   * the same place in another way, its UPSes are lost until they are found again, and otherwise gone.
   */
  configure(servers: readonly UpsServer[]): void {
    this.#wanted = servers;
    if (!this.#listener) return;
    for (const [id, { server }] of this.#running) {
      const wanted = servers.find((one) => one.id === id);
      if (wanted && isSame(wanted, server)) continue;
      this.#end(id, wanted && isAtSamePlace(wanted, server) ? 'lost' : 'gone');
    }
    for (const server of servers) if (!this.#running.has(server.id)) this.#add(server);
    this.#tellTrouble();
    this.#deps.changed();
  }

  /** Something that is not among its settings is another than before, as its password. */
  connectAnew(id: string): void {
    this.#end(id, 'lost');
    this.configure(this.#wanted);
  }

  /** What is wrong, by the server's id. A server without an entry is read as it should be, or has not answered yet. */
  faults(): ReadonlyMap<string, Fault> {
    const faults = new Map<string, Fault>();
    for (const [id, { source }] of this.#running) {
      const fault = source.fault();
      if (fault) faults.set(id, fault);
    }
    return faults;
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    this.configure(this.#wanted);
  }

  async stop(): Promise<void> {
    this.#listener = null;
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(all.map(({ source }) => source.stop()));
  }

  hurry(onBattery: boolean): void {
    this.#onBattery = onBattery;
    for (const { source } of this.#running.values()) source.hurry(onBattery);
  }

  has(upsId: string): boolean {
    return this.#of(upsId) !== undefined;
  }

  command(upsId: string, order: Order): Promise<string> {
    const source = this.#of(upsId);
    return source ? source.command(upsId, order) : Promise.reject(unknownUps(upsId));
  }

  details(upsId: string): Promise<Detail[]> {
    const source = this.#of(upsId);
    return source ? source.details(upsId) : Promise.reject(unknownUps(upsId));
  }

  #of(upsId: string): UpsSource | undefined {
    return [...this.#running.values()].find(({ source }) => source.has(upsId))?.source;
  }

  #add(server: UpsServer): void {
    const running: Running = { server, source: this.#sourceOf(server), known: new Set(), trouble: null };
    this.#running.set(server.id, running);
    running.source.hurry(this.#onBattery);
    running.source.start((event) => this.#take(running, event));
  }

  #end(id: string, as: 'lost' | 'gone'): void {
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.delete(id);
    void running.source.stop();
    const { fault } = noAnswer(running.server, 'The connection is made anew.');
    for (const upsId of running.known) {
      // Another server may be set up for the same place.
      if (!this.has(upsId)) this.#listener?.(as === 'gone' ? { type: 'gone', upsId } : { type: 'lost', upsId, fault });
    }
  }

  #sourceOf(server: UpsServer): NutSource | ApcupsdSource {
    const { clock, changed, password } = this.#deps;
    switch (server.kind) {
      case 'nut':
        return new NutSource(server, { clock, changed, password: () => password(server) });
      case 'apcupsd':
        return new ApcupsdSource(server, { clock, changed });
      default:
        return assertNever(server, 'UPS server');
    }
  }

  #take(running: Running, event: UpsEvent): void {
    if (event.type === 'trouble') {
      running.trouble = event.fault;
      this.#tellTrouble();
      return;
    }
    if (event.type === 'found') running.known.add(event.ups.id);
    this.#listener?.(event);
  }

  /** There is room for one trouble: the first server's. */
  #tellTrouble(): void {
    const fault = [...this.#running.values()].find(({ trouble }) => trouble)?.trouble ?? null;
    if (fault === this.#toldTrouble) return;
    this.#toldTrouble = fault;
    this.#listener?.({ type: 'trouble', fault });
  }
}

/** All settings are plain values. */
const isSame = (one: UpsServer, other: UpsServer): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

const isAtSamePlace = (one: UpsServer, other: UpsServer): boolean =>
  one.kind === other.kind && one.address === other.address && one.port === other.port;

const unknownUps = (upsId: string) =>
  upsFault('ups-lost', upsId, 'No server that is set up has it.', 'Set its server up again.');
