import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { FaultError } from '../../shared/fault.ts';
import { contentHash } from './content-hash.ts';
import { findJsonError } from './json-error.ts';
import { writeFileAtomic } from './write-atomic.ts';

/**
 * What a file of ours holds. Its version is an integer that grows with each change of the format:
 * `migrations[0]` leads from version 1 to 2 and so on, so the current version is one more than their number.
 */
export interface FileFormat<T> {
  schema: z.ZodType<T>;
  migrations: readonly ((old: Record<string, unknown>) => Record<string, unknown>)[];
  /** What tells two contents apart; `contentHash` unless given. */
  hash?: (value: T) => string;
}

/**
 * One JSON file, read strictly and replaced as a whole. A file that cannot be taken is refused with the place and the
 * reason, is kept as it is, and is never written over: it is the user's work, however broken.
 */
export class JsonFile<T> {
  readonly path: string;
  readonly #format: FileFormat<T>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, format: FileFormat<T>) {
    this.path = path;
    this.#format = format;
  }

  /**
   * null: there is no such file.
   * @throws FaultError `file-broken` or `file-newer`
   */
  async read(): Promise<T | null> {
    const text = await this.#text();
    return text === null ? null : parseFile(this.path, text, this.#format);
  }

  /**
   * Changes the file, one change after the other. `change` gets what stands there now (null: nothing).
   * @throws FaultError `file-broken` or `file-newer` when what stands there is refused, `file-unwritable`,
   * and whatever `change` throws; the file is then untouched.
   */
  update(change: (old: T | null) => T): Promise<T> {
    const next = this.#last.then(async () => {
      const value = change(await this.read());
      await writeFileAtomic(this.path, `${JSON.stringify(value, null, 2)}\n`);
      return value;
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  /**
   * Replaces what has the hash `base` (empty: no file yet), so that nobody's change gets lost.
   * @throws FaultError `refused` when something else stands there by now; and as `update`
   */
  replace(value: T, base: string): Promise<T> {
    return this.update((old) => {
      const found = old === null ? '' : (this.#format.hash ?? contentHash)(old);
      if (found === base) return value;
      throw new FaultError({
        code: 'refused',
        what: base === '' ? 'There is such a file already.' : 'It has been changed since you began to edit it.',
        where: this.path,
        remedy: 'Load it again and repeat your change, or save yours under another name.',
      });
    });
  }

  async #text(): Promise<string | null> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw broken(this.path, `It could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** @throws FaultError `file-broken` or `file-newer` */
function parseFile<T>(path: string, text: string, format: FileFormat<T>): T {
  const result = format.schema.safeParse(migrate(path, parseJson(path, text), format));
  if (result.success) return result.data;
  const issues = result.error.issues;
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw broken(`${path}, ${pathText(first?.path ?? [])}`, `${first?.message ?? 'invalid'}${more}`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const wrong = findJsonError(text);
    if (!wrong) throw broken(path, `It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    throw broken(
      `${path}, line ${wrong.line}, column ${wrong.column}`,
      `It is not JSON: expected ${wrong.expected} here.`,
    );
  }
}

function migrate<T>(path: string, value: unknown, { migrations }: FileFormat<T>): unknown {
  if (value === null || typeof value !== 'object' || !('version' in value)) return value;
  const { version } = value;
  // Any other version than a positive integer is left to the schema, which names the place.
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return value;
  const current = migrations.length + 1;
  if (version > current) {
    throw new FaultError({
      code: 'file-newer',
      what: `It has version ${version}; this Glidepath knows versions up to ${current}.`,
      where: path,
      remedy: 'Install the newer Glidepath. The file is kept as it is.',
    });
  }
  return migrations.slice(version - 1).reduce<Record<string, unknown>>((old, step) => step(old), { ...value });
}

/** `stages[0].steps[2].target`, or "the whole file". */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'the whole file';
}

function broken(where: string, what: string): FaultError {
  return new FaultError({
    code: 'file-broken',
    what: what.slice(0, 2000),
    where: where.slice(-500),
    remedy: 'Correct the file in a text editor, or move it away. It is kept as it is.',
  });
}
