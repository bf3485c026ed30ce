import { open } from 'node:fs/promises';
import type { z } from 'zod';

export interface JsonLines<T> {
  values: T[];
  /** Lines that are none of ours, as after a crash or damage to the disk: skipped. */
  damaged: number;
}

/**
 * The lines of a file, oldest first, each one JSON; none when there is no such file. Of a file of more than `most` bytes
 * only the end is read, so that a broken one cannot fill the memory.
 * @throws an error of the file system
 */
export async function readJsonLines<T>(path: string, schema: z.ZodType<T>, most: number): Promise<JsonLines<T>> {
  const lines: JsonLines<T> = { values: [], damaged: 0 };
  for (const line of (await readEnd(path, most)).split('\n')) {
    if (line === '') continue;
    const value = schema.safeParse(parse(line));
    if (value.success) lines.values.push(value.data);
    else lines.damaged += 1;
  }
  return lines;
}

async function readEnd(path: string, most: number): Promise<string> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - most);
    const bytes = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    const text = bytes.toString('utf8', 0, bytesRead);
    // It begins in the middle of a line then.
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
