import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '../../shared/fault.ts';

/** The calls that change the disk, in the order in which they are made; a crash test cuts them off at each one. */
export type Disk = Pick<typeof fs, 'mkdir' | 'open' | 'rename' | 'unlink'>;

/**
 * Replaces a file as a whole: after a crash at any instant it holds either the old text or the new one.
 * The file is readable by its owner only (0600).
 * @throws FaultError `file-unwritable`. The old file then stands there, or, when only the last sync of its folder
 * failed, the new one, which a power cut might still undo.
 */
export async function writeFileAtomic(file: string, text: string, disk: Disk = fs): Promise<void> {
  const folder = dirname(file);
  // In the same folder, because a rename is atomic only inside one file system.
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await disk.mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await disk.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await disk.rename(temporary, file);
    await syncFolder(folder, disk);
  } catch (error) {
    await disk.unlink(temporary).catch(() => undefined);
    throw unwritable(file, error);
  }
}

/** Makes new names in a folder survive a power cut. Windows cannot open folders, and its file systems journal names. */
export async function syncFolder(folder: string, disk: Pick<Disk, 'open'> = fs): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await disk.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function unwritable(file: string, error: unknown): FaultError {
  const reason = error instanceof Error ? error.message : String(error);
  return new FaultError({
    code: 'file-unwritable',
    what: `It could not be written: ${reason}`,
    where: file,
    remedy: 'Check the free space and the permissions of the data folder.',
  });
}
