import type { Client, ConnectConfig } from 'ssh2';
import ssh2 from 'ssh2';
import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Credentials } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { agentKeys } from './agent.ts';
import { algorithmsOf } from './algorithms.ts';
import { connectFault, type Progress, readyTimeout } from './connect-fault.ts';
import { algorithmsFor, fingerprintOf } from './host-key.ts';
import { signIn } from './sign-in.ts';
import { straightNow, type Way } from './way.ts';

/** Milliseconds of real time: a peer that says nothing for 5 s x 3 is dead. ssh2's default is to wait for ever. */
const keepalive = { keepaliveInterval: 5000, keepaliveCountMax: 3 };

/**
 * One signed-in connection to a host whose key is pinned. The caller ends it; errors after that are swallowed, its
 * `close` event tells all that matters.
 * @param wayTo asked for when all is there that signs in
 * @param signal ends it, also while it is being made
 * @throws FaultError `host-key-unknown` and `no-credential` before a packet is sent; `unreachable`, `dead-peer`,
 * `host-key-changed` before a credential is; `login-refused` after one attempt; those of `wayTo`
 */
export async function connect(
  host: Host,
  credentials: Credentials,
  signal: AbortSignal,
  wayTo: (host: Host) => Promise<Way> = straightNow,
): Promise<Client> {
  const serverHostKey = algorithmsFor(host.hostKeys);
  if (serverHostKey.length === 0) {
    throw hostFault(
      host,
      'host-key-unknown',
      'its host key has not been confirmed yet, so nothing was sent to it',
      'Open the host, compare the key it shows and confirm it.',
    );
  }
  const credential = await credentials.for(host);
  const proof = credential.kind === 'agent' ? await agentKeys(host) : credential;
  const way = await unlessStopped(wayTo(host), signal, host);
  if (signal.aborted) {
    way.drop();
    throw givenUp(host);
  }
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const progress: Progress = { connected: false, handshaken: false };
    const fail = (fault: FaultError): void => {
      // Settles once; two errors for one attempt are normal with ssh2, and one that nobody hears ends the process.
      reject(fault);
      client.destroy();
    };
    const stop = (): void => fail(givenUp(host));
    client.on('connect', () => {
      progress.connected = true;
      // Small packets, each waited for: without this a command costs 40 ms more.
      client.setNoDelay(true);
    });
    client.on('handshake', () => {
      progress.handshaken = true;
    });
    client.on('ready', () => resolve(client));
    client.on('error', (error) => fail(connectFault(host, error, progress)));
    client.on('change password', () => fail(expired(host)));
    client.on('close', () => {
      signal.removeEventListener('abort', stop);
      fail(connectFault(host, new Error('the connection was closed'), progress));
    });
    signal.addEventListener('abort', stop, { once: true });
    try {
      client.connect({
        // Before the stream: what cannot be read must not leave one behind.
        authHandler: signIn(host, proof, fail),
        sock: way.open(),
        username: host.user,
        readyTimeout,
        ...keepalive,
        algorithms: algorithmsOf(host, serverHostKey),
        hostVerifier: checkKey(host, fail),
      } satisfies ConnectConfig);
    } catch (error) {
      way.drop();
      fail(error instanceof FaultError ? error : connectFault(host, error, progress));
    }
  });
}

/** A way that comes when nobody waits for it any more is dropped. */
function unlessStopped(asked: Promise<Way>, signal: AbortSignal, host: Host): Promise<Way> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(givenUp(host));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    asked
      .then((way) => {
        if (signal.aborted) way.drop();
        else resolve(way);
      }, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

function checkKey(host: Host, fail: (fault: FaultError) => void): (key: Buffer) => boolean {
  return (key) => {
    const seen = fingerprintOf(key);
    if (host.hostKeys.some((pinned) => pinned.fingerprint === seen)) return true;
    fail(
      hostFault(
        host,
        'host-key-changed',
        `it shows the key ${seen}, pinned is ${host.hostKeys.map((pinned) => pinned.fingerprint).join(', ')}`,
        'If it was installed anew, confirm its new key in the host settings; if not, someone may be in between.',
      ),
    );
    return false;
  };
}

const givenUp = (host: Host): FaultError => hostFault(host, 'unreachable', 'the connection was given up', 'Try again.');

const expired = (host: Host): FaultError =>
  hostFault(host, 'login-refused', `it wants a new password for ${host.user}`, 'Sign in by hand and change it.');
