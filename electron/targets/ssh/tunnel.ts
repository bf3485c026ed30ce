import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Host } from '../../../shared/inventory.ts';
import type { Look } from '../reach.ts';

/**
 * What became of the wish for a connection from a jump host to another. `lost`: nobody knows, the connection to the
 * jump host is gone. Otherwise what it shows of the host, with the jump host's words for people.
 */
export type Tunnel =
  | { is: 'open'; channel: Duplex }
  | { is: Exclude<Look, 'open'>; said: string; mayForward: boolean }
  | { is: 'lost'; said: string };

/** @see https://www.rfc-editor.org/rfc/rfc4254 section 5.1 */
const connectFailed = 2;
const prohibited = 1;

/**
 * Asks the jump host to connect to a host's port (`direct-tcpip`); a name is resolved there. Never rejects.
 * @param limitMs of real time; after that it counts as silent if the jump host still answers, and as lost if not
 */
export async function openTunnel(
  jump: Client,
  { address, port }: Pick<Host, 'address' | 'port'>,
  limitMs: number,
): Promise<Tunnel> {
  const tunnel = await ask(jump, address, port, limitMs);
  if (tunnel !== 'no answer') return tunnel;
  // Silence through a jump host that is silent itself shows nothing. Port 0 is nobody's: any answer will do.
  const answer = await ask(jump, '127.0.0.1', 0, limitMs);
  const isThere = answer !== 'no answer' && answer.is !== 'lost';
  return isThere
    ? { is: 'silent', said: `no answer within ${limitMs / 1000} s`, mayForward: true }
    : { is: 'lost', said: 'it does not answer any more' };
}

function ask(jump: Client, address: string, port: number, limitMs: number): Promise<Tunnel | 'no answer'> {
  return new Promise((resolve) => {
    let isOver = false;
    const end = (tunnel: Tunnel | 'no answer'): void => {
      clearTimeout(timer);
      isOver = true;
      resolve(tunnel);
    };
    const timer = setTimeout(() => end('no answer'), limitMs);
    try {
      jump.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        if (error) return end(refusal(error));
        if (isOver || port === 0) letGo(channel);
        // The far end of a stream that has ended takes nothing any more: without this it would stay half open.
        end({ is: 'open', channel: channel.once('end', () => channel.destroy()) });
      });
    } catch (error) {
      end({ is: 'lost', said: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** A stream of ssh2 that nobody reads never comes to its end, and keeps its connection from being idle. */
export function letGo(channel: Duplex): void {
  channel.resume().destroy();
}

/**
 * The reason is the protocol's. A failed connection is described by OpenSSH in the words of strerror(3) ("Connection
 * refused", "No route to host"; a name that it cannot resolve in those of gai_strerror(3)), by others with none. What is
 * not understood proves nothing.
 * @see https://github.com/openssh/openssh-portable/blob/master/channels.c (channel_post_connecting)
 */
function refusal(error: Error & { reason?: unknown }): Tunnel {
  const said = error.message.replace(/^\(SSH\) Channel open failure: /, '');
  // What ssh2 itself says of a connection that is gone has no reason of the protocol.
  if (typeof error.reason !== 'number') return { is: 'lost', said };
  if (error.reason !== connectFailed) return { is: 'blind', said, mayForward: error.reason !== prohibited };
  if (/^$|refused|reset/i.test(said)) return { is: 'closed', said: said || 'it could not connect', mayForward: true };
  const isSilent = /timed out|no route to host|host is (?:down|unreachable)/i.test(said);
  return { is: isSilent ? 'silent' : 'blind', said, mayForward: true };
}
