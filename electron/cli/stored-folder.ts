import type { DurationsFile, Expected } from '../../shared/durations.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { secretKey } from '../../shared/secret-slot.ts';
import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';
import type { CheckedPlan, Slices } from '../../shared/view.ts';
import { DurationBook } from '../core/plan/durations.ts';
import { expand } from '../core/plan/expand.ts';
import { type ExpectedOf, schedule } from '../core/plan/schedule.ts';
import { findProblems } from '../core/problems/find-problems.ts';
import { channelsFile } from '../storage/channels-file.ts';
import { durationStore } from '../storage/durations-file.ts';
import { inventoryFile } from '../storage/inventory-file.ts';
import { JsonFile } from '../storage/json-file.ts';
import { sequenceMigrations } from '../storage/sequence-migrations.ts';
import { SequenceStore } from '../storage/sequences.ts';
import { suppliesFile } from '../storage/supplies-file.ts';

/** What a plan is checked and played against, as the files of a data folder hold it. */
export interface StoredFolder {
  dataFolder: string;
  hosts: readonly Host[];
  /** The hosts for which a secret is kept or given. */
  secretIds: ReadonlySet<string>;
  upsIds: ReadonlySet<string>;
  channelIds: ReadonlySet<string>;
  sequences: readonly Sequence[];
  durations: DurationsFile;
  expected: ExpectedOf;
}

/**
 * `secretIds`: as far as this process knows; `live`: what the controller of the folder shows, which knows of more.
 * @throws FaultError `file-broken`, `file-newer`
 */
export async function readFolder(
  dataFolder: string,
  secretIds: ReadonlySet<string>,
  live: Slices | null,
  warn: (line: string) => void,
): Promise<StoredFolder> {
  const hosts = (await inventoryFile(dataFolder).read())?.hosts ?? [];
  const known = (await suppliesFile(dataFolder).read())?.supplies ?? [];
  const channels = (await channelsFile(dataFolder).read())?.channels ?? [];
  const { sequences } = await new SequenceStore(dataFolder).list();
  const durations = await durationStore(dataFolder, { warn }).load();
  const book = new DurationBook();
  book.load(durations);
  const given = (live?.hosts.hosts ?? []).flatMap(({ host, hasSecret, alsoKept = [] }) => [
    ...(hasSecret ? [host.id] : []),
    ...alsoKept.map((slot) => secretKey(slot, host.id)),
  ]);
  return {
    dataFolder,
    hosts,
    secretIds: new Set([...secretIds, ...given]),
    upsIds: new Set([...known.map(({ id }) => id), ...(live?.status.powers ?? []).map(({ ups }) => ups.id)]),
    channelIds: new Set(channels.map(({ id }) => id)),
    sequences: sequences.map(({ sequence }) => sequence),
    durations,
    expected: (step, host): Expected => book.expected(step, host),
  };
}

/** @throws FaultError `file-broken` when it is no sequence, or not there; `file-newer` */
export async function readSequence(path: string): Promise<Sequence> {
  const sequence = await new JsonFile(path, { schema: sequenceSchema, migrations: sequenceMigrations }).read();
  if (sequence) return sequence;
  const remedy = 'Name a sequence, as in the folder “sequences” of the data folder.';
  throw new FaultError({ code: 'file-broken', what: 'There is no such file.', where: path, remedy });
}

export function checkPlan(sequence: Sequence, folder: StoredFolder): CheckedPlan {
  const { hosts, secretIds, upsIds, channelIds, expected, sequences } = folder;
  const others = sequences.filter(({ id }) => id !== sequence.id);
  const times = schedule(expand(sequence, hosts), hosts, expected);
  // What a UPS offers only its source can tell.
  const upsFacts = { upses: null, planned: times.steps };
  const problems = findProblems({ sequence, hosts, secretIds, upsIds, channelIds, others, upsFacts });
  return { problems, ...times };
}
