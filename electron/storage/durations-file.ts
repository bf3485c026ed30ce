import { join } from 'node:path';
import { type DurationsFile, durationsSchema } from '../../shared/durations.ts';
import { toFault } from '../../shared/fault.ts';
import type { DurationStore } from '../core/ports.ts';
import { JsonFile } from './json-file.ts';
import type { Log } from './log.ts';

/** Nothing was learned yet. */
export const noDurations: DurationsFile = { format: 'glidepath-durations', version: 1, samples: [] };

/**
 * How long steps took: durations.json. A file that cannot be read is kept as it is, and nothing is written until
 * somebody has looked at it: it is logged once.
 */
export function durationStore(dataFolder: string, log: Pick<Log, 'warn'>): DurationStore {
  const path = join(dataFolder, 'durations.json');
  const file = new JsonFile<DurationsFile>(path, { schema: durationsSchema, migrations: [] });
  let isRefused = false;
  return {
    load: async () => {
      try {
        return (await file.read()) ?? noDurations;
      } catch (error) {
        const { where, what } = toFault(error, file.path);
        log.warn(`What was learned of how long steps take is not used. ${where}: ${what}`);
        isRefused = true;
        return noDurations;
      }
    },
    save: async (durations) => {
      if (!isRefused) await file.update(() => durations);
    },
  };
}
