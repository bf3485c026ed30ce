import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';

/** Milliseconds for TCP, handshake and signing in together. PAM alone can take two seconds to say no. */
export const readyTimeout = 15_000;

/** How far a connection had come. */
export interface Progress {
  /** TCP is connected. */
  connected: boolean;
  /** The handshake is over: what follows is about signing in. */
  handshaken: boolean;
}

/** ssh2 tells its errors apart by a `level`, sockets by a `code`. */
interface Told {
  message: string;
  level: unknown;
  code: unknown;
}

function told(error: unknown): Told {
  if (!(error instanceof Error)) return { message: String(error), level: undefined, code: undefined };
  const { level, code } = error as Error & { level?: unknown; code?: unknown };
  return { message: error.message, level, code };
}

/** What an error before the connection was ready means to the user. Tells no secret: ssh2's messages hold none. */
export function connectFault(host: Host, error: unknown, progress: Progress): FaultError {
  const { message, level, code } = told(error);
  if (level === 'client-authentication' || (progress.handshaken && typeof code === 'number')) {
    const proof = { key: 'key', password: 'password', agent: "agent's keys" }[host.login];
    return hostFault(
      host,
      'login-refused',
      `it refused the ${proof} of ${host.user} (${message})`,
      `Check the user and its ${proof}. Glidepath tried once and does not try again by itself, so as not to lock the account.`,
    );
  }
  if (/no matching host key format/.test(message)) return otherKeyType(host);
  if (/^Handshake failed: no matching /.test(message)) return nothingInCommon(host, message);
  // Only who accepted a connection resets it, even when that arrives before ssh2 told of the connection.
  if (!progress.connected && code !== 'ECONNRESET') return unreachable(host, message, code);
  return hostFault(
    host,
    'dead-peer',
    `it took the connection and then failed: ${message}`,
    'Look whether its SSH service is healthy; something else may be listening on this port.',
  );
}

function unreachable(host: Host, message: string, code: unknown): FaultError {
  const why =
    code === 'ECONNREFUSED'
      ? 'nothing listens there (connection refused)'
      : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? 'its name cannot be resolved'
        : /timed out/i.test(message)
          ? `no answer within ${readyTimeout / 1000} s`
          : message;
  return hostFault(host, 'unreachable', why, 'Check that it is on, its address and port, and that SSH is enabled.');
}

/** Our own rule: what is not taken for safe any more is offered only where it is allowed. */
function nothingInCommon(host: Host, message: string): FaultError {
  const { oldAlgorithms } = host;
  return hostFault(
    host,
    'refused',
    `it takes none of the algorithms that it is offered, ${oldAlgorithms ? 'the old ones included' : 'which are those of today'} (${message})`,
    oldAlgorithms
      ? 'It is too old to be spoken to safely: renew its system, or reach it through a jump host.'
      : 'If it is an old system, as ESXi 5.x, allow old algorithms for this host in its settings.',
  );
}

function otherKeyType(host: Host): FaultError {
  if (host.hostKeys.length === 0) {
    const what = 'it has no host key of a type that Glidepath can check';
    return hostFault(host, 'unexpected-answer', what, 'Give it an ed25519, ECDSA or RSA key.');
  }
  const pinned = host.hostKeys.map((key) => key.type).join(', ');
  return hostFault(
    host,
    'host-key-changed',
    `it no longer has a host key of the pinned type (${pinned})`,
    'If it was installed anew, confirm its new key in the host settings; if not, someone may be in between.',
  );
}
