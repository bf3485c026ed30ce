import type { Host } from './inventory.ts';
import { platforms } from './platforms.ts';

/** Jump hosts in a row: each doubles what can fail, and people have one or two. */
export const mostJumps = 3;

/** Why a host cannot be reached as it is said. */
export interface NoChain {
  what: string;
  remedy: string;
}

/**
 * The jump hosts through which a connection to a host goes, the nearest to the host first; empty: it goes straight.
 * @param find a host by its id; nothing: there is none
 */
export function jumpChain(host: Host, find: (id: string) => Host | null | undefined): readonly Host[] | NoChain {
  const chain: Host[] = [];
  const remedy = 'Choose another jump host in its settings.';
  for (let at = host; at.jump !== undefined; ) {
    const next = find(at.jump);
    if (!next) return { what: `the jump host of ${at.name}, "${at.jump}", is not there`, remedy };
    if (platforms[next.kind].by !== 'ssh') {
      return { what: `${next.name} is not spoken to over SSH, so nothing can go through it`, remedy };
    }
    if (next.id === host.id || chain.some(({ id }) => id === next.id)) {
      const names = [host, ...chain, next].map(({ name }) => name);
      return { what: `its jump hosts go round in a circle: ${names.join(', ')}`, remedy };
    }
    chain.push(next);
    if (chain.length > mostJumps) return { what: `it is more than ${mostJumps} jump hosts away`, remedy };
    at = next;
  }
  return chain;
}

export const isChain = (chain: readonly Host[] | NoChain): chain is readonly Host[] => Array.isArray(chain);
