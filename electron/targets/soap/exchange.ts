import { setMaxListeners } from 'node:events';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { connectPinned } from './certificate.ts';
import { connectFault } from './connect-fault.ts';

/** Bytes of one answer. A vCenter with thousands of VMs is asked in pages that stay far below. */
const largest = 8 * 1024 * 1024;

/**
 * Connections to one server behind which others have to wait; those that are just being made are not counted. Far more
 * than a step has: who waited for the answers to the steps of other hosts would take the server for gone.
 */
const width = 32;

export interface Reply {
  status: number;
  /** `name=value` of the cookies that it set. */
  cookies: string[];
  body: string;
}

/** The connection was lost when the server may have read the request: nobody knows what became of it. */
export interface LostReply {
  lost: FaultError;
}

export interface ExchangeOptions {
  /** Milliseconds of real time for the whole exchange, its connection included. */
  limitMs: number;
  /** Stops waiting. What was asked may go on over there. */
  signal: AbortSignal;
  /** Called as soon as the server may have read the request. */
  onSent?: () => void;
  /** It changes nothing: it is sent again when a kept connection turns out to have ended. */
  isRepeatable?: boolean;
}

/** Connections to one server, each handed out only when the server has shown its pinned certificate. */
class PinnedAgent extends https.Agent {
  readonly #host: Host;
  readonly #addresses: Addresses;
  readonly #stop = new AbortController();

  constructor(host: Host, addresses: Addresses) {
    super({ keepAlive: true, maxSockets: width });
    this.#host = host;
    this.#addresses = addresses;
    // Every connection that is being made listens to it.
    setMaxListeners(0, this.#stop.signal);
  }

  override createConnection(_options: unknown, made?: (error: Error | null, stream: Duplex) => void): undefined {
    connectPinned(this.#host, this.#addresses, this.#stop.signal).then(
      (socket) => made?.(null, socket),
      // Without an error there is a stream; the types know only the one way of calling.
      (error: Error) => made?.(error, undefined as unknown as Duplex),
    );
  }

  override destroy(): void {
    this.#stop.abort();
    super.destroy();
  }
}

/** HTTP over TLS with one server. */
export class Exchange {
  readonly #host: Host;
  readonly #agent: PinnedAgent;

  constructor(host: Host, addresses: Addresses) {
    this.#host = host;
    this.#agent = new PinnedAgent(host, addresses);
  }

  /**
   * Sends one request and gives its answer, whole.
   * @throws FaultError of `connectPinned`; `dead-peer` when the answer did not come whole in time; `unreachable` when
   * there was no connection in time;
   * `unexpected-answer` when it is larger than 8 MiB; `limit-reached` when `signal` stopped the wait
   */
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    options: ExchangeOptions,
  ): Promise<Reply | LostReply> {
    const host = this.#host;
    const { limitMs, signal, onSent, isRepeatable = false } = options;
    if (signal.aborted) return Promise.reject(brokenOff(host));
    return new Promise((resolve, reject) => {
      let isSent = false;
      let isSettled = false;
      const request = https.request({
        host: host.address,
        port: host.port,
        method: 'POST',
        path,
        agent: this.#agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      const settle = (act: () => void): void => {
        // A request that is given up tells of its end once more, as if its connection had been lost.
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        act();
      };
      const fail = (fault: FaultError): void => {
        settle(() => reject(fault));
        request.destroy();
      };
      const end = (error: unknown): void => {
        const fault = connectFault(host, error, isSent);
        settle(() => (isSent ? resolve({ lost: fault }) : reject(fault)));
        request.destroy();
      };
      const stop = (): void => fail(brokenOff(host));
      const late = (): void =>
        fail(
          hostFault(
            host,
            isSent ? 'dead-peer' : 'unreachable',
            `no whole answer within ${limitMs / 1000} s`,
            'Look whether its management service is healthy.',
          ),
        );
      const timer = setTimeout(late, limitMs);
      signal.addEventListener('abort', stop, { once: true });
      // The agent hands out a socket only behind the check of its certificate, and what was written goes out then.
      request.on('socket', () => {
        isSent = true;
        onSent?.();
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (!isStale || !isRepeatable) return end(error);
        settle(() => resolve(this.post(path, headers, body, options)));
      });
      // The only thing that is told when a server goes on with another protocol, which nobody asked for.
      request.on('close', () => end(new Error('the connection ended without an answer')));
      request.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > largest) fail(hostFault(host, 'unexpected-answer', 'its answer is larger than 8 MiB', lookThere));
          else parts.push(part);
        });
        // Also when the connection ends in the middle of the answer.
        response.on('error', end);
        response.on('end', () => {
          const cookies = (response.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '');
          const text = Buffer.concat(parts).toString('utf8');
          settle(() => resolve({ status: response.statusCode ?? 0, cookies, body: text }));
        });
      });
      request.end(body);
    });
  }

  /** Ends its connections, and those that are being made. */
  close(): void {
    this.#agent.destroy();
  }
}

const lookThere = 'Look what answers at that port.';

const brokenOff = (host: Host) =>
  hostFault(host, 'limit-reached', 'waiting for the answer was broken off', 'What was asked may still go on there.');
