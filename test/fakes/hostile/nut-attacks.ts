import type { Socket } from 'node:net';
import { badValues, type Chance } from '../../fuzz/ups-chance.ts';
import { cut, drip, flood, forever, mutated } from './manners.ts';

/** What a peer answers that should speak NUT's protocol. @see https://www.rfc-editor.org/rfc/rfc9271 */
export interface NutAttack {
  name: string;
  /** @param honest the lines that would have been right @param asked the line that was asked */
  serve(socket: Socket, chance: Chance, honest: readonly string[], asked: string): void;
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const errors = ['DATA-STALE', 'DRIVER-NOT-CONNECTED', 'ACCESS-DENIED', 'UNKNOWN-UPS', 'x'.repeat(3000), '', '\u0000'];

export const nutAttacks: readonly NutAttack[] = [
  { name: 'reset', serve: (socket) => socket.resetAndDestroy() },
  { name: 'end', serve: (socket) => socket.end() },
  { name: 'silence', serve: () => undefined },
  { name: 'garbage', serve: (socket, chance) => socket.write(chance.bytes(1 + chance.below(3000))) },
  { name: 'garbage and the end', serve: (socket, chance) => socket.end(chance.bytes(1 + chance.below(3000))) },
  { name: 'SSH', serve: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n') },
  { name: 'HTTP', serve: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n<html>') },
  { name: 'a line without an end', serve: (socket) => flood(socket, Buffer.alloc(16_384, 'a')) },
  { name: 'empty lines without an end', serve: (socket) => flood(socket, Buffer.alloc(16_384, '\n')) },
  { name: 'NUL without an end', serve: (socket) => flood(socket, Buffer.alloc(16_384)) },
  {
    name: 'a list without an end',
    serve: (socket, _chance, honest) => {
      socket.write(`${honest[0]}\n`);
      flood(socket, Buffer.from(`${honest[1] ?? honest[0]}\n`.repeat(500)));
    },
  },
  { name: 'quotes without an end', serve: (socket) => flood(socket, Buffer.from('VAR rack "\\"\\"'.repeat(1000))) },
  { name: 'a line that drips', serve: (socket) => drip(socket, forever('V'), 5) },
  { name: 'lines that nobody asked for', serve: (socket, _chance, honest) => flood(socket, Buffer.from(text(honest))) },
  { name: 'half of it', serve: (socket, chance, honest) => socket.write(cut(chance, Buffer.from(text(honest)))) },
  {
    name: 'half of it and the end',
    serve: (socket, chance, honest) => socket.end(cut(chance, Buffer.from(text(honest)))),
  },
  {
    name: 'changed bytes',
    serve: (socket, chance, honest) => socket.write(mutated(chance, Buffer.from(text(honest)))),
  },
  { name: 'the wrong way round', serve: (socket, _chance, honest) => socket.write(text([...honest].reverse())) },
  { name: 'an error', serve: (socket, chance) => socket.write(`ERR ${chance.pick(errors)}\n`) },
  { name: 'what it was told', serve: (socket, _chance, _honest, asked) => socket.write(`${asked}\nERR ${asked}\n`) },
  {
    name: 'bad values',
    serve: (socket, chance, honest) =>
      socket.write(text(honest.map((line) => line.replace(/"[^"]*"$/, `"${chance.pick(badValues)}"`)))),
  },
  {
    name: 'two thousand UPSes',
    serve: (socket) =>
      socket.write(
        text(['BEGIN LIST UPS', ...Array.from({ length: 2000 }, (_, at) => `UPS u${at} "x"`), 'END LIST UPS']),
      ),
  },
  {
    name: 'names that are none',
    serve: (socket, chance) =>
      socket.write(text(['BEGIN LIST UPS', `UPS "${chance.pick(badValues)}" "x"`, 'END LIST UPS'])),
  },
];
