import type { FileFormat } from './json-file.ts';

/**
 * Since version 2 a sequence has conditions, limits of stages, parameters and a scope; left out, it does what it did:
 * nothing is given up when the battery runs short.
 */
const toVersion2 = (old: Record<string, unknown>): Record<string, unknown> => ({ ...old, version: 2, shed: [] });

export const sequenceMigrations: FileFormat<unknown>['migrations'] = [toVersion2];

/** A run that an older Glidepath began must go on with a newer one: its first record holds a sequence of its time. */
export function migrateBegun(value: unknown): unknown {
  if (!isObject(value) || value.type !== 'begun' || value.version !== 1 || !isObject(value.sequence)) return value;
  return { ...value, version: 2, sequence: toVersion2(value.sequence) };
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';
