import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

type LookUp = (name: string) => Promise<LookupAddress[]>;

/**
 * Resolves names one after the other, each once for all who ask. The system's resolver works in one of very few threads
 * and cannot be stopped, and with the network down it takes half a minute: the hosts of a run must find one that is free.
 * @see https://nodejs.org/api/dns.html#implementation-considerations
 */
export class NameLookup {
  readonly #lookUp: LookUp;
  readonly #asked = new Map<string, Promise<LookupAddress[]>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(lookUp: LookUp = bySystem) {
    this.#lookUp = lookUp;
  }

  /** In the shape that node:net and node:http take; they ask for names only, never for what is an address already. */
  readonly function: LookupFunction = (name, options, callback) => {
    this.#find(name).then(
      (addresses) => {
        if (options.all) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  #find(name: string): Promise<LookupAddress[]> {
    const asked = this.#asked.get(name);
    if (asked) return asked;
    const found = this.#last.then(() => this.#lookUp(name));
    this.#asked.set(name, found);
    this.#last = found.catch(() => undefined).then(() => this.#asked.delete(name));
    return found;
  }
}

const bySystem: LookUp = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
