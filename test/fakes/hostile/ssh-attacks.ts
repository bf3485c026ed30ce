import type { Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from 'ssh2';
import type { Chance } from '../../fuzz/ups-chance.ts';
import { newSshKey, type SshKey } from '../ssh-keys.ts';
import { cut, drip, flood, forever, mutated } from './manners.ts';
import type { Attack } from './siege.ts';

/** What a peer does that should speak SSH. */
export interface SshAttack extends Attack {
  serve(socket: Socket, chance: Chance): void;
  /** It begins only behind the handshake, where asking for the host key has turned back already. */
  isInside?: boolean;
  /** The command that it takes never ends. */
  isEndless?: boolean;
}

/** The key that is pinned, and another one. */
export const pinned = newSshKey('pinned');
const other = newSshKey('other');

const banner = 'SSH-2.0-OpenSSH_9.2p1\r\n';

/** A packet before encryption. @see https://www.rfc-editor.org/rfc/rfc4253 section 6 */
function packet(payload: Buffer): Buffer {
  // At least four bytes, to a multiple of eight.
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

const list = (names: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(names.length);
  return Buffer.concat([length, Buffer.from(names)]);
};

/** @see https://www.rfc-editor.org/rfc/rfc4253 section 7.1 */
const kexInit = (kex: string): Buffer =>
  Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16, 7),
    ...[kex, 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256', 'none', 'none', '', ''].map(
      list,
    ),
    Buffer.alloc(5),
  ]);

const honestStart = Buffer.concat([Buffer.from(banner), packet(kexInit('curve25519-sha256'))]);

/** Before there is any encryption. */
const raw: readonly SshAttack[] = [
  { name: 'reset', ends: ['dead-peer'], serve: (socket) => socket.resetAndDestroy() },
  { name: 'end', ends: ['dead-peer'], serve: (socket) => socket.end() },
  {
    name: 'reset later',
    ends: ['dead-peer'],
    serve: (socket) => socket.once('data', () => socket.resetAndDestroy()).write(banner),
  },
  { name: 'garbage', ends: ['dead-peer'], serve: (socket, chance) => socket.end(chance.bytes(1 + chance.below(3000))) },
  {
    name: 'an HTTP server',
    ends: ['dead-peer'],
    serve: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>'),
  },
  {
    name: 'a cut banner',
    ends: ['dead-peer'],
    serve: (socket, chance) => socket.end(cut(chance, Buffer.from(banner))),
  },
  { name: 'SSH 1', ends: ['dead-peer'], serve: (socket) => socket.end('SSH-1.5-Cisco-1.25\r\n') },
  {
    name: 'a banner of 64 KiB',
    ends: ['dead-peer'],
    serve: (socket) => socket.end(`SSH-2.0-${'x'.repeat(65_536)}\r\n`),
  },
  {
    name: 'a flood without a line',
    ends: ['dead-peer'],
    serve: (socket, chance) => flood(socket, Buffer.alloc(16_384, chance.pick(['x', '\0', 'S', ' ']))),
  },
  {
    name: 'a packet of 4 GiB',
    ends: ['dead-peer'],
    serve: (socket) => {
      socket.write(banner);
      flood(socket, Buffer.alloc(16_384, 0xff));
    },
  },
  {
    name: 'garbage packets',
    ends: ['dead-peer'],
    serve: (socket, chance) => {
      socket.write(banner);
      for (let left = 20; left > 0; left -= 1) socket.write(packet(chance.bytes(1 + chance.below(200))));
      socket.end();
    },
  },
  {
    name: 'nothing in common',
    ends: ['refused'],
    serve: (socket) => socket.write(Buffer.concat([Buffer.from(banner), packet(kexInit('rot13-sha1'))])),
  },
  {
    name: 'a KEXINIT with changed bytes',
    // Some change nothing that counts, or another list: then it ends where the key exchange does not go on.
    ends: ['dead-peer', 'refused', 'host-key-changed'],
    serve: (socket, chance) =>
      socket.end(Buffer.concat([Buffer.from(banner), packet(mutated(chance, kexInit('curve25519-sha256')))])),
  },
  {
    name: 'a key exchange with garbage',
    ends: ['dead-peer'],
    serve: (socket, chance) => {
      socket.write(honestStart);
      socket.write(packet(Buffer.concat([Buffer.from([31]), chance.bytes(chance.below(300))])));
      socket.end();
    },
  },
  {
    name: 'its own DISCONNECT',
    ends: ['dead-peer'],
    serve: (socket) => {
      const reason = Buffer.concat([Buffer.from([1, 0, 0, 0, 12]), list('too many connections'), list('')]);
      socket.write(Buffer.concat([honestStart, packet(reason)]));
    },
  },
  // ssh2 waits 15 s for a connection to be ready; nothing here shortens that.
  { name: 'silence', ends: ['dead-peer'], slow: true, serve: () => undefined },
  { name: 'a banner and silence', ends: ['dead-peer'], slow: true, serve: (socket) => socket.write(banner) },
  { name: 'a start and silence', ends: ['dead-peer'], slow: true, serve: (socket) => socket.write(honestStart) },
  {
    name: 'a banner that drips for ever',
    ends: ['dead-peer'],
    slow: true,
    serve: (socket) => drip(socket, forever('#'), 250),
  },
  {
    name: 'greetings for ever',
    ends: ['dead-peer'],
    slow: true,
    serve: (socket) => drip(socket, forever('welcome to the machine\r\n'.repeat(20)), 100),
  },
];

