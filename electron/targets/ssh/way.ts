import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Host } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';
import { resolveName } from '../resolve-name.ts';
import { lookupBy } from './lookup.ts';

/** What a connection to a host goes over. */
export interface Way {
  /** A stream to its port, connected or just connecting. Called once. */
  open(): Duplex;
  /** Nothing between here and the host has ended: if the stream does, the host did it. */
  stands(): boolean;
  /** It is not needed after all. */
  drop(): void;
}

/** From here to there. */
export const straightTo = ({ address, port }: Pick<Host, 'address' | 'port'>, addresses: Addresses): Way => ({
  open: () => net.connect({ host: address, port, noDelay: true, lookup: lookupBy(addresses) }),
  stands: () => true,
  drop: () => undefined,
});

/** Without what is kept of names: they are resolved now. */
export const straightNow = async (host: Host): Promise<Way> => straightTo(host, { of: resolveName });
