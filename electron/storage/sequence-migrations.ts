import type { FileFormat } from './json-file.ts';
import { withOldAlgorithms } from './old-hosts.ts';

/**
 * Since version 2 a sequence has conditions, limits of stages, parameters and a scope; left out, it does what it did:
 * nothing is given up when the battery runs short.
 */
const toVersion2 = (old: Record<string, unknown>): Record<string, unknown> => ({ ...old, version: 2, shed: [] });

/** Since version 3 there are more kinds of steps, and more can be said of some. */
const toVersion3 = (old: Record<string, unknown>): Record<string, unknown> => ({ ...old, version: 3 });

export const sequenceMigrations: FileFormat<unknown>['migrations'] = [toVersion2, toVersion3];

/** A run that an older Glidepath began must go on with a newer one: its first record holds a sequence of its time. */
export function migrateBegun(value: unknown): unknown {
  if (!isObject(value) || value.type !== 'begun') return value;
  const begun = value.version === 1 ? { ...value, version: 2, sequence: migrated(value.sequence, toVersion2) } : value;
  if (begun.version !== 2) return begun;
  return {
    ...begun,
    version: 3,
    sequence: migrated(begun.sequence, toVersion3),
    hosts: withOldAlgorithms(begun.hosts),
  };
}

const migrated = (sequence: unknown, by: typeof toVersion2): unknown => (isObject(sequence) ? by(sequence) : sequence);

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';