interface Inside {
  hostKey?: SshKey;
  /** A line that is shown before signing in. */
  greeting?: string;
  signIn?: (context: AuthContext, chance: Chance) => void;
  inside?: (connection: Connection, chance: Chance) => void;
  command?: (session: Session, chance: Chance) => void;
}

/** How many were asked to let somebody in, by the key that they showed. */
export const signInsOver = { otherKey: 0 };

/** A real handshake, and what comes behind it. */
const behind =
  ({ hostKey = pinned, greeting, signIn, inside, command }: Inside): SshAttack['serve'] =>
  (socket, chance) => {
    const banner = greeting === undefined ? {} : { banner: greeting };
    const server = new ssh2.Server({ hostKeys: [hostKey.privateKey], ...banner }, (connection) => {
      connection.on('error', () => undefined);
      connection.on('authentication', (context) => {
        if (hostKey !== pinned) signInsOver.otherKey += 1;
        if (signIn) signIn(context, chance);
        else if (context.method === 'none') context.reject(['publickey', 'password']);
        else context.accept();
      });
      connection.on('ready', () => {
        inside?.(connection, chance);
        connection.on('session', (accept) => command?.(accept(), chance));
      });
    });
    server.injectSocket(socket);
  };

const onExec = (act: (channel: ServerChannel, chance: Chance) => void): Inside => ({
  command: (session, chance) => void session.once('exec', (accept) => act(accept(), chance)),
});

function ends(channel: ServerChannel, code: number): void {
  channel.exit(code);
  channel.end();
}

const unanswered: Inside = { command: (session) => void session.once('exec', () => undefined) };

