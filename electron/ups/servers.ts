import { assertNever } from '../../shared/assert-never.ts';
import type { Fault } from '../../shared/fault.ts';
import type { Detail } from '../../shared/reading.ts';
import type { UpsServer } from '../../shared/supplies.ts';
import type { Order } from '../../shared/ups-command.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';
import { ApcupsdSource } from './apcupsd/apcupsd-source.ts';
import { serverPlace, upsFault } from './net/server-fault.ts';
import { NutSource } from './nut/nut-source.ts';

export interface ServersDeps {
  clock: Clock;
  /** Of the server's user; null: none is kept. Asked for once a connection. */
  password(serverId: string): Promise<string | null>;
  /** `faults` may have changed. */
  changed(): void;
}

interface Running {
  server: UpsServer;
  source: NutSource | ApcupsdSource;
  /** UPSes that are told of as there. */
  present: Set<string>;
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

  /** Takes these servers and no others. One whose settings are the same as before keeps its connection. */
  configure(servers: readonly UpsServer[]): void {
    this.#wanted = servers;
    if (!this.#listener) return;
    for (const [id, { server }] of this.#running) {
      const wanted = servers.find((one) => one.id === id);
      if (!wanted || !isSame(wanted, server)) this.#remove(id);
    }
    for (const server of servers) if (!this.#running.has(server.id)) this.#add(server);
    this.#tellTrouble();
    this.#deps.changed();
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
    const running: Running = { server, source: this.#sourceOf(server), present: new Set(), trouble: null };
    this.#running.set(server.id, running);
    running.source.hurry(this.#onBattery);
    running.source.start((event) => this.#take(running, event));
  }

  #remove(id: string): void {
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.delete(id);
    void running.source.stop();
    const where = serverPlace(running.server);
    const { fault } = upsFault('ups-lost', where, 'Its server was removed or changed.', 'Nothing to do.');
    for (const upsId of running.present) this.#listener?.({ type: 'lost', upsId, fault });
  }

  #sourceOf(server: UpsServer): NutSource | ApcupsdSource {
    const { clock, changed, password } = this.#deps;
    switch (server.kind) {
      case 'nut':
        return new NutSource(server, { clock, changed, password: () => password(server.id) });
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
    if (event.type === 'found') running.present.add(event.ups.id);
    if (event.type === 'lost') running.present.delete(event.upsId);
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

const unknownUps = (upsId: string) =>
  upsFault('ups-lost', upsId, 'No server that is set up has it.', 'Set its server up again.');
