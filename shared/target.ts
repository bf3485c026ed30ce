import { z } from 'zod';
import { idSchema } from './id.ts';

/** Words that cannot be ids of hosts. */
export const groupTargets = ['all', 'critical'] as const;

/** A host's id, `tag:NAME`, `all`, or `critical`: the hosts that lose their power. */
export const targetSchema = z.union([idSchema, z.string().regex(/^tag:[a-z0-9][a-z0-9-]{0,63}$/, 'tag: and its name')]);

export type Target =
  | { kind: 'host'; id: string }
  | { kind: 'tag'; tag: string }
  | { kind: 'all' }
  | { kind: 'critical' };

export function parseTarget(text: string): Target {
  if (text === 'all' || text === 'critical') return { kind: text };
  return text.startsWith('tag:') ? { kind: 'tag', tag: text.slice(4) } : { kind: 'host', id: text };
}