/** Behind the handshake. */
const deep: readonly SshAttack[] = [
  { name: 'another key', ends: ['host-key-changed'], serve: behind({ hostKey: other }) },
  {
    name: 'lets nobody in',
    ends: ['login-refused'],
    serve: behind({ signIn: (context) => context.reject(['publickey', 'password']) }),
  },
  {
    name: 'knows no way in',
    ends: ['login-refused'],
    serve: behind({
      signIn: (context, chance) => context.reject(chance.pick([[], ['hostbased'], ['gssapi' as never]])),
    }),
  },
  {
    name: 'always wants one more',
    ends: ['login-refused'],
    serve: behind({ signIn: (context) => context.reject(['publickey', 'password', 'keyboard-interactive'], true) }),
  },
  {
    name: 'questions without an end',
    ends: ['login-refused'],
    serve: behind({
      signIn: (context, chance) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        const ask = (): void => {
          const prompt = chance.pick([
            'Password: ',
            'Password:',
            'Verification code: ',
            'x'.repeat(20_000),
            '\u001b[2J',
          ]);
          context.prompt([{ prompt, echo: chance.below(5) === 0 }], ask);
        };
        ask();
      },
    }),
  },
  {
    name: 'a hundred questions at once',
    ends: ['login-refused'],
    serve: behind({
      signIn: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        const prompts = Array.from({ length: 100 }, () => ({ prompt: 'Password: ', echo: false }));
        context.prompt(prompts, () => context.accept());
      },
    }),
  },
  {
    name: 'ends while signing in',
    ends: ['dead-peer'],
    serve: (socket, chance) =>
      behind({ signIn: () => (chance.below(2) === 0 ? socket.resetAndDestroy() : socket.end()) })(socket, chance),
  },
  {
    name: 'a greeting of 30 KiB',
    ends: ['exit code'],
    serve: behind({ greeting: 'x'.repeat(30_000), ...onExec((channel) => ends(channel, 1)) }),
  },
  {
    name: 'ends once we are in',
    ends: ['dead-peer', 'dropped'],
    serve: (socket, chance) => behind({ inside: () => socket.resetAndDestroy() })(socket, chance),
  },
  {
    name: 'takes no session',
    ends: ['unexpected-answer'],
    serve: behind({ inside: (connection) => void connection.on('session', (_accept, reject) => reject()) }),
  },
  {
    name: 'takes no command',
    ends: ['unexpected-answer'],
    serve: behind({ command: (session) => void session.once('exec', (_accept, reject) => reject?.()) }),
  },
  { name: 'never answers to a command', ends: ['dead-peer'], isEndless: true, serve: behind(unanswered) },
  { name: 'a command without an end', ends: ['dead-peer'], isEndless: true, serve: behind(onExec(() => undefined)) },
  {
    name: 'output without an end',
    ends: ['dead-peer'],
    isEndless: true,
    serve: behind(
      onExec((channel, chance) => flood(chance.pick([channel, channel.stderr as never]), Buffer.alloc(32_768, 'y'))),
    ),
  },
  {
    name: 'output that drips for ever',
    ends: ['dead-peer'],
    isEndless: true,
    serve: behind(onExec((channel) => drip(channel, forever('.'), 20))),
  },
  {
    name: 'ends in the middle of its output',
    ends: ['dropped'],
    serve: (socket, chance) =>
      behind(
        onExec((channel) => {
          channel.write(chance.bytes(1000));
          setImmediate(() => (chance.below(2) === 0 ? socket.resetAndDestroy() : socket.destroy()));
        }),
      )(socket, chance),
  },
  {
    name: 'closes without an exit code',
    ends: ['dropped'],
    serve: behind(onExec((channel) => channel.close())),
  },
  {
    name: 'an exit code that is none',
    ends: ['exit code'],
    serve: behind(onExec((channel, chance) => ends(channel, chance.pick([2 ** 32 - 1, 2 ** 31, 256])))),
  },
  {
    name: 'killed by a signal, with many words',
    ends: ['killed'],
    serve: behind(
      onExec((channel, chance) => {
        channel.exit(chance.pick(['KILL', 'TERM', 'PIPE']), false, 'x'.repeat(9000));
        channel.end();
      }),
    ),
  },
  {
    name: 'new keys again and again',
    ends: ['dead-peer'],
    isEndless: true,
    serve: behind({
      inside: (connection) => {
        const again = (): void => {
          try {
            connection.rekey(again);
          } catch {
            // It is over.
          }
        };
        again();
      },
      ...unanswered,
    }),
  },
  {
    name: 'opens channels by itself',
    ends: ['dead-peer'],
    isEndless: true,
    serve: behind({
      inside: (connection) => {
        for (let left = 200; left > 0; left -= 1) {
          connection.forwardOut('127.0.0.1', left, '127.0.0.1', 22, () => undefined);
          connection.x11('127.0.0.1', left, () => undefined);
        }
      },
      ...unanswered,
    }),
  },
  { name: 'never says who may come in', ends: ['dead-peer'], slow: true, serve: behind({ signIn: () => undefined }) },
];

export const sshAttacks: readonly SshAttack[] = [...raw, ...deep.map((attack) => ({ ...attack, isInside: true }))];
