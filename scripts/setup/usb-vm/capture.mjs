import { spawnSync } from 'node:child_process';
import { Stop } from '../say.mjs';

/** What a program prints. Its failure stops the set-up, with what it said. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
  if (result.error || result.status !== 0) {
    const why = result.error?.message ?? `${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
    throw new Stop(`${command} failed: ${why}`);
  }
  return result.stdout;
}
