import type { Client } from 'ssh2';
import type { Way } from './way.ts';

/** One connection of the pool, from its first packet to its end. */
export interface Line {
  readonly client: Promise<Client>;
  /** connect() destroys the connection on this signal, however far it has come. */
  readonly abort: AbortController;
  /** Commands that use it. */
  busy: number;
  /** Connections to other hosts that go through it. */
  carries: number;
  /** What it goes over itself; null: that is not known yet. */
  way: Way | null;
  /** It stays open while nobody uses it. */
  held: boolean;
  /** Its host was told to go down: it only waits for its end. */
  left: boolean;
  /** It is signed in and has not ended. */
  stands: boolean;
  stopIdle(): void;
}

export function newLine(client: Promise<Client>, abort: AbortController): Line {
  return {
    client,
    abort,
    busy: 0,
    carries: 0,
    way: null,
    held: false,
    left: false,
    stands: false,
    stopIdle: () => undefined,
  };
}

/** Nothing goes over it. */
export const isIdle = ({ busy, carries }: Line): boolean => busy === 0 && carries === 0;

export function endLine(line: Line): void {
  line.stopIdle();
  line.abort.abort();
}

/**
 * Calls once when the connection is over, with whether the host ended it: its end of the stream, a reset or SSH's own
 * "disconnect" came from there. Our keepalive that was not answered, and our own closing, say nothing about that: a
 * jump host answers them with an end of the stream, too.
 */
export function whenOver(line: Line, client: Client, call: (byHost: boolean) => void): void {
  let byHost = false;
  let byUs = false;
  client.once('end', () => {
    byHost ||= !byUs && !line.abort.signal.aborted;
  });
  client.on('error', (error) => {
    byUs ||= (error as Error & { level?: unknown }).level === 'client-timeout';
    // ssh2 hands over the reason of a "disconnect" as a number; what is amiss on our side has no code at all.
    const { code } = error as Error & { code?: unknown };
    byHost ||= code === 'ECONNRESET' || code === 'EPIPE' || typeof code === 'number';
  });
  // When the way ends with it, nobody knows at which end.
  client.once('close', () => call(byHost && line.way?.stands() !== false));
}
