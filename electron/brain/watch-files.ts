import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../storage/log.ts';

/** Ms of calm after a change: editors write a file in several steps. */
const calm = 300;

const watched = new Set(['inventory.json', 'settings.json', 'secrets.json', 'supplies.json', 'channels.json']);

/** Calls when the user's files were changed, by us or by anybody else. Gives the function that ends it. */
export async function watchFiles(dataFolder: string, log: Log, changed: () => void): Promise<() => void> {
  const sequences = join(dataFolder, 'sequences');
  await mkdir(sequences, { recursive: true, mode: 0o700 }).catch((error: unknown) =>
    log.warn(`${sequences} cannot be made: ${error instanceof Error ? error.message : String(error)}`),
  );
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, calm);
  };
  const watchers = [
    tryWatch(dataFolder, log, (name) => name !== null && watched.has(name) && soon()),
    tryWatch(sequences, log, (name) => (name === null || name.endsWith('.json')) && soon()),
  ];
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher?.close();
  };
}

/** A system may have no watches left. Then changes from outside are seen at the next start only. */
function tryWatch(folder: string, log: Log, call: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => call(name));
    watcher.on('error', (error) => log.warn(`${folder} is no longer watched: ${error.message}`));
    return watcher;
  } catch (error) {
    log.warn(`${folder} cannot be watched: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
