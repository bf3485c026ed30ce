import dgram from 'node:dgram';

/** Stands for the network cards of sleeping hosts: recognises magic packets for the MACs it was told. */
export class WakeListener {
  /** Magic packets seen, by MAC; also of hosts that nobody listens for. */
  readonly seen = new Map<string, number>();
  readonly #sockets: dgram.Socket[];
  readonly #calls = new Map<string, Set<() => void>>();

  private constructor(sockets: dgram.Socket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) socket.on('message', (message) => this.#hear(message));
  }

  /** Loopback's broadcast address takes what is sent to exactly it; 127.0.0.1 what is sent there. Port 0: a free one. */
  static async open(port = 0, addresses: readonly string[] = ['127.0.0.1', '127.255.255.255']): Promise<WakeListener> {
    const sockets: dgram.Socket[] = [];
    for (const address of addresses) {
      const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
      const wanted = sockets[0]?.address().port ?? port;
      await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(wanted, address, resolve));
      sockets.push(socket.unref());
    }
    return new WakeListener(sockets);
  }

  get port(): number {
    return this.#sockets[0]?.address().port ?? 0;
  }

  /** The returned function ends it. */
  on(mac: string, call: () => void): () => void {
    const calls = this.#calls.get(plain(mac)) ?? new Set();
    this.#calls.set(plain(mac), calls.add(call));
    return () => calls.delete(call);
  }

  count(mac: string): number {
    return this.seen.get(plain(mac)) ?? 0;
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #hear(message: Buffer): void {
    const mac = magicMac(message);
    if (mac === null) return;
    this.seen.set(mac, (this.seen.get(mac) ?? 0) + 1);
    for (const call of this.#calls.get(mac) ?? []) call();
  }
}

const plain = (mac: string): string => mac.toLowerCase().replace(/[^0-9a-f]/g, '');

/** The MAC (12 small hex digits) that a magic packet names, wherever in the bytes the pattern stands. */
export function magicMac(bytes: Buffer): string | null {
  const header = Buffer.alloc(6, 0xff);
  for (let at = bytes.indexOf(header); at !== -1 && at + 102 <= bytes.length; at = bytes.indexOf(header, at + 1)) {
    const mac = bytes.subarray(at + 6, at + 12);
    const rest = bytes.subarray(at + 6, at + 102);
    if (rest.equals(Buffer.concat(Array.from({ length: 16 }, () => mac)))) return mac.toString('hex');
  }
  return null;
}

/** `FF` six times, then the MAC sixteen times: 102 bytes. */
export function magicPacket(mac: string): Buffer {
  const six = Buffer.from(plain(mac), 'hex');
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => six)]);
}
