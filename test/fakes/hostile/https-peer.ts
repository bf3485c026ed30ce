import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Certificate } from '../vcenter/certificate.ts';
import { HostilePeer } from './peer.ts';

export interface HttpRequest {
  /** As "POST /sdk". */
  line: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/**
 * An HTTP server, over TLS with a certificate, that reads requests honestly and lets `serve` do with the connection
 * whatever it likes.
 */
export function openHttp(
  certificate: Certificate | null,
  serve: (stream: Duplex, request: HttpRequest) => void,
): Promise<HostilePeer> {
  const http = createServer((request) => {
    const parts: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      serve(request.socket, { line: `${request.method} ${request.url}`, headers: request.headers, body });
    });
  });
  http.on('clientError', (_error, stream) => stream.destroy());
  const context = certificate && tls.createSecureContext({ key: certificate.key, cert: certificate.cert });
  return HostilePeer.open((socket) => {
    const stream = context ? new tls.TLSSocket(socket, { isServer: true, secureContext: context }) : socket;
    stream.on('error', () => socket.destroy());
    stream.on('end', () => socket.destroy());
    http.emit('connection', stream);
  });
}
