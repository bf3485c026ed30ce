import type { NutServer } from '../../../shared/supplies.ts';
import { noAnswer, socketFault } from '../net/server-fault.ts';
import { type OpenDeps, open } from './open.ts';
import { Talk } from './talk.ts';

interface ConverseDeps extends OpenDeps {
  /** Ms that one answer may take; absent: as readings need it. */
  limit?: number;
}

/**
 * A conversation over a new connection. It ends with the connection, or when `signal` says so.
 * @throws FaultError as `open`
 */
export async function converse(server: NutServer, deps: ConverseDeps): Promise<Talk> {
  const socket = await open(server, deps);
  const given = (): void => talk.end(noAnswer(server, 'The connection was given up.'));
  const wire = {
    write: (text: string) => socket.write(text),
    close: () => {
      deps.signal.removeEventListener('abort', given);
      socket.destroy();
    },
  };
  const talk = new Talk(server, deps.clock, wire, deps.limit);
  deps.signal.addEventListener('abort', given, { once: true });
  socket.on('data', (chunk: Buffer) => talk.feed(chunk));
  socket.on('error', (error) => talk.end(socketFault(server, error)));
  socket.on('close', () => talk.end(noAnswer(server, 'It closed the connection.')));
  socket.resume();
  return talk;
}
