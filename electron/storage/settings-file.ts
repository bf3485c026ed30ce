import { join } from 'node:path';
import { z } from 'zod';
import { idSchema } from '../../shared/id.ts';
import { JsonFile } from './json-file.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const settingsSchema = z.strictObject({
  format: z.literal('glidepath-settings'),
  version: z.literal(2),
  startAtLogin: z.boolean(),
  theme: z.enum(['system', 'light', 'dark']),
  /** How often the plan is rehearsed by itself. */
  rehearse: z.enum(['never', 'daily', 'weekly', 'monthly']),
  /** The sequence that the window shows and the engine plans with. */
  activeSequence: idSchema.nullable(),
  /**
   * What may be done: exactly this sequence with exactly this content, to exactly these hosts as they were then, by the
   * word of exactly these UPS servers. `suppliesHash`: absent in what was armed before there was one.
   */
  armed: z.strictObject({ sequenceId: idSchema, hash, hostsHash: hash, suppliesHash: hash.optional() }).nullable(),
  /** The user has been told once that closing the window does not end Glidepath. */
  closeNoticeShown: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  format: 'glidepath-settings',
  version: 2,
  startAtLogin: false,
  theme: 'system',
  rehearse: 'weekly',
  activeSequence: null,
  armed: null,
  closeNoticeShown: false,
};

export const settingsFile = (dataFolder: string): JsonFile<Settings> =>
  new JsonFile(join(dataFolder, 'settings.json'), { schema: settingsSchema, migrations: [toVersion2] });

/** Since version 2 the plan is rehearsed by itself, weekly unless the user says otherwise. */
function toVersion2(old: Record<string, unknown>): Record<string, unknown> {
  return { ...old, version: 2, rehearse: 'weekly' };
}
