import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  json: unknown;
}

/** `hang`: takes the request and never answers; `drop`: takes it and cuts; `drip`: answers without an end. */
export type Answer = number | 'hang' | 'drop' | 'drip' | { status: number; headers: Record<string, string> };

/** An HTTP server on loopback that keeps what is posted to it, and answers as it is told. */
export class HttpReceiver {
  readonly received: Received[] = [];
  /** What the n-th request, counted from 1, is answered with. */
  answer: (n: number) => Answer = () => 204;
  readonly #server: http.Server;
  readonly #isSecure: boolean;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: { n: number; done: () => void }[] = [];

  private constructor(tls: { key: string; cert: string } | null) {
    this.#isSecure = tls !== null;
    const take = (request: IncomingMessage, response: ServerResponse) => void this.#take(request, response);
    this.#server = tls ? https.createServer(tls, take) : http.createServer(take);
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  /** `port`: 0 for one that is free. */
  static async start(tls: { key: string; cert: string } | null = null, port = 0): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(tls);
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    onTestFinished(() => receiver.stop());
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return this.#isSecure ? `https://localhost:${this.port}` : `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when so many requests have come. */
  async arrived(n: number): Promise<void> {
    if (this.received.length >= n) return;
    await new Promise<void>((done) => this.#waiting.push({ n, done }));
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const json: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const { method = '', url: path = '', headers } = request;
    this.received.push({ method, path, headers, json });
    this.#reply(this.answer(this.received.length), request, response);
    for (const { n, done } of this.#waiting) if (this.received.length >= n) done();
  }

  #reply(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
    if (answer === 'hang') return;
    if (answer === 'drop') request.socket.destroy();
    else if (answer === 'drip') response.writeHead(200, { 'content-length': '1000000' }).write('x');
    else if (typeof answer === 'number') response.writeHead(answer).end();
    else response.writeHead(answer.status, answer.headers).end();
  }
}
