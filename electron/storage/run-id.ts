import { randomBytes } from 'node:crypto';

/** `run-20261121-190200-5f3a`: sorts by its start (UTC), and two of the same second differ. `now`: ms since the epoch. */
export function mintRunId(now: number): string {
  const [day = '', time = ''] = new Date(now).toISOString().slice(0, 19).split('T');
  return `run-${day.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
