import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';

export type Answer = Readonly<Record<string, unknown>>;

/**
 * A list in what PowerShell answered. Some of its versions write a list of one as that one, an empty one as null, and
 * one that was wrapped as `{"value":[...],"Count":1}`.
 */
export function listIn(answer: Answer, name: string): unknown[] {
  const value = answer[name];
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  const { value: inner, Count: count } = value as { value?: unknown; Count?: unknown };
  return Array.isArray(inner) && count === inner.length ? inner : [value];
}

/** The items of a list, each with texts of these names. @throws FaultError `unexpected-answer` when one has not */
export function rowsIn<K extends string>(
  host: Host,
  answer: Answer,
  name: string,
  keys: readonly K[],
): Record<K, string>[] {
  return listIn(answer, name).map((item) => {
    const row = item as Record<K, unknown>;
    if (keys.every((key) => typeof row?.[key] === 'string')) return row as Record<K, string>;
    const what = `it answered ${JSON.stringify(item).slice(0, 200)} among its ${name}`;
    throw hostFault(host, 'unexpected-answer', what, 'Look at the host by hand.');
  });
}
