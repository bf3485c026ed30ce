import type { LookupFunction } from 'node:net';
import type { Address, Addresses } from '../../core/ports.ts';

/** Resolves the names of a socket by what is kept of them. IP addresses never come to it. */
export const lookupBy =
  (addresses: Addresses): LookupFunction =>
  (name, { all }, call) => {
    const end = (found: readonly Address[]): void => {
      const [first] = found;
      if (!first) call(Object.assign(new Error(`no address is known for ${name}`), { code: 'ENOTFOUND' }), '', 0);
      else if (all) call(null, [...found]);
      else call(null, first.address, first.family);
    };
    addresses.of(name).then(end, () => end([]));
  };
