import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Clock, UpsEvent, UpsSource } from '../../electron/core/ports.ts';
import { checkEvent } from './nut-fuzz.ts';
import type { Chance } from './ups-chance.ts';

/** How many times faster than real time the client's clock runs. */
const haste = 200;

const hasty: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() * haste,
  after: (ms, call) => {
    const timer = setTimeout(call, ms / haste);
    return () => clearTimeout(timer);
  },
};

/** What a peer does with one real connection; `honest`: bytes that are right. */
const manners: ReadonlyArray<(socket: Socket, chance: Chance, honest: Buffer) => void> = [
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end(),
  () => undefined,
  (socket, chance) => socket.write(chance.bytes(1 + chance.below(3000))),
  (socket, chance, honest) => socket.write(honest.subarray(0, chance.below(honest.length))),
  (socket, _chance, honest) => socket.end(honest),
  (socket, chance) => flood(socket, Buffer.alloc(16_384, chance.pick(['a', '\n', '\0', 'VAR a b "c"\n']))),
  (socket, _chance, honest) => {
    socket.write(honest);
    socket.resetAndDestroy();
  },
];

/** Writes for as long as the other side takes it. */
function flood(socket: Socket, chunk: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

/** Serves `connections` hostile connections to a source on real sockets. Resolves with the faults that it told, and what it said. */
export async function faceHostility(
  { connections, chance, honest }: { connections: number; chance: Chance; honest: Buffer },
  make: (port: number, clock: Clock) => UpsSource,
): Promise<{ faults: number; said: string[] }> {
  let served = 0;
  let faults = 0;
  const said: string[] = [];
  const open = new Set<Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    served += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    const at = said.push('') - 1;
    socket.on('data', (chunk) => {
      said[at] = `${said[at]}${chunk.toString('latin1')}`;
    });
    chance.pick(manners)(socket, chance, honest);
    if (served === connections) server.emit('enough');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const enough = once(server, 'enough');
  const source = make((server.address() as AddressInfo).port, hasty);
  source.start((event: UpsEvent) => {
    checkEvent(event);
    if ((event.type === 'lost' || event.type === 'trouble') && event.fault) faults += 1;
  });
  // The longest rest between two connections is that of an outage.
  source.hurry(true);
  await enough;
  await source.stop();
  server.close();
  for (const socket of open) socket.destroy();
  return { faults, said };
}
