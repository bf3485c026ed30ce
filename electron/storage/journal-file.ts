import { type FileHandle, open } from 'node:fs/promises';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Journal } from '../core/ports.ts';
import { unwritable } from './write-atomic.ts';

interface Waiting {
  line: string;
  written(): void;
  failed(error: unknown): void;
}

/**
 * An append-only file of records, one JSON per line. Each is on disk (fdatasync) when its append resolves; those that come
 * while the disk is busy go there together, so that many hosts do not wait for each other's records.
 */
export class JournalFile implements Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Bytes of records that are known to be on disk. */
  #length: number;
  /** An append failed half-way: what it may have left behind the last whole record is cut off first. */
  #torn = false;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

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
    return new Promise((written, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(record)}\n`, written, failed });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Waits for what is being appended. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0);
      try {
        await this.#append(Buffer.from(together.map(({ line }) => line).join('')));
        for (const { written } of together) written();
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
    this.#writing = null;
  }

  async #append(lines: Buffer): Promise<void> {
    try {
      if (this.#torn) await this.#file.truncate(this.#length);
      this.#torn = true;
      await this.#file.appendFile(lines);
      await this.#file.datasync();
      this.#length += lines.length;
      this.#torn = false;
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }
}
