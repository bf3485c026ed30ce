import type { Client } from 'ssh2';

/** One connection of the pool, from its first packet to its end. */
export interface Line {
  readonly client: Promise<Client>;
  /** connect() destroys the connection on this signal, however far it has come. */
  readonly abort: AbortController;
  /** Commands that use it. */
  busy: number;
  /** It stays open while nobody uses it. */
  held: boolean;
  /** Its host was told to go down: it only waits for its end. */
  left: boolean;
  /** It is signed in and has not ended. */
  stands: boolean;
  stopIdle(): void;
}

export function newLine(client: Promise<Client>, abort: AbortController): Line {
  return { client, abort, busy: 0, held: false, left: false, stands: false, stopIdle: () => undefined };
}

export function endLine(line: Line): void {
  line.stopIdle();
  line.abort.abort();
}

/**
 * Calls once when the connection is over, with whether the host ended it: its end of the stream, a reset or SSH's own
 * "disconnect" came from there. Our keepalive that was not answered, and our own closing, say nothing about that.
 */
export function whenOver(client: Client, call: (byHost: boolean) => void): void {
  let byHost = false;
  client.once('end', () => {
    byHost = true;
  });
  client.on('error', (error) => {
    // ssh2 hands over the reason of a "disconnect" as a number; what is amiss on our side has no code at all.
    const { code } = error as Error & { code?: unknown };
    byHost ||= code === 'ECONNRESET' || code === 'EPIPE' || typeof code === 'number';
  });
  client.once('close', () => call(byHost));
}
