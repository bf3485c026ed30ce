import { createHash } from 'node:crypto';
import net, { type LookupFunction, type Socket } from 'node:net';
import tls from 'node:tls';
import { FaultError } from '../../../shared/fault.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import type { Clock } from '../../core/ports.ts';
import { noAnswer, nonsense, serverPlace, socketFault } from '../net/server-fault.ts';
import { shown } from '../net/text.ts';
import { LineReader } from './lines.ts';

/** Milliseconds for the connection, STARTTLS and the handshake together. */
const openLimit = 8000;

export interface OpenDeps {
  clock: Clock;
  lookup: LookupFunction;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/**
 * A connection on which the first word may be said: plain, or encrypted with the pinned certificate at the other end.
 * The caller owns it.
 * @throws FaultError `ups-no-answer`; `ups-refused` when TLS is refused or another certificate is shown
 */
export function open(server: NutServer, deps: OpenDeps): Promise<Socket> {
  return within(server, deps, async (plain) => {
    if (server.certificate === null) return plain;
    const encrypted = await encrypt(server, plain);
    const seen = fingerprintOf(encrypted);
    if (seen === server.certificate) return encrypted;
    encrypted.destroy();
    throw new FaultError({
      code: 'ups-refused',
      what: `It shows the certificate ${seen}, pinned is ${server.certificate}. No password was sent.`,
      where: serverPlace(server),
      remedy: 'If its certificate was renewed, confirm the new one in the settings; if not, someone may be in between.',
    });
  });
}

/**
 * The certificate that a upsd shows, for the user to compare and confirm.
 * @throws FaultError `ups-no-answer`; `ups-refused` when it does not speak TLS
 */
export function readCertificate(server: NutServer, deps: OpenDeps): Promise<string> {
  return within(server, deps, async (plain) => {
    const encrypted = await encrypt(server, plain);
    const fingerprint = fingerprintOf(encrypted);
    encrypted.destroy();
    return fingerprint;
  });
}

/** Connects and goes on with `then`; whatever fails, or takes too long, leaves no socket behind. */
function within<T>(server: NutServer, deps: OpenDeps, then: (plain: Socket) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: server.address, port: server.port, lookup: deps.lookup });
    const settle = (): void => {
      cancel();
      deps.signal.removeEventListener('abort', given);
    };
    const fail = (error: unknown): void => {
      settle();
      socket.destroy();
      reject(error instanceof FaultError ? error : socketFault(server, error as NodeJS.ErrnoException));
    };
    const given = (): void => fail(noAnswer(server, 'The connection was given up.'));
    const cancel = deps.clock.after(openLimit, () =>
      fail(noAnswer(server, `No connection came about within ${openLimit / 1000} s.`)),
    );
    deps.signal.addEventListener('abort', given, { once: true });
    socket.on('error', fail);
    socket.on('close', () => fail(noAnswer(server, 'It closed the connection.')));
    socket.once('connect', () => {
      socket.setNoDelay(true);
      then(socket).then((value) => {
        settle();
        resolve(value);
      }, fail);
    });
  });
}

async function encrypt(server: NutServer, plain: Socket): Promise<tls.TLSSocket> {
  plain.write('STARTTLS\n');
  const answer = await firstLine(server, plain);
  if (answer !== 'OK STARTTLS') {
    throw new FaultError({
      code: 'ups-refused',
      what: `It does not encrypt: it answered "${shown(answer, 100)}" to STARTTLS. No password was sent.`,
      where: serverPlace(server),
      remedy:
        'Give upsd a certificate (CERTFILE or CERTIDENT in upsd.conf), or remove the pinned one from this server.',
    });
  }
  return new Promise((resolve, reject) => {
    // Trust comes from the pinned fingerprint alone, which is compared before a word is said.
    const encrypted = tls.connect({ socket: plain, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    encrypted.once('secureConnect', () => resolve(encrypted));
    encrypted.on('error', reject);
  });
}

/** What comes behind the line was sent before the encryption, by whomever: it must not be read as if it were inside. */
function firstLine(server: NutServer, plain: Socket): Promise<string> {
  const reader = new LineReader();
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      try {
        const [line, ...more] = reader.feed(chunk);
        if (line === undefined) return;
        plain.off('data', take);
        plain.pause();
        if (more.length > 0 || reader.waiting > 0) throw new RangeError('more than one line in answer to STARTTLS');
        resolve(line);
      } catch (error) {
        reject(nonsense(server, `It sent ${(error as Error).message}.`));
      }
    };
    plain.on('data', take);
  });
}

function fingerprintOf(socket: tls.TLSSocket): string {
  // Null when the connection broke meanwhile, whatever the types say.
  const raw = socket.getPeerCertificate()?.raw as Buffer | undefined;
  return raw ? `SHA256:${createHash('sha256').update(raw).digest('hex')}` : 'none';
}
