import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { interval, maxPacket, type UsbDevice, usbIds } from './usb-device.ts';
import { connect, endpoints, hello, interfaces, type Packet, pack, status, type, unpack } from './usbredir-packets.ts';

const interruptIn = 0x81;

/** Shows a device over usbredir at a Unix socket, to which a virtual machine (`-device usb-redir`) connects. */
export class UsbredirServer {
  readonly path: string;
  readonly #device: UsbDevice;
  readonly #server: Server;
  #peer: Socket | null = null;
  /** The guest polls the interrupt endpoint: what is sent before is an error. */
  #polled = false;
  #interrupts = 0n;

  constructor(device: UsbDevice, path: string) {
    this.#device = device;
    this.path = path;
    this.#server = createServer((peer) => this.#accept(peer));
    device.onWaiting(() => this.#sendWaiting());
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(this.path, resolve);
    });
  }

  close(): void {
    this.#peer?.destroy();
    this.#server.close();
    rmSync(this.path, { force: true });
  }

  plug(): void {
    this.#device.reset();
    this.#send(type.interfaceInfo, interfaces());
    this.#send(type.endpointInfo, endpoints(maxPacket, interval));
    this.#send(type.deviceConnect, connect(usbIds));
  }

  unplug(): void {
    this.#polled = false;
    this.#send(type.deviceDisconnect, Buffer.alloc(0));
  }

  #accept(peer: Socket): void {
    let received = Buffer.alloc(0);
    this.#peer = peer;
    peer.on('error', () => peer.destroy());
    peer.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let next = unpack(received); next; next = unpack(received)) {
        received = Buffer.from(next.rest);
        this.#take(next.packet);
      }
    });
    this.#send(type.hello, hello());
  }

  #send(kind: number, body: Buffer, id = 0n): void {
    if (this.#peer && !this.#peer.destroyed) this.#peer.write(pack({ type: kind, id, body }));
  }

  #sendWaiting(): void {
    while (this.#polled) {
      const report = this.#device.nextInterrupt();
      if (!report) return;
      const head = Buffer.from([interruptIn, status.ok, report.length, 0]);
      this.#send(type.interrupt, Buffer.concat([head, report]), this.#interrupts);
      this.#interrupts += 1n;
    }
  }

  #take({ type: kind, id, body }: Packet): void {
    const [first = 0, second = 0] = body;
    switch (kind) {
      case type.hello:
        this.plug();
        return;
      case type.reset:
        this.#polled = false;
        return;
      case type.setConfiguration:
        this.#send(type.configurationStatus, Buffer.from([status.ok, first]), id);
        return;
      case type.getConfiguration:
        this.#send(type.configurationStatus, Buffer.from([status.ok, 1]), id);
        return;
      case type.setAlternate:
        this.#send(type.alternateStatus, Buffer.from([second ? status.invalid : status.ok, first, second]), id);
        return;
      case type.getAlternate:
        this.#send(type.alternateStatus, Buffer.from([status.ok, first, 0]), id);
        return;
      case type.startInterrupt:
        this.#send(type.interruptStatus, Buffer.from([first === interruptIn ? status.ok : status.invalid, first]), id);
        this.#polled = first === interruptIn;
        this.#sendWaiting();
        return;
      case type.stopInterrupt:
        this.#polled = false;
        this.#send(type.interruptStatus, Buffer.from([status.ok, first]), id);
        return;
      case type.control:
        this.#control(id, body);
        return;
      default: // filters, acknowledgements, and cancels, which come too late: every answer is sent at once
        return;
    }
  }

  #control(id: bigint, body: Buffer): void {
    const head = Buffer.from(body.subarray(0, 10));
    const requestType = head.readUInt8(2);
    const setup = {
      request: head.readUInt8(1),
      requestType,
      value: head.readUInt16LE(4),
      length: head.readUInt16LE(8),
    };
    const answer = this.#device.control(setup);
    head[3] = answer ? status.ok : status.stall;
    // To a write the length is told as it was asked, without data.
    const isRead = (requestType & 0x80) !== 0;
    if (isRead || !answer) head.writeUInt16LE(answer?.length ?? 0, 8);
    this.#send(type.control, isRead && answer ? Buffer.concat([head, answer]) : head, id);
  }
}
