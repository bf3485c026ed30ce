import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FaultError, toFault } from '../../shared/fault.ts';
import { idSchema } from '../../shared/id.ts';
import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';
import type { RefusedFile } from '../../shared/view.ts';
import { JsonFile } from './json-file.ts';
import { sequenceHash } from './sequence-hash.ts';
import { sequenceMigrations } from './sequence-migrations.ts';

export interface StoredSequence {
  sequence: Sequence;
  hash: string;
}

/** The sequences, one file each, named by its id: sequences/<id>.json. */
export class SequenceStore {
  readonly folder: string;
  readonly #files = new Map<string, JsonFile<Sequence>>();

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'sequences');
  }

  /** All that could be taken, by id, and all that could not, with the reason: a file, or the folder. Never throws. */
  async list(): Promise<{ sequences: StoredSequence[]; refused: RefusedFile[] }> {
    const sequences: StoredSequence[] = [];
    const refused: RefusedFile[] = [];
    for (const name of await this.#names(refused)) {
      const path = join(this.folder, name);
      try {
        const sequence = await this.#read(name);
        if (sequence) sequences.push({ sequence, hash: sequenceHash(sequence) });
      } catch (error) {
        refused.push({ file: path, fault: toFault(error, path) });
      }
    }
    return { sequences, refused };
  }

  /**
   * Saves under the sequence's id and gives the new hash. `baseHash`: of what the edit began from, empty for a new one.
   * @throws FaultError `refused` when the file has changed since, `file-broken`, `file-newer`, `file-unwritable`
   */
  async save(sequence: Sequence, baseHash: string): Promise<string> {
    return sequenceHash(await this.#file(sequence.id).replace(sequence, baseHash));
  }

  async #read(name: string): Promise<Sequence | null> {
    const id = basename(name, '.json');
    const path = join(this.folder, name);
    if (!idSchema.safeParse(id).success) throw misnamed(path, 'Its name is no id: small letters, digits and "-".');
    const sequence = await this.#file(id).read();
    // Otherwise a copied file would be saved over the original.
    if (sequence && sequence.id !== id) throw misnamed(path, `Its id is "${sequence.id}", its name says "${id}".`);
    return sequence;
  }

  #file(id: string): JsonFile<Sequence> {
    const known = this.#files.get(id);
    if (known) return known;
    const file = new JsonFile(join(this.folder, `${id}.json`), {
      schema: sequenceSchema,
      migrations: sequenceMigrations,
      hash: sequenceHash,
    });
    this.#files.set(id, file);
    return file;
  }

  async #names(refused: RefusedFile[]): Promise<string[]> {
    try {
      const names = await readdir(this.folder);
      return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      const what = `The folder cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const remedy = 'Check what it is, and its permissions.';
      refused.push({ file: this.folder, fault: { code: 'file-broken', what, where: this.folder, remedy } });
      return [];
    }
  }
}

function misnamed(where: string, what: string): FaultError {
  return new FaultError({ code: 'file-broken', what, where, remedy: 'Make the file name and the id in it the same.' });
}
