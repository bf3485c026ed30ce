import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

/** A peer on loopback that does with every connection what it is told, and knows which of them are still open. */
export class HostilePeer {
  readonly address = '127.0.0.1';
  readonly port: number;
  readonly #server: net.Server;
  readonly #open: Set<Socket>;

  private constructor(server: net.Server, open: Set<Socket>) {
    this.#server = server;
    this.#open = open;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(serve: (socket: Socket) => void): Promise<HostilePeer> {
    const open = new Set<Socket>();
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
      serve(socket);
      // Only who reads hears that the other side has let go.
      socket.on('end', () => socket.destroy());
      socket.resume();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostilePeer(server, open);
  }

  /** Resolves when the other side has let go of every connection. @throws Error when it has not within `ms` of real time */
  async released(ms: number): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error(`${this.#open.size} connections are still open`)), ms);
    });
    const closed = [...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.race([Promise.all(closed), tooLate]).finally(() => clearTimeout(late));
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
