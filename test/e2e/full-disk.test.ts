import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { JournalFolder } from '../../electron/storage/journal.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { sampleRecords } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const runId = 'run-20261121-190200-5f3a';

// Here and not among the unit tests, because a file system of its own takes a mount namespace of its own.
test.skipIf(!process.env.GLIDEPATH_PRIVATE_NET)(
  'a disk that is full for a while costs the journal no whole record',
  async () => {
    const folder = await temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder]);
    onTestFinished(() => void execFileSync('umount', [folder]));
    const store = new JournalFolder(folder, keptLog());
    const journal = await store.create(runId);
    const records = sampleRecords(runId).slice(0, 3);
    for (const record of records) await journal.append(record);

    const filler = join(folder, 'filler');
    // The disk takes what fits and refuses the rest.
    await fs.writeFile(filler, 'x'.repeat(12 * 1024)).catch(() => undefined);
    let refused = 0;
    for (let at = 0; at < 20; at += 1) {
      const note = { type: 'note', at, sentence: 'y'.repeat(700) } as const;
      await journal.append(note).then(
        () => records.push(note),
        (error: unknown) => {
          expect(error).toMatchObject({ fault: { code: 'file-unwritable' } });
          refused += 1;
        },
      );
    }
    expect(refused).toBeGreaterThan(0);

    await fs.rm(filler);
    await journal.append({ type: 'no-return', at: 9 });
    await journal.close();
    const found = await store.unfinished();
    await found?.journal.close();
    expect(found?.records).toEqual([...records, { type: 'no-return', at: 9 }]);
    expect(await fs.readdir(join(folder, 'runs'))).toEqual([`${runId}.jsonl`]);
  },
);
