import type { StatusServer } from '../control/server.ts';
import type { Brain } from './brain.ts';

/** Lets those who ask over the socket look on: everything once, then what changes. */
export function lookOn(server: StatusServer, brain: Pick<Brain, 'publishTo'>): void {
  const publisher = brain.publishTo({ isOpen: () => server.isHeard, send: ({ slices }) => server.push(slices) });
  server.serve(() => publisher.snapshot().slices);
}
