import net from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { toFault } from '../../shared/fault.ts';
import type { Address, Addresses, Clock } from '../core/ports.ts';
import { JsonFile } from './json-file.ts';
import type { Log } from './log.ts';

/** Ms of the clock that somebody who wants to connect waits for the resolver. */
const patience = 2000;

/** Ms for which a name that the resolver had no answer for is not asked for again, if there is a kept one. */
const restMs = 60_000;

/** Ms of the clock before the first look: the hosts are being read. */
const firstLook = 1000;

/** Ms between two looks at whether there are new names, and between two rounds through all of them. */
const lookEvery = 10_000;
const roundEvery = 600_000;

/**
 * Questions to the resolver at once. Each holds one of Node's four file threads until it is answered, which without DNS
 * is half a minute: the journal must not wait for them.
 * @see https://nodejs.org/api/dns.html#implementation-considerations
 */
const mostAtOnce = 2;

const addressSchema: z.ZodType<Address> = z.union([
  z.strictObject({ address: z.ipv4(), family: z.literal(4) }),
  z.strictObject({ address: z.ipv6(), family: z.literal(6) }),
]);

const fileSchema = z.strictObject({
  format: z.literal('glidepath-addresses'),
  version: z.literal(1),
  names: z.record(z.string().min(1).max(253), z.array(addressSchema).min(1).max(16)),
});
type AddressesFile = z.infer<typeof fileSchema>;

export interface AddressBookDeps {
  dataFolder: string;
  clock: Clock;
  log: Pick<Log, 'warn'>;
  /** Asks the resolver. Empty: it does not know, or does not answer. Never rejects, and may take as long as it likes. */
  resolve(name: string): Promise<readonly Address[]>;
  /** The names and addresses of all that may have to be reached. */
  wanted(): readonly string[];
  /** No UPS fails. What a resolver says in an outage is used, and not kept. */
  onMains(): boolean;
}

/**
 * Where the names of hosts lead, resolved on mains and kept in addresses.json: the DNS server may be a guest that is down
 * by the time it is asked. A file that cannot be read is kept as it is, and logged once.
 */
export class AddressBook implements Addresses {
  readonly #deps: AddressBookDeps;
  readonly #file: JsonFile<AddressesFile>;
  readonly #asked = new Map<string, Promise<readonly Address[]>>();
  /** Until when, in monotonic ms, a name is not asked for. */
  readonly #resting = new Map<string, number>();
  readonly #queue: (() => void)[] = [];
  #free = mostAtOnce;
  #loading: Promise<Map<string, Address[]>> | null = null;
  #isRefused = false;
  #roundDue = Number.NEGATIVE_INFINITY;
  #stopTimer: () => void = () => undefined;

  constructor(deps: AddressBookDeps) {
    this.#deps = deps;
    this.#file = new JsonFile(join(deps.dataFolder, 'addresses.json'), { schema: fileSchema, migrations: [] });
  }

  /** Begins to resolve what is wanted: every 10 min, and what is new within 10 s. */
  start(): void {
    this.#stopTimer = this.#deps.clock.after(firstLook, () => void this.#look());
  }

  stop(): void {
    this.#stopTimer();
    this.#stopTimer = () => undefined;
  }

  async of(name: string): Promise<readonly Address[]> {
    const family = net.isIP(name);
    if (family === 4 || family === 6) return [{ address: name, family }];
    const kept = (await this.#load()).get(name) ?? [];
    const { clock } = this.#deps;
    if (kept.length > 0 && clock.monotonic() < (this.#resting.get(name) ?? 0)) return kept;
    const found = await this.#within(this.#ask(name));
    if (found.length > 0) return found;
    this.#resting.set(name, clock.monotonic() + restMs);
    return kept;
  }

  async #look(): Promise<void> {
    const { clock, onMains } = this.#deps;
    let isGoing = true;
    this.#stopTimer = () => {
      isGoing = false;
    };
    if (onMains()) await this.#round().catch((error: unknown) => this.#warn('is not kept', error));
    if (isGoing) this.#stopTimer = clock.after(lookEvery, () => void this.#look());
  }

  async #round(): Promise<void> {
    const kept = await this.#load();
    const { clock, wanted, onMains } = this.#deps;
    const names = [...new Set(wanted())].filter((name) => net.isIP(name) === 0);
    const isDue = clock.monotonic() >= this.#roundDue;
    const asked = names.filter((name) => isDue || !(kept.has(name) || this.#isResting(name)));
    if (isDue) this.#roundDue = clock.monotonic() + roundEvery;
    let changed = false;
    for (const name of asked) {
      const found = await this.#ask(name);
      // The mains may have failed while the resolver was asked.
      if (!onMains()) break;
      if (found.length === 0) this.#resting.set(name, clock.monotonic() + restMs);
      else if (textOf(found) !== textOf(kept.get(name) ?? [])) {
        kept.set(name, found.slice(0, 16));
        changed = true;
      }
    }
    if (isDue)
      for (const name of kept.keys()) {
        // Hosts that cannot be read count as none: nothing is forgotten for that.
        if (names.length > 0 && !names.includes(name)) changed = kept.delete(name);
      }
    if (!changed || this.#isRefused) return;
    await this.#file.update(() => ({ format: 'glidepath-addresses', version: 1, names: Object.fromEntries(kept) }));
  }

  #isResting(name: string): boolean {
    return this.#deps.clock.monotonic() < (this.#resting.get(name) ?? 0);
  }

  /** One question for each name at a time, and few at once. */
  #ask(name: string): Promise<readonly Address[]> {
    const asked = this.#asked.get(name) ?? this.#turn(() => this.#deps.resolve(name));
    this.#asked.set(name, asked);
    void asked.finally(() => this.#asked.delete(name));
    return asked;
  }

  async #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #within(asked: Promise<readonly Address[]>): Promise<readonly Address[]> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(patience, () => resolve([]));
      void asked.finally(cancel).then(resolve);
    });
  }

  #load(): Promise<Map<string, Address[]>> {
    this.#loading ??= this.#read();
    return this.#loading;
  }

  async #read(): Promise<Map<string, Address[]>> {
    try {
      return new Map(Object.entries((await this.#file.read())?.names ?? {}));
    } catch (error) {
      this.#isRefused = true;
      this.#warn('is not used', error);
      return new Map();
    }
  }

  #warn(what: string, error: unknown): void {
    const { where, what: why } = toFault(error, this.#file.path);
    this.#deps.log.warn(`What is known of the addresses of hosts ${what}. ${where}: ${why}`);
  }
}

/** Servers give the same addresses in turning order. */
const textOf = (addresses: readonly Address[]): string =>
  addresses
    .map(({ address }) => address)
    .sort()
    .join(' ');
