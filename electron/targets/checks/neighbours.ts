import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { macsIn } from './macs.ts';

/** The MACs that this computer's own network has for an address; empty: it does not know, or cannot tell. */
export type Neighbours = (address: string) => Promise<string[]>;

/** Milliseconds of real time. */
const limitMs = 3000;

/** Asks the operating system's neighbour table (ARP, NDP). Sends nothing to the host. Never rejects. */
export const neighbours: Neighbours = async (address) => {
  try {
    const { address: ip } = await lookup(address);
    const [program, args] = process.platform === 'linux' ? ['ip', ['neigh', 'show', ip]] : ['arp', ['-a', ip]];
    const text = await printed(program as string, args as string[]);
    // Windows and macOS tell of the interface and of others, too.
    return macsIn(
      text
        .split('\n')
        .filter((line) => process.platform === 'linux' || line.split(/[\s()]+/).includes(ip))
        .join('\n'),
    );
  } catch {
    return [];
  }
};

function printed(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: limitMs, windowsHide: true }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}
