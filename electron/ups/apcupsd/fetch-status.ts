import net, { type LookupFunction } from 'node:net';
import type { FaultError } from '../../../shared/fault.ts';
import type { ApcupsdServer } from '../../../shared/supplies.ts';
import type { Clock } from '../../core/ports.ts';
import { noAnswer, nonsense, socketFault } from '../net/server-fault.ts';
import { RecordReader, request } from './records.ts';
import { parseStatus, type Status } from './status.ts';

/** Milliseconds for one question, connection and all. Readings older than 6 s are stale. */
const answerLimit = 4000;

export interface FetchDeps {
  clock: Clock;
  lookup: LookupFunction;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/**
 * Asks for the status once, on a connection of its own as apcaccess does: a server that is restarted in between is not
 * missed, and there is nothing to keep alive.
 * @throws FaultError `ups-no-answer`
 */
export function fetchStatus(server: ApcupsdServer, { clock, lookup, signal }: FetchDeps): Promise<Status> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: server.address, port: server.port, lookup });
    const reader = new RecordReader();
    const settle = (): void => {
      cancel();
      signal.removeEventListener('abort', given);
      socket.destroy();
    };
    const fail = (fault: FaultError): void => {
      settle();
      reject(fault);
    };
    const given = (): void => fail(noAnswer(server, 'The connection was given up.'));
    const cancel = clock.after(answerLimit, () =>
      fail(noAnswer(server, `It has not answered within ${answerLimit / 1000} s.`)),
    );
    signal.addEventListener('abort', given, { once: true });
    socket.on('connect', () => socket.write(request('status')));
    socket.on('error', (error) => fail(socketFault(server, error)));
    socket.on('close', () => fail(noAnswer(server, 'It closed the connection in the middle of its answer.')));
    socket.on('data', (chunk: Buffer) => {
      try {
        const records = reader.feed(chunk);
        if (!records) return;
        const status = parseStatus(records);
        if (!status) throw new RangeError('an answer that is no status');
        settle();
        resolve(status);
      } catch (error) {
        fail(nonsense(server, `It sent ${(error as Error).message}.`));
      }
    });
  });
}
