import { readFile, stat, writeFile } from 'node:fs/promises';
import { FaultError } from '../../shared/fault.ts';

/** Bytes. A descriptor as hex digits has some thousand, the largest profile 16 000. */
const largest = 1_000_000;

/** The text of a small file that the user names. @throws FaultError `invalid-input` naming the file */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await read(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusable(path, 'It is not a text file', 'Name a text file, as "ups dump" writes it.');
  }
}

/** Into the file that the user names, over what stood there. @throws FaultError `file-unwritable` */
export async function writeTextFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new FaultError({
      code: 'file-unwritable',
      what: `It could not be written: ${error instanceof Error ? error.message : String(error)}`,
      where: path,
      remedy: 'Name a file in a folder that exists and that you may write to.',
    });
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    // Looked at before it is opened: opening a pipe would wait for whoever writes into it.
    const found = await stat(path);
    if (found.isDirectory()) throw unusable(path, 'It is a folder', 'Name a file.');
    if (!found.isFile()) throw unusable(path, 'It is not a regular file', 'Name a file.');
    if (found.size > largest) {
      const what = `It has ${found.size} bytes; such a file has ${largest} at most`;
      throw unusable(path, what, 'Name a text file, as "ups dump" writes it.');
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof FaultError) throw error;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): FaultError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return unusable(path, 'There is no such file', 'Check its name and folder.');
  if (code === 'EACCES') return unusable(path, 'This user may not read it', 'Change its permissions.');
  const reason = error instanceof Error ? error.message : String(error);
  return unusable(path, `It could not be read: ${reason}`, 'Check the file.');
}

function unusable(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'invalid-input', what, where, remedy });
}
