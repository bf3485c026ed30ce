import net from 'node:net';

/** What a client offers, by the order of the lists in its KEXINIT. */
export interface Offer {
  kex: string[];
  hostKeys: string[];
  ciphers: string[];
  macs: string[];
}

const messageKexInit = 20;

/**
 * A server that says its version, takes the client's KEXINIT and ends the connection: what was offered on the wire, as
 * it was offered.
 * @see https://www.rfc-editor.org/rfc/rfc4253 sections 4.2 (version), 6 (packet) and 7.1 (KEXINIT)
 */
export class KexInitListener {
  readonly offers: Offer[] = [];
  readonly #server = net.createServer((socket) => this.#take(socket));

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as net.AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }

  #take(socket: net.Socket): void {
    let heard = Buffer.alloc(0);
    socket.on('error', () => undefined).write('SSH-2.0-KexInitListener\r\n');
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const offer = offerIn(heard);
      if (offer === null) return;
      this.offers.push(offer);
      socket.destroy();
    });
  }
}

/** Null: it has not all come yet. */
function offerIn(heard: Buffer): Offer | null {
  const end = heard.indexOf('\n');
  const packet = heard.subarray(end + 1);
  if (end === -1 || packet.length < 4 || packet.length < 4 + packet.readUInt32BE(0)) return null;
  if (packet[5] !== messageKexInit) throw new Error(`not a KEXINIT: ${packet[5]}`);
  // Length (4), padding length (1), message (1), cookie (16).
  let at = 22;
  const list = (): string[] => {
    const length = packet.readUInt32BE(at);
    const names = packet.toString('latin1', at + 4, at + 4 + length);
    at += 4 + length;
    return names.split(',');
  };
  return { kex: list(), hostKeys: list(), ciphers: both(list(), list()), macs: both(list(), list()) };
}

/** Both directions are offered alike; a difference is shown. */
const both = (there: string[], back: string[]): string[] =>
  `${there}` === `${back}` ? there : [...there, '|', ...back];
