import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DecisionsFile } from '../../electron/storage/decisions-file.ts';
import { durationStore } from '../../electron/storage/durations-file.ts';
import type { Decision } from '../../shared/decision.ts';
import type { DurationsFile } from '../../shared/durations.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const decision = (at: number): Decision => ({ at, kind: 'held-back', sentence: `Starts in ${at} s`, runId: null });

describe('decisions', () => {
  test('come back over a restart, without damaged lines', async () => {
    const folder = await temporaryFolder();
    const log = keptLog();
    const file = new DecisionsFile(folder, log);
    file.add(decision(1));
    await file.settle();
    await appendFile(join(folder, 'decisions.jsonl'), '{"at":2,"kind":"guessed","sentence":"","runId":null}\n{"at":');
    const again = new DecisionsFile(folder, log);
    again.add(decision(3));
    expect(await again.read()).toEqual([decision(1), decision(3)]);
    expect(log.lines).toEqual([expect.stringContaining('2 damaged lines')]);
  });

  test('are kept up to the newest 5,000', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'decisions.jsonl');
    await writeFile(path, Array.from({ length: 5499 }, (_, n) => `${JSON.stringify(decision(n))}\n`).join(''));
    const file = new DecisionsFile(folder, keptLog());
    expect(await file.read()).toHaveLength(5499);
    file.add(decision(5499));
    expect(await file.read()).toHaveLength(5000);
  });
});

describe('what was learned of how long steps take', () => {
  const sample = { kind: 'power-off', hostId: 'nas', guests: null, seconds: 21.5, at: 1 };
  const learned: DurationsFile = { format: 'glidepath-durations', version: 1, samples: [sample] };

  test('comes back over a restart; at first there is nothing', async () => {
    const folder = await temporaryFolder();
    const store = durationStore(folder, keptLog());
    expect((await store.load()).samples).toEqual([]);
    await store.save(learned);
    expect(await durationStore(folder, keptLog()).load()).toEqual(learned);
  });

  test('that cannot be read counts as nothing, and is never written over', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'durations.json');
    await writeFile(path, '{"format":"glidepath-durations","version":1,"samples":[{"kind":7}]}');
    const log = keptLog();
    const store = durationStore(folder, log);
    expect((await store.load()).samples).toEqual([]);
    await store.save(learned);
    expect(await readFile(path, 'utf8')).toContain('"kind":7');
    expect(log.lines).toEqual([expect.stringMatching(/^What was learned of how long steps take is not used\. /)]);
  });
});
