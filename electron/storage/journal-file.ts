import { type FileHandle, open } from 'node:fs/promises';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Journal } from '../core/ports.ts';
import { unwritable } from './write-atomic.ts';

/** An append-only file of records, one JSON per line. Appends take turns; each is on disk (fdatasync) when it resolves. */
export class JournalFile implements Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Bytes of records that are known to be on disk. */
  #length: number;
  /** An append failed half-way: what it may have left behind the last whole record is cut off first. */
  #torn = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /** `new`: fails when there is such a file already. @throws an error of the file system */
  static async open(path: string, how: 'new' | 'append'): Promise<JournalFile> {
    const file = await open(path, how === 'new' ? 'ax' : 'a', 0o600);
    return new JournalFile(path, file, (await file.stat()).size);
  }

  /** @throws FaultError `file-unwritable`; the record then is not in the journal, and the next append may succeed. */
  append(record: RunRecord): Promise<void> {
    const next = this.#last.then(() => this.#append(Buffer.from(`${JSON.stringify(record)}\n`)));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Waits for what is being appended. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #append(line: Buffer): Promise<void> {
    try {
      if (this.#torn) await this.#file.truncate(this.#length);
      this.#torn = true;
      await this.#file.appendFile(line);
      await this.#file.datasync();
      this.#length += line.length;
      this.#torn = false;
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }
}
