import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import { NutSource } from '../../electron/ups/nut/nut-source.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { UpsdModel } from '../fakes/nut/model.ts';
import { eventually, listen } from './ups-kit.ts';

async function listening(take: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    take(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

const at = (port: number, user: string): NutServer => ({
  id: 'one',
  kind: 'nut',
  address: '127.0.0.1',
  port,
  user,
  certificate: null,
});

it('stays logged in for the other UPSes when the connection that reads breaks', { timeout: 40_000 }, async () => {
  const model = new UpsdModel();
  for (const name of ['a', 'b']) model.add(name, { 'ups.status': 'OL' });
  const log: string[] = [];
  let connections = 0;
  let mute = 0;
  const port = await listening((socket) => {
    connections += 1;
    const number = connections;
    let rest = '';
    socket.on('close', () => log.push(`${number} closed`));
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('LOGIN')) log.push(`${number} ${line}`);
        if (number !== mute) socket.write(`${model.answer(line).join('\n')}\n`);
      }
    });
  });
  const password = () => Promise.resolve('p');
  const source = new NutSource(at(port, 'me'), { clock: systemClock, password, changed: () => undefined });
  onTestFinished(() => source.stop());
  const heard = listen(source);
  await eventually(() => log.length === 2, 'both logins');
  mute = 1;
  await eventually(() => log.includes('3 LOGIN a'), 'a new connection that reads');
  const from = heard.events.length;
  await heard.reading(() => true, from);
  await heard.reading(() => true, heard.events.length);
  expect(log).toEqual(['1 LOGIN a', '2 LOGIN b', '1 closed', '3 LOGIN a']);
});

it('does not sleep through an outage that another UPS has told of', { timeout: 40_000 }, async () => {
  const clock = new ManualClock();
  const port = await listening((socket) => socket.destroy());
  let failures = 0;
  const changed = () => {
    failures += 1;
  };
  const source = new NutSource(at(port, ''), { clock, password: () => Promise.resolve(null), changed });
  onTestFinished(() => source.stop());
  listen(source);
  for (let n = 1; n <= 7; n += 1) {
    await eventually(() => failures === n, `failure ${n}`);
    // To the very end of its rest.
    if (n < 7) await clock.advance(Math.min(30_000, 1000 * 2 ** (n - 1)));
  }
  source.hurry(true);
  await eventually(() => failures === 8, 'an attempt at once');
});
