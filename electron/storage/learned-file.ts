import { join } from 'node:path';
import { toFault } from '../../shared/fault.ts';
import { type LearnedFile, learnedSchema, nothingLearned } from '../../shared/learned.ts';
import type { LearnedStore } from '../core/ports.ts';
import { JsonFile } from './json-file.ts';
import type { Log } from './log.ts';

/**
 * What the UPSes have taught about their batteries. How often it is written is the core's to say. A file that cannot
 * be read is kept as it is, and nothing is written until somebody has looked at it: it is logged once.
 */
export function learnedStore(dataFolder: string, log: Pick<Log, 'warn'>): LearnedStore {
  const file = new JsonFile<LearnedFile>(join(dataFolder, 'learned.json'), { schema: learnedSchema, migrations: [] });
  let isRefused = false;
  return {
    load: async () => {
      try {
        return (await file.read()) ?? nothingLearned;
      } catch (error) {
        const { where, what } = toFault(error, file.path);
        log.warn(`What was learned of the batteries is not used. ${where}: ${what}`);
        isRefused = true;
        return nothingLearned;
      }
    },
    save: async (learned) => {
      if (!isRefused) await file.update(() => learned);
    },
  };
}
