import type { LearnedStore } from '../../electron/core/ports.ts';
import { type LearnedFile, learnedSchema, nothingLearned } from '../../shared/learned.ts';

/** What was learned, in memory; every file that is saved must be one that could be read again. */
export class MemoryLearned implements LearnedStore {
  file: LearnedFile = nothingLearned;
  saves = 0;

  load(): Promise<LearnedFile> {
    return Promise.resolve(this.file);
  }

  save(file: LearnedFile): Promise<void> {
    this.file = learnedSchema.parse(file);
    this.saves += 1;
    return Promise.resolve();
  }
}
