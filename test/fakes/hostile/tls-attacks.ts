import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Chance } from '../../fuzz/ups-chance.ts';
import type { Certificate } from '../vcenter/certificate.ts';
import { cut, drip, flood, forever, mutated } from './manners.ts';

/** What a peer does where TLS should be spoken. `untrusted`: the handshake goes well, with somebody else. */
export interface TlsAttack {
  name: string;
  manner: 'broken' | 'endless' | 'untrusted';
  serve(socket: Socket, chance: Chance): void;
}

/** The beginning of a handshake of TLS 1.2, as a server sends it. @see https://www.rfc-editor.org/rfc/rfc5246 */
const serverHello = Buffer.concat([
  Buffer.from('160303003b0200003703035f', 'hex'),
  Buffer.alloc(31, 0x5a),
  Buffer.from('00c02f00000f000b00020100ff0100010000170000', 'hex'),
]);

/** @param other whose certificate is not the confirmed one @param heard called with what it is told all the same */
export const tlsAttacks = (other: Certificate, heard: (text: string) => void): readonly TlsAttack[] => [
  { name: 'TLS: reset', manner: 'broken', serve: (socket) => socket.resetAndDestroy() },
  { name: 'TLS: end', manner: 'broken', serve: (socket) => socket.end() },
  {
    name: 'TLS: reset after the hello',
    manner: 'broken',
    serve: (socket) => socket.once('data', () => socket.resetAndDestroy()),
  },
  {
    name: 'TLS: garbage',
    manner: 'broken',
    serve: (socket, chance) => socket.end(chance.bytes(1 + chance.below(2000))),
  },
  { name: 'TLS: none', manner: 'broken', serve: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { name: 'TLS: a cut hello', manner: 'broken', serve: (socket, chance) => socket.end(cut(chance, serverHello)) },
  {
    name: 'TLS: a changed hello',
    manner: 'broken',
    serve: (socket, chance) => socket.end(mutated(chance, serverHello)),
  },
  { name: 'TLS: an alert', manner: 'broken', serve: (socket) => socket.end(Buffer.from('15030300020228', 'hex')) },
  { name: 'TLS: a flood', manner: 'broken', serve: (socket) => flood(socket, Buffer.alloc(16_384, 0x16)) },
  {
    name: 'TLS: an old version only',
    manner: 'broken',
    serve: (socket) => server(socket, { ...other, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, heard),
  },
  { name: 'TLS: another certificate', manner: 'untrusted', serve: (socket) => server(socket, other, heard) },
  { name: 'TLS: silence', manner: 'endless', serve: () => undefined },
  { name: 'TLS: a hello and silence', manner: 'endless', serve: (socket) => socket.write(serverHello) },
  {
    name: 'TLS: a record that drips',
    manner: 'endless',
    serve: (socket) => {
      socket.write(Buffer.from('16030340000200', 'hex'));
      drip(socket, forever(Buffer.from([0])), 200);
    },
  },
];

function server(socket: Socket, { key, cert, ...more }: tls.SecureContextOptions, heard: (text: string) => void): void {
  const secure = new tls.TLSSocket(socket, {
    isServer: true,
    secureContext: tls.createSecureContext({ key, cert, ...more }),
  });
  secure.on('error', () => socket.destroy());
  secure.on('end', () => socket.destroy());
  secure.on('data', (part: Buffer) => heard(part.toString('latin1')));
}
