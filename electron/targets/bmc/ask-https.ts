import http from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Host } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { connectPinned } from '../soap/certificate.ts';
import { connectFault } from '../soap/connect-fault.ts';

/** Milliseconds of real time for one question, its connection included. */
const limitMs = 15_000;

/** Bytes of one answer. */
const largest = 1024 * 1024;

export interface HttpsQuestion {
  path: string;
  /** Sent as JSON by POST; absent: GET. */
  body?: object;
  password: string;
  /** Where names lead. */
  addresses: Addresses;
  signal: AbortSignal;
}

export interface HttpsAnswer {
  status: number;
  body: string;
}

/**
 * Asks a server that has shown the confirmed certificate, over a connection of its own. Redirects are not followed.
 * @throws FaultError of `connectPinned`, before anything is sent; `dead-peer` when the answer does not come whole in
 * time; `unexpected-answer` when it is larger than 1 MiB
 */
export async function askHttps(
  host: Host,
  { path, body, password, addresses, signal }: HttpsQuestion,
): Promise<HttpsAnswer> {
  const limit = new AbortController();
  const stop = (): void => limit.abort();
  const timer = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let socket: TLSSocket | null = null;
  const sent = body === undefined ? '' : JSON.stringify(body);
  try {
    const connection = await connectPinned(host, addresses, limit.signal);
    socket = connection;
    return await new Promise<HttpsAnswer>((resolve, reject) => {
      const request = http.request({
        createConnection: () => connection,
        method: body === undefined ? 'GET' : 'POST',
        path,
        signal: limit.signal,
        headers: {
          host: `${host.address}:${host.port}`,
          authorization: `Basic ${Buffer.from(`${host.user}:${password}`).toString('base64')}`,
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
        },
      });
      request.on('error', reject);
      // The only thing that is told when a server goes on with another protocol, which nobody asked for.
      request.on('close', () => reject(new Error('the connection ended without an answer')));
      request.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('error', reject);
        response.on('aborted', () => reject(new Error('the connection ended within the answer')));
        response.on('data', (part: Buffer) => {
          size += part.length;
          parts.push(part);
          if (size > largest) reject(tooLarge(host));
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
        );
      });
      request.end(sent);
    });
  } catch (error) {
    throw signal.aborted || !limit.signal.aborted ? connectFault(host, error, true) : late(host);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket?.destroy();
  }
}

const late = (host: Host) =>
  hostFault(
    host,
    'dead-peer',
    `no whole answer within ${limitMs / 1000} s`,
    'Look whether the controller is healthy; it can be reset by itself.',
  );

const tooLarge = (host: Host) =>
  hostFault(host, 'unexpected-answer', 'its answer is larger than 1 MiB', 'Look what answers at that port.');
