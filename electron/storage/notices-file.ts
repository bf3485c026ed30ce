import { join } from 'node:path';
import { toFault } from '../../shared/fault.ts';
import { type NoticesFile, noNotices, noticesSchema } from '../../shared/notices.ts';
import type { NoticeStore } from '../core/ports.ts';
import { JsonFile } from './json-file.ts';
import type { Log } from './log.ts';
import { writeFileAtomic } from './write-atomic.ts';

/**
 * The notices that still have to be told: notices.json. A file that cannot be read is kept as it is, and nothing is
 * written until somebody has looked at it: it is logged once.
 */
export function noticeStore(dataFolder: string, log: Pick<Log, 'warn'>): NoticeStore {
  const path = join(dataFolder, 'notices.json');
  const file = new JsonFile<NoticesFile>(path, { schema: noticesSchema, migrations: [] });
  let isRefused = false;
  return {
    load: async () => {
      try {
        return (await file.read()) ?? noNotices;
      } catch (error) {
        const { where, what } = toFault(error, file.path);
        log.warn(`Notices that were still to be told are not. ${where}: ${what}`);
        isRefused = true;
        return noNotices;
      }
    },
    save: async (notices) => {
      // It is nobody's but ours, and can be long: it is not read and checked again in the middle of an outage.
      if (!isRefused) await writeFileAtomic(path, `${JSON.stringify(notices)}\n`);
    },
  };
}
