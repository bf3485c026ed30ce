import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJournalText } from '../../electron/storage/journal-text.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { overlaps, type Rig, rig } from './runner-bench.ts';

/** A run that a Glidepath wrote whose journals were of version 1: down, and back. */
const file = join(import.meta.dirname, '..', 'fixtures', 'files', 'run-1.jsonl');
const recordsOf = async (): Promise<RunRecord[]> => readJournalText(file, await fs.readFile(file)).records;

/** Brings the rack to where these records leave it. */
function follow(made: Rig, records: readonly RunRecord[]): void {
  for (const record of records) {
    if (record.type !== 'accepted') continue;
    const [what, name] = record.step.split('-');
    const host = made.world.host(name);
    if (what === 'guests') host.guestsOn.clear();
    if (what === 'mm') host.settings.add('maintenance');
    if (what === 'off') host.power = 'off';
    if (what === 'wake') host.power = 'on';
    if (what === 'exit') host.settings.delete('maintenance');
    if (what === 'start') host.guestsOn = new Set(['vm1', 'vm2']);
  }
}

async function takenUp(records: readonly RunRecord[]): Promise<Rig> {
  const made = await rig(rackSequence(), rackHosts());
  made.kill();
  follow(made, records);
  made.journals.runs.set('run-1', [...records]);
  made.clock.jump((records.at(-1)?.at ?? 0) + 5000 - made.clock.now());
  return made;
}

test('is taken up after every record, on the way down and on the way back, and ends as it should', async () => {
  const all = await recordsOf();
  const down = all.findIndex(({ type }) => type === 'down-ended');
  expect([all.length, down]).toEqual([47, 23]);
  for (let after = 1; after < all.length; after += 1) {
    const where = `after record ${after}`;
    const made = await takenUp(all.slice(0, after));
    if (after <= down) made.a.cut({ runtime: 3600 });
    else made.a.restore({ charge: 100 });
    await made.restart();
    await made.seconds(300);
    if (after <= down) {
      expect(made.world.powers(), where).toEqual({ esx: 'off', web: 'off', nas: 'off' });
      expect(made.run().downResult, where).toBe('done');
      made.a.restore({ charge: 100 });
      await made.seconds(300);
    }
    expect(made.errors, where).toEqual([]);
    expect(overlaps(made), where).toEqual([]);
    expect(made.world.powers(), where).toEqual({ esx: 'on', web: 'on', nas: 'on' });
    expect([...made.world.host('esx').guestsOn].sort(), where).toEqual(['vm1', 'vm2']);
    expect(made.world.host('esx').cutHard, where).toBe(false);
    expect(made.run(), where).toMatchObject({ phase: 'ended', result: 'done', resumes: 1 });
  }
}, 60_000);
