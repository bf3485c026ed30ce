// The usbredir protocol, as far as one HID device needs it.
// @see https://gitlab.freedesktop.org/spice/usbredir/-/blob/main/docs/usb-redirection-protocol.md

export const type = {
  hello: 0,
  deviceConnect: 1,
  deviceDisconnect: 2,
  reset: 3,
  interfaceInfo: 4,
  endpointInfo: 5,
  setConfiguration: 6,
  getConfiguration: 7,
  configurationStatus: 8,
  setAlternate: 9,
  getAlternate: 10,
  alternateStatus: 11,
  startInterrupt: 15,
  stopInterrupt: 16,
  interruptStatus: 17,
  control: 100,
  interrupt: 103,
} as const;

export const status = { ok: 0, invalid: 2, stall: 4 } as const;

/** QEMU takes no device on xHCI without the last three. */
const capability = { deviceVersion: 1, disconnectAck: 3, packetSize: 4, wideIds: 5, wideBulk: 6 };
const capabilities = Object.values(capability).reduce((all, bit) => all | (1 << bit), 0);

export interface Packet {
  type: number;
  id: bigint;
  body: Buffer;
}

export function pack({ type: kind, id, body }: Packet): Buffer {
  const wide = kind !== type.hello;
  const head = Buffer.alloc(wide ? 16 : 12);
  head.writeUInt32LE(kind, 0);
  head.writeUInt32LE(body.length, 4);
  if (wide) head.writeBigUInt64LE(id, 8);
  return Buffer.concat([head, body]);
}

/** The first packet of what has come, and what is left; null: not all of it has come. */
export function unpack(received: Buffer): { packet: Packet; rest: Buffer } | null {
  if (received.length < 12) return null;
  const kind = received.readUInt32LE(0);
  const head = kind === type.hello ? 12 : 16;
  const end = head + received.readUInt32LE(4);
  if (received.length < end) return null;
  const id = head === 16 ? received.readBigUInt64LE(8) : 0n;
  return { packet: { type: kind, id, body: received.subarray(head, end) }, rest: received.subarray(end) };
}

export function hello(): Buffer {
  const body = Buffer.alloc(68);
  body.write('emulated UPS', 'latin1');
  body.writeUInt32LE(capabilities, 64);
  return body;
}

/** One interface of class HID. */
export function interfaces(): Buffer {
  const body = Buffer.alloc(4 + 32 * 4);
  body.writeUInt32LE(1);
  body[4 + 32] = 3;
  return body;
}

/** Endpoint 0 both ways, and an interrupt endpoint in, 0x81: its place is 16 + 1. */
export function endpoints(maxPacket: number, interval: number): Buffer {
  const types = Buffer.alloc(32, 255);
  const intervals = Buffer.alloc(32);
  const sizes = Buffer.alloc(64);
  for (const [at, kind] of [
    [0, 0],
    [16, 0],
    [17, 3],
  ] as const) {
    types[at] = kind;
    sizes.writeUInt16LE(maxPacket, at * 2);
  }
  intervals[17] = interval;
  return Buffer.concat([types, intervals, Buffer.alloc(32), sizes]);
}

/** A low-speed device. */
export function connect(ids: { vendor: number; product: number; version: number }): Buffer {
  const body = Buffer.alloc(10);
  body.writeUInt16LE(ids.vendor, 4);
  body.writeUInt16LE(ids.product, 6);
  body.writeUInt16LE(ids.version, 8);
  return body;
}
