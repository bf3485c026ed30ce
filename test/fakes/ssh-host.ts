import net from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerConfig, type Session } from 'ssh2';
import type { Result } from './posix-shell.ts';
import { newSshKey, type SshKey } from './ssh-keys.ts';

export type AuthMethod = 'publickey' | 'password' | 'keyboard-interactive';

export interface SshUser {
  name: string;
  password?: string;
  /** `ssh-ed25519 AAAA...` */
  publicKeys?: readonly string[];
}

export interface SshHostOptions {
  name: string;
  /** Any loopback address; 127.0.0.1 unless given. */
  address?: string;
  /** 0 or none: a free one, kept over power cycles. */
  port?: number;
  users: readonly SshUser[];
  /** What it offers; unless given, what its users can use (a password: `password`). */
  methods?: readonly AuthMethod[];
  hostKey?: SshKey;
  algorithms?: NonNullable<ServerConfig['algorithms']>;
  /** Answers a command. A promise that never settles is a command that never ends. */
  run(command: string, user: string): Promise<Result>;
  /** How what it prints becomes bytes; `latin1`: each letter is one. UTF-8 unless given. */
  encoding?: BufferEncoding;
  now?: () => number;
}

export interface LoggedExec {
  at: number;
  text: string;
  user: string;
}

export interface LoggedAuth {
  at: number;
  user: string;
  method: AuthMethod;
  accepted: boolean;
}

/** How open connections end: closed, reset, or not a word any more. The port refuses after each. */
export type Death = 'fin' | 'rst' | 'silence';

const none = Buffer.alloc(0);

/** One SSH host inside this process, on loopback. */
export class SshHost {
  readonly name: string;
  readonly address: string;
  readonly hostKey: SshKey;
  readonly log: LoggedExec[] = [];
  readonly auths: LoggedAuth[] = [];
  /** `mute`: TCP accepts, no banner ever comes. `denied`: nobody gets in. */
  fault: 'none' | 'mute' | 'denied' = 'none';
  /** Commands that it takes at once over one connection, as OpenSSH's MaxSessions. */
  mostSessions = Number.POSITIVE_INFINITY;
  readonly #options: SshHostOptions;
  readonly #now: () => number;
  readonly #ssh: ssh2.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #frozen = new Set<net.Socket>();
  #listener: net.Server | null = null;
  #port: number;
  /** Counts power cycles, so that no answer crosses one. */
  #cycle = 0;

  constructor(options: SshHostOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.name = options.name;
    this.address = options.address ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.hostKey = options.hostKey ?? newSshKey(options.name);
    this.#ssh = new ssh2.Server(
      { hostKeys: [this.hostKey.privateKey], ...(options.algorithms && { algorithms: options.algorithms }) },
      (client) => this.#serve(client),
    );
  }

  /** Known once it has been on. */
  get port(): number {
    return this.#port;
  }

  get isOn(): boolean {
    return this.#listener !== null;
  }

  async powerOn(): Promise<void> {
    if (this.#listener) return;
    this.#end(this.#frozen, 'rst');
    const cycle = this.#cycle;
    const listener = net.createServer({ noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(this.#port, this.address, resolve);
    });
    if (cycle !== this.#cycle) {
      listener.close();
      return;
    }
    this.#listener = listener;
    const bound = listener.address();
    if (bound && typeof bound === 'object') this.#port = bound.port;
  }

  powerOff(mode: Death = 'fin'): void {
    this.#cycle += 1;
    this.#listener?.close();
    this.#listener = null;
    this.#end(this.#sockets, mode);
  }

  /** Off for good: also the connections that went silent. */
  close(): void {
    this.powerOff('fin');
    this.#end(this.#frozen, 'fin');
  }

  #end(sockets: Set<net.Socket>, mode: Death): void {
    for (const socket of sockets) {
      sockets.delete(socket);
      if (mode === 'silence') {
        this.#frozen.add(socket.pause());
        socket.removeAllListeners('data');
      } else if (mode === 'rst') reset(socket);
      else socket.destroy();
    }
  }

  #accept(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#frozen.delete(socket);
    });
    if (this.fault === 'mute') socket.resume();
    else this.#ssh.injectSocket(socket);
  }

  #serve(client: Connection): void {
    // Peers come and go as they like; nobody here minds.
    client.on('error', () => {});
    client.on('authentication', (context) => this.#authenticate(context, client));
  }

  #authenticate(context: AuthContext, client: Connection): void {
    const user = this.#options.users.find((other) => other.name === context.username);
    const offered = this.#offered();
    const end = (method: AuthMethod, accepted: boolean): void => {
      this.auths.push({ at: this.#now(), user: context.username, method, accepted });
      if (!accepted) {
        context.reject(offered);
        return;
      }
      client.removeAllListeners('session');
      let sessions = 0;
      client.on('session', (accept, reject) => {
        if (sessions >= this.mostSessions) return void reject();
        sessions += 1;
        const session = accept();
        session.once('close', () => (sessions -= 1));
        this.#session(session, context.username);
      });
      context.accept();
    };
    const right = (password: string | undefined): boolean =>
      this.fault !== 'denied' && user?.password !== undefined && user.password === password;

    if (context.method === 'none' || context.method === 'hostbased' || !offered.includes(context.method))
      context.reject(offered);
    else if (context.method === 'password') end('password', right(context.password));
    else if (context.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) => end('keyboard-interactive', right(answer)));
    } else {
      const { key, signature, blob, hashAlgo } = context;
      const keys = this.fault === 'denied' ? [] : (user?.publicKeys ?? []).map(parsed);
      const known = keys.find((other) => other.type === key.algo && other.getPublicSSH().equals(key.data));
      // Without a signature it is only the question whether this key would do.
      if (known && !(signature && blob)) context.accept();
      else end('publickey', known !== undefined && known.verify(blob ?? none, signature ?? none, hashAlgo) === true);
    }
  }

  #offered(): AuthMethod[] {
    const { methods, users } = this.#options;
    if (methods) return [...methods];
    const some: AuthMethod[] = [];
    if (users.some((user) => user.publicKeys?.length)) some.push('publickey');
    if (users.some((user) => user.password !== undefined)) some.push('password');
    return some;
  }

  #session(session: Session, user: string): void {
    session.on('pty', (accept) => accept?.());
    session.on('env', (accept) => accept?.());
    session.on('exec', (accept, _reject, info) => {
      const channel = accept();
      const cycle = this.#cycle;
      const { encoding = 'utf8' } = this.#options;
      channel.on('error', () => {});
      this.log.push({ at: this.#now(), text: info.command, user });
      this.#options.run(info.command, user).then(
        (answer) => {
          if (cycle !== this.#cycle) return;
          channel.write(answer.stdout, encoding);
          channel.stderr.write(answer.stderr, encoding);
          channel.exit(answer.code);
          channel.end();
        },
        (error: unknown) => {
          if (cycle !== this.#cycle) return;
          channel.stderr.write(`${String(error)}\n`);
          channel.exit(255);
          channel.end();
        },
      );
    });
  }
}

/** `resetAndDestroy` ends politely first (a FIN, then the RST), which a client may take for a FIN. */
export function reset(socket: net.Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy();
}

function parsed(publicKey: string): ParsedKey {
  const key = ssh2.utils.parseKey(publicKey);
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? key[0] : key;
}
