import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Fault } from '../../shared/fault.ts';
import type { Slices } from '../../shared/view.ts';
import { Lines } from './lines.ts';
import { askSchema, controlVersion, type Hello, mostAsked, parseLine, type Told } from './protocol.ts';
import type { Who } from './who.ts';

const mostClients = 16;
/** Ms in which a client must have asked: one that connects and says nothing takes nobody's place for long. */
const askWithin = 5000;
/** Ms in which a client that is refused must have gone. */
const leaveWithin = 1000;
/** Bytes that may wait for a client that does not read, before it is told another line. */
const mostWaiting = 16 * 1024 * 1024;
/** Ms between two signs of life: a process that hangs keeps its socket, and what it said last looks as if it held. */
const aliveEvery = 5000;

/**
 * Shows the state of the controller to programs of the same user: nobody else may open its socket, which is mode 0600
 * from its first moment. Whatever a client does costs that client its connection, and nothing else.
 */
export class StatusServer {
  readonly #server: Server;
  readonly #hello: string;
  readonly #all = new Set<Socket>();
  /** Connected, and not asked for anything yet. */
  readonly #silent = new Map<Socket, NodeJS.Timeout>();
  /** Asked before there was anything to show. */
  readonly #waiting = new Set<Socket>();
  readonly #following = new Set<Socket>();
  readonly #signs: NodeJS.Timeout;
  #snapshot: (() => Slices) | null = null;

  private constructor(who: Who, release: string) {
    const hello: Hello = { type: 'hello', format: 'glidepath-control', version: controlVersion, release, who };
    this.#hello = JSON.stringify(hello);
    this.#server = createServer((socket) => this.#meet(socket));
    this.#server.maxConnections = mostClients;
    this.#signs = setInterval(() => this.push({}), aliveEvery).unref();
  }

  /** What stands at `path` is replaced: only who holds the lock may do so. @throws the system's error */
  static async listen(path: string, who: Who, release: string): Promise<StatusServer> {
    const made = new StatusServer(who, release);
    const isPipe = process.platform === 'win32';
    if (!isPipe) rmSync(path, { force: true });
    const mask = process.umask(0o177);
    try {
      // The socket is made inside this call.
      made.#server.listen(path);
    } finally {
      process.umask(mask);
    }
    await once(made.#server, 'listening');
    made.#server.on('error', () => undefined);
    return made;
  }

  /** From now on there is something to show. */
  serve(snapshot: () => Slices): void {
    this.#snapshot = snapshot;
    for (const socket of this.#waiting) this.#begin(socket, snapshot);
    this.#waiting.clear();
  }

  /** Whether anybody follows. */
  get isHeard(): boolean {
    return this.#following.size > 0;
  }

  /** To all who follow. */
  push(slices: Partial<Slices>): void {
    if (this.#following.size === 0) return;
    const line = lineOf({ type: 'push', slices });
    for (const socket of this.#following) send(socket, line);
  }

  close(): Promise<void> {
    clearInterval(this.#signs);
    for (const socket of this.#all) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #meet(socket: Socket): void {
    this.#all.add(socket);
    this.#silent.set(
      socket,
      setTimeout(() => this.#refuse(socket, 'Nothing was asked.'), askWithin),
    );
    const lines = new Lines(
      mostAsked,
      (line) => this.#asked(socket, line),
      () => this.#refuse(socket, 'This is too long.'),
    );
    socket.on('data', (chunk) => lines.add(chunk));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      lines.end();
      this.#all.delete(socket);
      this.#forget(socket);
    });
    send(socket, `${this.#hello}\n`);
  }

  #asked(socket: Socket, line: string): void {
    if (!this.#silent.has(socket)) this.#refuse(socket, 'It was asked already.');
    else if (!askSchema.safeParse(parseLine(line)).success) this.#refuse(socket, 'Only a snapshot can be asked for.');
    else this.#admit(socket);
  }

  #admit(socket: Socket): void {
    this.#forget(socket);
    if (this.#snapshot) this.#begin(socket, this.#snapshot);
    else this.#waiting.add(socket);
  }

  #begin(socket: Socket, snapshot: () => Slices): void {
    this.#following.add(socket);
    const line = lineOf({ type: 'snapshot', slices: snapshot() });
    // To everybody: what was taken for the one may be news to the others.
    for (const each of this.#following) send(each, line);
  }

  #refuse(socket: Socket, what: string): void {
    this.#forget(socket);
    // What it says besides is not read, and it does not stay to be told slowly, nor by talking on.
    socket.removeAllListeners('data').resume();
    const cut = setTimeout(() => socket.destroy(), leaveWithin);
    socket.once('close', () => clearTimeout(cut));
    if (!socket.writable) return;
    const fault: Fault = { code: 'refused', what, where: 'control socket', remedy: 'Use “glidepath status”.' };
    socket.end(lineOf({ type: 'refused', fault }));
  }

  #forget(socket: Socket): void {
    clearTimeout(this.#silent.get(socket));
    this.#silent.delete(socket);
    this.#waiting.delete(socket);
    this.#following.delete(socket);
  }
}

const lineOf = (told: Told): string => `${JSON.stringify(told)}\n`;

function send(socket: Socket, line: string): void {
  if (socket.destroyed) return;
  // Asked before the line is added: one that is longer than that reaches whoever has read what came before it.
  if (socket.writableLength > mostWaiting) socket.destroy();
  else socket.write(line);
}
