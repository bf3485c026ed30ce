import net, { type LookupFunction } from 'node:net';
import type { Host } from '../../../shared/inventory.ts';
import { lookMs } from '../reach.ts';

/**
 * Whether an SSH server answers there: not just a port that accepts, which some hosts have long before their
 * services are ready. Never rejects.
 * @param lookup gives the addresses of a name at once; absent: this computer's resolver is asked
 * @see https://www.rfc-editor.org/rfc/rfc4253 section 4.2
 */
export function hasSshBanner(host: Pick<Host, 'address' | 'port'>, lookup?: LookupFunction): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: host.address, port: host.port, ...(lookup && { lookup }) });
    let text = '';
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), lookMs);
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (/^SSH-/m.test(text)) end(true);
      else if (text.length > 8192) end(false);
    });
  });
}
