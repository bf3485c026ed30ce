import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Slices } from '../../shared/view.ts';
import { count } from '../../shared/words.ts';
import { hostsHash } from '../brain/host-edits.ts';
import { SupplyBook } from '../brain/supply-book.ts';
import { Workspace } from '../brain/workspace.ts';
import { expand } from '../core/plan/expand.ts';
import { targetOf } from '../core/plan/target-of.ts';
import { sequenceHash } from '../storage/sequence-hash.ts';
import { printable } from './fault-line.ts';
import type { GivenSecrets } from './given-secrets.ts';
import { checkPlan, type StoredFolder } from './stored-folder.ts';
import { untilTaken } from './until-taken.ts';

/** The folder and what controls it, at one moment. */
export interface Looked {
  folder: StoredFolder;
  /** What the daemon shows that controls the folder; null: none does. */
  live: Slices | null;
}

export interface ArmDeps {
  dataFolder: string;
  /** @throws FaultError `refused` when an application controls the folder, or one that tells nothing */
  look(): Promise<Looked>;
  /** What the daemon shows now; null: there is none. */
  shown(): Promise<Slices | null>;
  secrets: GivenSecrets;
  release: string;
  say(line: string): void;
  /** @throws FaultError `not-confirmed` */
  confirm(question: string): Promise<void>;
  pause(ms: number): Promise<void>;
}

/**
 * Arms the stored sequence that has this hash, and nothing else, with its hosts and with what tells of the power as they
 * are now: after saying what it will do, and a yes. Says that it is armed when a daemon that runs has taken it.
 * @throws FaultError `refused` when no stored sequence has the hash, or it has errors, or something was changed while
 * the question stood there, or the daemon does not take it; `not-confirmed`
 */
export async function arm(hash: string, deps: ArmDeps): Promise<string> {
  const asked = await open(deps);
  const sequence = storedAs(hash, asked.folder);
  const machines = takenDown(sequence, asked.folder.hosts);
  deps.say(printable(`“${sequence.name}” (${hash})`));
  const many = count(machines.length, 'machine');
  deps.say(`When the battery runs low, Glidepath will act on ${many} without asking again, in this order:`);
  // Names and commands may hold what a terminal obeys: it must not hide or turn round a line of this.
  for (const { host, acts } of machines) deps.say(`  ${printable(`${host}: ${acts}`)}`);
  await deps.confirm('Arm it?');
  // Whoever was asked may have thought it over for an hour.
  const now = await open(deps);
  storedAs(hash, now.folder);
  if (hostsHash(sequence, [...now.folder.hosts]) !== hostsHash(sequence, [...asked.folder.hosts]))
    throw changedSince(deps, `The hosts of “${sequence.name}” were`);
  if (now.suppliesHash !== asked.suppliesHash)
    throw changedSince(deps, `What tells “${sequence.name}” of the power was`);
  const { workspace } = now;
  // Saved as it is, it becomes the plan of the folder.
  if (workspace.plan().hash !== hash) await workspace.savePlan(sequence, hash);
  await workspace.arm(hash);
  await untilTaken(deps, now.live, (plan) => plan.armed && plan.hash === hash);
  return told(sequence, now.live ? 'is armed.' : `is armed. ${nobody}`);
}

/**
 * @throws FaultError `refused` when nothing is armed, while a shutdown is past its point of no return, and when the
 * daemon does not take it; `not-confirmed`
 */
export async function disarm(deps: ArmDeps): Promise<string> {
  const { armed, sequence, hash } = (await open(deps)).workspace.plan();
  if (!sequence || !armed) {
    throw new FaultError({
      code: 'refused',
      what: 'No plan is armed.',
      where: deps.dataFolder,
      remedy: '“glidepath status” says what the daemon does.',
    });
  }
  deps.say(printable(`No one will shut the rack down by “${sequence.name}” when the battery runs low.`));
  await deps.confirm('Disarm it?');
  const now = await open(deps);
  await now.workspace.disarm(hash);
  await untilTaken(deps, now.live, (plan) => !plan.armed);
  return told(sequence, 'is not armed.');
}

const nobody = 'No Glidepath controls this folder now: it counts from the next start on.';

const told = ({ name }: Sequence, what: string): string => `${printable(`“${name}” ${what}`)}\n`;

interface Opened extends Looked {
  workspace: Workspace;
  /** null: supplies.json cannot be read. */
  suppliesHash: string | null;
}

/** Everything as it is at this moment. */
async function open({ look, secrets, release, say }: ArmDeps): Promise<Opened> {
  const { folder, live } = await look();
  const { dataFolder, secretIds } = folder;
  const workspace: Workspace = new Workspace({
    dataFolder,
    version: release,
    engine: {
      check: ({ sequence }) => checkPlan(sequence, folder),
      setPlan: () => undefined,
      run: () => live?.run ?? null,
    },
    // The daemon may have been given secrets that this process was not.
    secrets: {
      isStrong: secrets.isStrong,
      ids: async () => new Set(secretIds),
      set: (id) => secrets.set(id),
      setHostPassword: (host, slot) => secrets.setHostPassword(host, slot),
      remove: () => secrets.remove(),
    },
    notifier: { notify: ({ body }) => say(printable(body)) },
    channelIds: () => folder.channelIds,
    isArmedElsewhere: false,
    changed: () => undefined,
  });
  const supplies = new SupplyBook({
    dataFolder,
    secrets,
    faults: () => new Map(),
    moved: () => Promise.resolve(),
    rebound: () => Promise.resolve(),
    passwordChanged: () => undefined,
    changed: () => undefined,
  });
  await supplies.load();
  await workspace.load();
  await workspace.suppliesRead(supplies.hash);
  return { folder, live, workspace, suppliesHash: supplies.hash };
}

/** @throws FaultError `refused` when there is none */
function storedAs(hash: string, { sequences, dataFolder }: StoredFolder): Sequence {
  const found = sequences.find((each) => sequenceHash(each) === hash);
  if (found) return found;
  const what = `No sequence of this folder has the hash ${hash}.`;
  const remedy = 'Put the sequence into the folder “sequences”, and give the hash that “glidepath plan FILE” prints.';
  throw new FaultError({ code: 'refused', what, where: dataFolder, remedy });
}

function changedSince({ dataFolder }: ArmDeps, what: string): FaultError {
  const remedy = 'Nothing was armed: look it over as it is now, and answer again.';
  return new FaultError({ code: 'refused', what: `${what} changed since the question.`, where: dataFolder, remedy });
}

/** The machines from which something is taken away, and what, in the order in which it comes to them. */
function takenDown(sequence: Sequence, hosts: readonly Host[]): { host: string; acts: string }[] {
  const acts = new Map<string, Set<string>>();
  for (const step of expand(sequence, hosts).sequence.stages.flatMap(({ steps }) => steps)) {
    const target = targetOf(step);
    if (target === null || !stepKinds[step.kind].destructive) continue;
    const what = step.kind === 'command' ? step.command : stepKinds[step.kind].label;
    acts.set(target, (acts.get(target) ?? new Set()).add(what));
  }
  const nameOf = (id: string): string => hosts.find((host) => host.id === id)?.name ?? id;
  return [...acts].map(([id, what]) => ({ host: nameOf(id), acts: [...what].join(', ') }));
}
