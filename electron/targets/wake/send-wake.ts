import dgram from 'node:dgram';
import os from 'node:os';

export interface Destination {
  address: string;
  port: number;
}

/** A network of this computer by which packets leave. */
interface Way {
  /** The address of our own that they leave from; undefined: the system chooses. */
  from: string | undefined;
  to: readonly Destination[];
}

export interface Sent {
  packets: number;
  /** Per way that failed: its address and why. */
  failures: string[];
}

/** Packets per destination: broadcasts get lost, and a switch may have to learn the port again first. */
const repeats = 3;

/** Milliseconds between them, so that one moment of trouble does not take all. */
const apartMs = 100;

/**
 * Sends a magic packet by every network of this computer, to the broadcast address of each and to 255.255.255.255,
 * ports 9 and 7, and to `extra`. Each socket is bound to its network's own address: unbound, the packet leaves by
 * one network only, and the host behind another never wakes. One network that fails does not stop the others.
 * @param later waits so many ms
 */
export async function sendWake(
  packets: readonly Buffer[],
  extra: readonly Destination[],
  later: (ms: number) => Promise<void>,
): Promise<Sent> {
  const ways: Way[] = [...networks(), ...(extra.length > 0 ? [{ from: undefined, to: extra }] : [])];
  const ends = await Promise.all(ways.map((way) => sendBy(way, packets, later)));
  return { packets: ends.reduce((sum, end) => sum + end.packets, 0), failures: ends.flatMap((end) => end.failures) };
}

function networks(): Way[] {
  return Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal && !one.address.startsWith('169.254.'))
    .flatMap(({ address, netmask }) => {
      const broadcast = broadcastOf(address, netmask);
      if (broadcast === null) return [];
      const to = [
        { address: broadcast, port: 9 },
        { address: broadcast, port: 7 },
        { address: '255.255.255.255', port: 9 },
      ];
      return [{ from: address, to }];
    });
}

/** Null for point-to-point links (/31, /32), which have none. */
export function broadcastOf(address: string, netmask: string): string | null {
  const own = toNumber(address);
  const hostBits = ~toNumber(netmask) >>> 0;
  if (hostBits <= 1) return null;
  const all = (own | hostBits) >>> 0;
  return [24, 16, 8, 0].map((shift) => (all >>> shift) & 255).join('.');
}

const toNumber = (dotted: string): number =>
  dotted.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);

async function sendBy(way: Way, packets: readonly Buffer[], later: (ms: number) => Promise<void>): Promise<Sent> {
  const socket = dgram.createSocket('udp4');
  const sent: Sent = { packets: 0, failures: [] };
  const fail = (error: unknown, to = ''): void => {
    sent.failures.push(`${way.from ?? 'any'}${to}: ${error instanceof Error ? error.message : String(error)}`);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ port: 0, ...(way.from !== undefined && { address: way.from }) }, resolve);
    });
    socket.on('error', (error) => fail(error));
    socket.setBroadcast(true);
    for (let round = 0; round < repeats; round += 1) {
      if (round > 0) await later(apartMs);
      for (const to of way.to) {
        for (const packet of packets) {
          const error = await sendOne(socket, packet, to);
          if (error) fail(error, ` to ${to.address}:${to.port}`);
          else sent.packets += 1;
        }
      }
    }
  } catch (error) {
    fail(error);
  }
  socket.close();
  return sent;
}

const sendOne = (socket: dgram.Socket, packet: Buffer, to: Destination): Promise<Error | null> =>
  new Promise((resolve) => socket.send(packet, to.port, to.address, resolve));
