import { createHash } from 'node:crypto';
import { type Fault, type FaultError, toFault } from '../../../shared/fault.ts';
import type { Detail, Ups } from '../../../shared/reading.ts';
import type { ApcupsdServer } from '../../../shared/supplies.ts';
import type { Clock, UpsEvent, UpsSource } from '../../core/ports.ts';
import { BackOff } from '../net/back-off.ts';
import { rememberingLookup } from '../net/names.ts';
import { serverPlace, upsFault } from '../net/server-fault.ts';
import { shown } from '../net/text.ts';
import { fetchStatus } from './fetch-status.ts';
import { detailsOf, readingOf } from './reading.ts';
import { ageOf, flagOf, type Status } from './status.ts';

/** Milliseconds. */
const pace = { onBattery: 1000, onMains: 2000 };
/** Milliseconds. On battery apcupsd asks its UPS every second: what is older than this is no news. */
const staleAfter = 6000;

export interface ApcupsdDeps {
  clock: Clock;
  /** `fault` may have changed. */
  changed(): void;
}

/** The one UPS of an apcupsd. It is only read: apcupsd takes no commands. */
export class ApcupsdSource implements UpsSource {
  readonly #server: ApcupsdServer;
  readonly #deps: ApcupsdDeps;
  readonly #id: string;
  readonly #lookup;
  readonly #backOff = new BackOff();
  readonly #stop = new AbortController();
  #listener: (event: UpsEvent) => void = () => undefined;
  /** As it was last told; null: never found. */
  #ups: Ups | null = null;
  /** The newest status; null: there is no contact. */
  #status: Status | null = null;
  #fault: Fault | null = null;
  #answeringSince: number | null = null;
  #onBattery = false;
  #wake: () => void = () => undefined;

  constructor(server: ApcupsdServer, deps: ApcupsdDeps) {
    this.#server = server;
    this.#deps = deps;
    this.#id = upsId(server);
    this.#lookup = rememberingLookup(deps.clock);
  }

  /** Why the server is not read; null: nothing is wrong. */
  fault(): Fault | null {
    return this.#fault;
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    void this.#live();
  }

  stop(): Promise<void> {
    this.#stop.abort();
    this.#listener = () => undefined;
    this.#wake();
    return Promise.resolve();
  }

  hurry(onBattery: boolean): void {
    if (this.#onBattery === onBattery) return;
    this.#onBattery = onBattery;
    // Not while it waits to try a server again that does not answer.
    if (onBattery && this.#status) this.#wake();
  }

  has(id: string): boolean {
    return this.#ups?.id === id;
  }

  command(): Promise<string> {
    const fault = upsFault('ups-refused', this.#where, 'apcupsd takes no commands.', 'Use NUT, or its cable here.');
    return Promise.reject(fault);
  }

  details(): Promise<Detail[]> {
    if (this.#status) return Promise.resolve(detailsOf(this.#id, this.#deps.clock.now(), this.#status));
    return Promise.reject(
      upsFault('ups-lost', this.#where, 'There is no contact with it.', 'Look at the server that reads it.'),
    );
  }

  get #where(): string {
    return serverPlace(this.#server);
  }

  async #live(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stop.signal.aborted) {
      let wait = this.#onBattery ? pace.onBattery : pace.onMains;
      try {
        const status = await fetchStatus(this.#server, { clock, lookup: this.#lookup, signal: this.#stop.signal });
        if (this.#stop.signal.aborted) return;
        this.#answeringSince ??= clock.monotonic();
        this.#take(status);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const lasted = this.#answeringSince === null ? 0 : clock.monotonic() - this.#answeringSince;
        this.#answeringSince = null;
        wait = this.#backOff.next(lasted, this.#onBattery);
        this.#broken(toFault(error, this.#where));
      }
      await this.#rest(wait);
    }
  }

  #take(status: Status): void {
    this.#setFault(null);
    if (flagOf(status, 'COMMLOST') === true) {
      this.#lose(commLost(this.#where).fault, status);
      return;
    }
    const ups = identify(this.#server, this.#id, status);
    if (!this.#status || JSON.stringify(ups) !== JSON.stringify(this.#ups)) this.#tellFound(ups);
    this.#status = status;
    const reading = readingOf(this.#id, this.#deps.clock.now(), status);
    // Then it is as if nothing had been said. On mains apcupsd itself asks its UPS but once a minute.
    if (reading.acPresent !== true && (ageOf(status) ?? 0) > staleAfter) return;
    this.#listener({ type: 'reading', reading, fresh: 'poll' });
  }

  #broken(fault: Fault): void {
    this.#setFault(fault);
    if (this.#ups) this.#lose(fault, null);
    else this.#listener({ type: 'trouble', fault });
  }

  /** Nothing can be lost that was never found: people see it all the same. */
  #lose(fault: Fault, status: Status | null): void {
    const first = !this.#ups && status;
    if (first) this.#tellFound(identify(this.#server, this.#id, status));
    if (this.#status || first) this.#listener({ type: 'lost', upsId: this.#id, fault });
    this.#status = null;
  }

  #tellFound(ups: Ups): void {
    this.#ups = ups;
    this.#listener({ type: 'found', ups });
  }

  #setFault(fault: Fault | null): void {
    const before = this.#fault;
    this.#fault = fault;
    if (before && !fault && !this.#ups) this.#listener({ type: 'trouble', fault: null });
    if (before !== fault) this.#deps.changed();
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

/** `apcupsd:<address>:<port>`; a hash where that would be longer than an id may be. */
function upsId({ address, port }: ApcupsdServer): string {
  const id = `apcupsd:${address}:${port}`;
  return id.length <= 200 ? id : `apcupsd:${createHash('sha256').update(id).digest('hex')}`;
}

function identify(server: ApcupsdServer, id: string, status: Status): Ups {
  const text = (key: string): string => shown(status.get(key) ?? '', 200);
  return {
    id,
    name: text('MODEL') || text('UPSNAME') || 'APC UPS',
    manufacturer: 'APC',
    serial: text('SERIALNO'),
    firmware: text('FIRMWARE'),
    source: 'apcupsd',
    via: shown(`apcupsd ${text('UPSNAME')}@${server.address}:${server.port}`, 300),
    offers: [],
  };
}

const commLost = (where: string): FaultError =>
  upsFault(
    'ups-lost',
    where,
    'apcupsd has lost its contact with the UPS.',
    "Look at the UPS's cable and at apcupsd's log on the server.",
  );
