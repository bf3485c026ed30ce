import type { Duplex } from 'node:stream';
import type { Chance } from '../../fuzz/ups-chance.ts';
import { cut, drip, flood, forever } from './manners.ts';

/**
 * What a peer does with one request over HTTP. `broken`: the connection ends before a whole answer; `endless`: no whole
 * answer ever comes; `large`: more than anybody wants; `nonsense`: no HTTP; `refused`: a status that says no;
 * `upgraded`: it goes on with another protocol; `odd`: its body is not what was asked for.
 */
export type HttpManner = 'broken' | 'endless' | 'large' | 'nonsense' | 'refused' | 'upgraded' | 'odd';

export interface HttpAttack {
  name: string;
  manner: HttpManner;
  /** The status that it sends whole, with its headers; null: none. */
  status: number | null;
  /** @param honest the body that would have been right */
  serve(stream: Duplex, chance: Chance, honest: string): void;
}

/** One whole answer. */
export const answer = (status: number, body: string | Buffer, headers: readonly string[] = []): Buffer =>
  Buffer.concat([
    Buffer.from(
      [
        `HTTP/1.1 ${status} Status`,
        'Content-Type: text/xml',
        ...headers,
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        '',
      ].join('\r\n'),
    ),
    Buffer.from(body),
  ]);

const start = 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n';
const chunked = `${start}Transfer-Encoding: chunked\r\n\r\n`;

/** What any HTTP server can do, whatever its bodies hold. */
export const httpAttacks: readonly HttpAttack[] = [
  {
    name: 'reset',
    manner: 'broken',
    status: null,
    serve: (stream) => stream.destroy(),
  },
  { name: 'end', manner: 'broken', status: null, serve: (stream) => stream.end() },
  {
    name: 'a cut head',
    manner: 'broken',
    status: null,
    serve: (stream, chance) => stream.end(cut(chance, Buffer.from(start))),
  },
  {
    name: 'a cut body',
    manner: 'broken',
    status: 200,
    serve: (stream, chance, honest) =>
      stream.end(`${start}Content-Length: 9000\r\n\r\n${cut(chance, Buffer.from(honest))}`),
  },
  {
    name: 'a cut chunk',
    manner: 'broken',
    status: 200,
    serve: (stream, _chance, honest) => stream.end(`${chunked}ffff\r\n${honest}`),
  },
  {
    name: 'garbage',
    manner: 'nonsense',
    status: null,
    serve: (stream, chance) => stream.end(Buffer.concat([Buffer.from([0]), chance.bytes(1 + chance.below(3000))])),
  },
  { name: 'SSH', manner: 'nonsense', status: null, serve: (stream) => stream.end('SSH-2.0-OpenSSH_9.2\r\n') },
  {
    name: 'two lengths',
    manner: 'nonsense',
    status: null,
    serve: (stream) => stream.end(`${start}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`),
  },
  {
    name: 'a length that is none',
    manner: 'nonsense',
    status: null,
    serve: (stream, chance) =>
      stream.end(
        `${start}Content-Length: ${chance.pick(['-1', '99999999999999999999999', '0x10', '1e3'])}\r\n\r\nhello`,
      ),
  },
  {
    name: 'a head of a megabyte',
    manner: 'nonsense',
    status: null,
    serve: (stream) => {
      stream.write(start);
      flood(stream, Buffer.from(`X-More: ${'x'.repeat(1000)}\r\n`.repeat(16)));
    },
  },
  {
    name: 'a header without an end',
    manner: 'nonsense',
    status: null,
    serve: (stream) => {
      stream.write(`${start}X-More: `);
      flood(stream, Buffer.alloc(16_384, 'x'));
    },
  },
  {
    name: 'a chunk whose size is none',
    manner: 'broken',
    status: 200,
    serve: (stream, chance) =>
      stream.end(`${chunked}${chance.pick(['-1', 'zz', 'fffffffffffffffff', ''])}\r\nhello\r\n0\r\n\r\n`),
  },
  {
    name: 'a chunk with endless extensions',
    manner: 'broken',
    status: 200,
    serve: (stream) => {
      stream.write(`${chunked}5;`);
      flood(stream, Buffer.alloc(16_384, 'x'));
    },
  },
  {
    name: 'a body without an end',
    manner: 'large',
    status: 200,
    serve: (stream, chance) => {
      stream.write(`${start}Connection: close\r\n\r\n`);
      flood(stream, Buffer.alloc(65_536, chance.pick(['<a>', ' ', '&', '"', '[', '\0'])));
    },
  },
  {
    name: 'chunks without an end',
    manner: 'large',
    status: 200,
    serve: (stream) => {
      stream.write(chunked);
      flood(stream, Buffer.from(`4000\r\n${'['.repeat(0x4000)}\r\n`));
    },
  },
  {
    name: 'a redirect',
    manner: 'refused',
    status: 302,
    serve: (stream) => stream.end(answer(302, 'over there', ['Location: http://127.0.0.1:9/'])),
  },
  {
    name: 'another protocol',
    manner: 'upgraded',
    status: null,
    serve: (stream) =>
      stream.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\nhello'),
  },
  { name: 'an empty body', manner: 'odd', status: 200, serve: (stream) => stream.end(answer(200, '')) },
  {
    name: 'no content',
    manner: 'refused',
    status: 204,
    serve: (stream) => stream.end('HTTP/1.1 204 No Content\r\n\r\n'),
  },
  {
    name: 'a page',
    manner: 'odd',
    status: 200,
    serve: (stream) => stream.end(answer(200, '<!DOCTYPE html><html><body>It works!</body></html>')),
  },
  {
    name: 'a body of random bytes',
    manner: 'odd',
    status: 200,
    serve: (stream, chance) => stream.end(answer(200, chance.bytes(1 + chance.below(4000)))),
  },
];

/** Those that hold out for ever. */
export const slowHttpAttacks: readonly HttpAttack[] = [
  { name: 'silence', manner: 'endless', status: null, serve: () => undefined },
  {
    name: 'a status line that drips',
    manner: 'endless',
    status: null,
    serve: (stream) => {
      stream.write('HTTP/1.1 200 O');
      drip(stream, forever('K'), 200);
    },
  },
  {
    name: 'continue, for ever',
    manner: 'endless',
    status: null,
    serve: (stream) => drip(stream, forever('HTTP/1.1 100 Continue\r\n\r\n'.repeat(20)), 100),
  },
  {
    name: 'a body that drips',
    manner: 'endless',
    status: 200,
    serve: (stream) => {
      stream.write(`${start}Content-Length: 100000\r\n\r\n`);
      drip(stream, forever(' '), 100);
    },
  },
  {
    name: 'chunks that drip',
    manner: 'endless',
    status: 200,
    serve: (stream) => {
      stream.write(chunked);
      drip(stream, forever('1\r\n \r\n'), 100);
    },
  },
  {
    name: 'half of the answer and silence',
    manner: 'endless',
    status: 200,
    serve: (stream, chance, honest) =>
      stream.write(`${start}Content-Length: ${honest.length + 10}\r\n\r\n${cut(chance, Buffer.from(honest))}`),
  },
];

/** A status of the many, with a body that does not matter. */
export const saysNo = (status: number): HttpAttack => ({
  name: `status ${status}`,
  manner: 'refused',
  status,
  serve: (stream) => stream.end(answer(status, 'no')),
});
