import type { Client } from 'ssh2';
import ssh2 from 'ssh2';
import type { Host, HostKey } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { algorithmsOf } from './algorithms.ts';
import { connectFault, type Progress, readyTimeout } from './connect-fault.ts';
import { allHostKeyAlgorithms, readKey } from './host-key.ts';
import { straightNow, type Way } from './way.ts';

/**
 * Asks a host for its key, so that a person can compare and confirm it. Turns back at the key: nobody signs in.
 * A host with several keys shows its ed25519 one.
 * @throws FaultError those of `wayTo`; `unreachable`, `dead-peer`, `unexpected-answer` when it shows a key of an unknown type
 */
export async function readHostKey(host: Host, wayTo: (host: Host) => Promise<Way> = straightNow): Promise<HostKey> {
  const way = await wayTo(host);
  return new Promise((resolve, reject) => {
    const client: Client = new ssh2.Client();
    const progress: Progress = { connected: false, handshaken: false };
    const fail = (error: unknown): void => {
      reject(connectFault(host, error, progress));
      client.destroy();
    };
    client.on('connect', () => {
      progress.connected = true;
    });
    client.on('error', fail);
    client.on('close', () => fail(new Error('the connection was closed')));
    client.connect({
      sock: way.open(),
      username: host.user,
      readyTimeout,
      algorithms: algorithmsOf(host, allHostKeyAlgorithms),
      hostVerifier: (wire: Buffer) => {
        const key = readKey(wire);
        if (key) resolve(key);
        else
          reject(hostFault(host, 'unexpected-answer', 'it shows a key of an unknown type', 'Give it an ed25519 key.'));
        return false;
      },
    });
  });
}
