import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** With its headers, as it came over the wire. */
  text: string;
  isSecure: boolean;
  user: string | null;
}

export interface SmtpReceiverOptions {
  /** PEM; null: it offers no encryption. */
  tls: { key: string; cert: string } | null;
  /** Encrypted from the first byte. */
  implicit?: boolean;
  /** The one login that it takes; null: it offers none. */
  login?: { user: string; password: string } | null;
  /** How it answers to each recipient; null: it takes it. */
  recipient?: (address: string) => { status: number; text: string } | null;
  /** What it does when all of a mail is there. */
  onMail?: 'take' | 'drop' | 'refuse-for-now';
}

/** A mail server on loopback: the real protocol, by the smtp-server package. */
export class SmtpReceiver {
  readonly mails: ReceivedMail[] = [];
  /** User names that somebody tried to sign in with, and over what. */
  readonly logins: { user: string; isSecure: boolean }[] = [];
  connections = 0;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();

  private constructor(options: SmtpReceiverOptions) {
    const { tls, implicit = false, login = null, recipient, onMail = 'take' } = options;
    const off = [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])];
    const server: SMTPServerOptions = {
      ...(tls ?? {}),
      secure: implicit,
      disabledCommands: off,
      authOptional: login === null,
      allowInsecureAuth: tls === null,
      closeTimeout: 1,
      onConnect: (_session, callback) => {
        this.connections += 1;
        callback();
      },
      onAuth: ({ username = '', password }, { secure }, callback) => {
        this.logins.push({ user: username, isSecure: secure });
        if (login && username === login.user && password === login.password) callback(null, { user: username });
        else callback(Object.assign(new Error('no such user'), { responseCode: 535 }));
      },
      onRcptTo: ({ address }, _session, callback) => {
        const no = recipient?.(address);
        callback(no ? Object.assign(new Error(no.text), { responseCode: no.status }) : null);
      },
      onData: (stream, session, callback) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          if (onMail === 'refuse-for-now')
            return callback(Object.assign(new Error('try again later'), { responseCode: 451 }));
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(parts).toString('utf8'),
            isSecure: session.secure,
            user: typeof session.user === 'string' ? session.user : null,
          });
          if (onMail === 'drop') for (const socket of this.#sockets) socket.destroy();
          else callback();
        });
      },
    };
    this.#server = new SMTPServer(server);
    this.#server.on('error', () => undefined);
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(options: SmtpReceiverOptions): Promise<SmtpReceiver> {
    const receiver = new SmtpReceiver(options);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server.server, 'listening');
    onTestFinished(() => receiver.stop());
    return receiver;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
