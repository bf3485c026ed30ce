import type { Log } from '../../electron/storage/log.ts';

/** A log that keeps its lines, to be looked at. */
export function keptLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  return { lines, info: keep, warn: keep, error: keep };
}
