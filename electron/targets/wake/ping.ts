import { execFile } from 'node:child_process';
import { addressSchema } from '../../../shared/inventory.ts';

/** Milliseconds of real time in which an answer must come. */
const waitMs = 2000;

/** What a ping shows: null when it cannot be told, as where there is no such program. */
export type Ping = (address: string) => Promise<boolean | null>;

/**
 * Whether an address answers one ping, by the system's own program: a socket for it needs root. A card can answer for a
 * system that sleeps, so this is a hint and never a proof. Never rejects; takes 3 s at most.
 * @see https://man7.org/linux/man-pages/man8/ping.8.html (exit code 0: an answer came, 1: none did)
 * @see https://ss64.com/nt/ping.html (exit code 0 also for "Destination host unreachable": an answer has a TTL)
 */
export const ping: Ping = (address) =>
  new Promise<boolean | null>((resolve) => {
    if (!addressSchema.safeParse(address).success) return resolve(null);
    const options = { timeout: waitMs + 1000, windowsHide: true, encoding: 'utf8' } as const;
    execFile('ping', [...argumentsFor(process.platform), address], options, (error, stdout) => {
      if (!error) return resolve(process.platform !== 'win32' || /TTL[=<]/i.test(stdout));
      resolve(error.code === 1 || (process.platform === 'darwin' && error.code === 2) ? false : null);
    });
    // Without file descriptors left it throws at once.
  }).catch(() => null);

/** One packet, no names; seconds on Linux and macOS, milliseconds on Windows. */
function argumentsFor(platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return ['-4', '-n', '1', '-w', String(waitMs)];
  return ['-n', '-c', '1', platform === 'darwin' ? '-t' : '-W', String(waitMs / 1000)];
}
