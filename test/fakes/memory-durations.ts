import type { DurationStore } from '../../electron/core/ports.ts';
import { type DurationsFile, durationsSchema } from '../../shared/durations.ts';

/** What was learned of steps, in memory; every file that is saved must be one that could be read again. */
export class MemoryDurations implements DurationStore {
  file: DurationsFile = { format: 'glidepath-durations', version: 1, samples: [] };
  saves = 0;

  load(): Promise<DurationsFile> {
    return Promise.resolve(this.file);
  }

  save(file: DurationsFile): Promise<void> {
    this.file = durationsSchema.parse(file);
    this.saves += 1;
    return Promise.resolve();
  }
}
