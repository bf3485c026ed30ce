import { createHash } from 'node:crypto';

/** JSON with sorted keys and no spaces: two values that mean the same give the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * What ties editing, arming and running together: sha256 of the canonical JSON, 64 hex digits.
 * Take it of a parsed value, so that spaces, key order and left-out defaults in a file do not count as a change.
 */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
