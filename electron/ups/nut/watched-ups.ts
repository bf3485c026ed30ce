import { FaultError } from '../../../shared/fault.ts';
import type { Detail, Ups } from '../../../shared/reading.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import type { Offered, Order } from '../../../shared/ups-command.ts';
import type { Clock, UpsEvent } from '../../core/ports.ts';
import { nonsense, upsFault } from '../net/server-fault.ts';
import { detailsOf } from './details.ts';
import { identify, nutUpsId } from './identity.ts';
import { offeredBy } from './offers.ts';
import { giveOrder } from './orders.ts';
import { Refusal, type Talk } from './talk.ts';
import { readingOf, type Variables } from './variables.ts';

/**
 * Milliseconds between two full reads. Between them the status alone is asked for, and the rest is told as it was: on
 * battery no older than the drivers themselves know it.
 */
const fullEvery = { onMains: 10_000, onBattery: 2000 };

export interface WatchedDeps {
  server: NutServer;
  clock: Clock;
  talk: Talk;
  tell: (event: UpsEvent) => void;
}

/** One UPS of a server, for as long as a connection lasts. */
export class WatchedUps {
  readonly id: string;
  readonly name: string;
  readonly #description: string;
  readonly #deps: WatchedDeps;
  #variables: Map<string, string> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  /** null: there is no contact, or there was none yet. */
  #ups: Ups | null = null;
  #lost = false;

  constructor(name: string, description: string, deps: WatchedDeps) {
    this.id = nutUpsId(deps.server, name);
    this.name = name;
    this.#description = description;
    this.#deps = deps;
  }

  /** Reads what is due and tells it. @throws FaultError when the conversation is over, or was nonsense */
  async poll(onBattery: boolean): Promise<void> {
    const { clock, tell } = this.#deps;
    const every = onBattery ? fullEvery.onBattery : fullEvery.onMains;
    try {
      if (!this.#ups) await this.#meet();
      else if (clock.monotonic() - this.#readAt >= every || (await this.#statusChanged())) await this.#readAgain();
      tell({ type: 'reading', reading: readingOf(this.id, clock.now(), this.#variables), fresh: 'poll' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.lose(refusalFault(this.#where, error.code));
    }
  }

  /** Told once; the UPS may come back. */
  lose(fault: FaultError): void {
    if (this.#lost) return;
    // Nothing can be lost that was never found: people see it all the same.
    if (!this.#ups) this.#tellFound({ offers: [] });
    this.#ups = null;
    this.#lost = true;
    this.#deps.tell({ type: 'lost', upsId: this.id, fault: fault.fault });
  }

  /** @throws FaultError `ups-refused`, `ups-lost` */
  async command(order: Order): Promise<string> {
    const ups = this.#present();
    const { talk, clock } = this.#deps;
    const read = async (): Promise<Variables> => {
      await this.#readAll();
      return this.#variables;
    };
    try {
      return await giveOrder(talk, clock, { name: this.name, where: this.#where, offered: ups, read }, order);
    } catch (error) {
      throw error instanceof FaultError && error.fault.code === 'ups-no-answer' ? brokenOff(this.#where, error) : error;
    }
  }

  /** @throws FaultError `ups-lost` */
  async details(): Promise<Detail[]> {
    this.#present();
    try {
      await this.#readAll();
    } catch (error) {
      if (error instanceof Refusal) throw refusalFault(this.#where, error.code);
      throw error;
    }
    return detailsOf(this.id, this.#deps.clock.now(), this.#variables);
  }

  get #where(): string {
    return `${this.name}@${this.#deps.server.address}:${this.#deps.server.port}`;
  }

  #present(): Ups {
    if (this.#ups) return this.#ups;
    throw upsFault('ups-lost', this.#where, 'There is no contact with it.', 'Look at the server that reads it.');
  }

  async #meet(): Promise<void> {
    await this.#readAll();
    this.#tellFound(await this.#offers());
  }

  /** Every variable anew. A driver that has only just started tells who it is bit by bit: so does what is told of it. */
  async #readAgain(): Promise<void> {
    await this.#readAll();
    const told = this.#ups;
    if (!told) return;
    const known = identify(this.#deps.server, this.name, this.#description, this.#variables, told);
    if (JSON.stringify(known) !== JSON.stringify(told)) this.#tellFound(await this.#offers());
  }

  /** Without a user the server takes no command. */
  async #offers(): Promise<Offered> {
    const { server, talk } = this.#deps;
    if (server.user === '') return { offers: [] };
    const commands = (await talk.list('CMD', this.name)).map(([command]) => command ?? '');
    const writable = (await talk.list('RW', this.name)).map(([name]) => name ?? '');
    return offeredBy({ commands, variables: this.#variables, writable: new Set(writable) });
  }

  #tellFound(offered: Offered): void {
    this.#ups = identify(this.#deps.server, this.name, this.#description, this.#variables, offered);
    this.#lost = false;
    this.#deps.tell({ type: 'found', ups: this.#ups });
  }

  async #statusChanged(): Promise<boolean> {
    const [kind, ups, name, status] = await this.#deps.talk.ask('GET', 'VAR', this.name, 'ups.status');
    if (kind !== 'VAR' || ups !== this.name || name !== 'ups.status' || status === undefined) {
      throw nonsense(this.#deps.server, 'It answered something else than the status that was asked for.');
    }
    return this.#variables.get('ups.status') !== status;
  }

  async #readAll(): Promise<void> {
    const rows = await this.#deps.talk.list('VAR', this.name);
    this.#variables = new Map(rows.map(([name, value]) => [name ?? '', value ?? '']));
    this.#readAt = this.#deps.clock.monotonic();
  }
}

const brokenOff = (where: string, { fault }: FaultError): FaultError =>
  upsFault(
    'ups-lost',
    where,
    `The connection ended before it was clear what became of the command. ${fault.what}`,
    'Look at the UPS: the command may have reached it.',
  );

/** @see https://www.rfc-editor.org/rfc/rfc9271#section-4.2.2 */
function refusalFault(where: string, code: string): FaultError {
  switch (code) {
    case 'DATA-STALE':
      return upsFault(
        'ups-lost',
        where,
        'The server says that its data is stale: its driver does not reach the UPS any more.',
        "Look at the UPS's cable and at the driver's log on the server.",
      );
    case 'DRIVER-NOT-CONNECTED':
      return upsFault(
        'ups-lost',
        where,
        'The driver does not run on the server.',
        'Start the driver (upsdrvctl start).',
      );
    case 'UNKNOWN-UPS':
      return upsFault('ups-lost', where, 'The server does not know it any more.', 'Look at ups.conf on the server.');
    default:
      return upsFault('ups-read-failed', where, `The server refuses to tell: ${code}.`, "Look at the server's log.");
  }
}
