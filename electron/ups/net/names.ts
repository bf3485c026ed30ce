import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../../core/ports.ts';

/** Milliseconds that a name server gets, when an earlier answer is at hand or not. */
const patience = 3000;

/**
 * Resolves names and remembers the last answer: in an outage the name server may be one of the guests that are already
 * down, and the server's address has not changed for that.
 */
export function rememberingLookup(clock: Clock, resolve: typeof lookup = lookup): LookupFunction {
  const last = new Map<string, LookupAddress[]>();
  return (name, options, call) => {
    let over = false;
    const end = (error: NodeJS.ErrnoException | null, found: LookupAddress[]): void => {
      if (over) return;
      over = true;
      cancel();
      const addresses = error || found.length === 0 ? (last.get(name) ?? []) : found;
      const [first] = addresses;
      if (first) last.set(name, addresses);
      if (!first) call(error ?? noAddress(name), '', 0);
      else if (options.all) call(null, addresses);
      else call(null, first.address, first.family);
    };
    const cancel = clock.after(patience, () => end(noAddress(name), []));
    resolve(name, { ...options, all: true }, end);
  };
}

function noAddress(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address is known for ${name}`), { code: 'ENOTFOUND' });
}
