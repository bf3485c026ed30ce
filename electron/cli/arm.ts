import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { Slices } from '../../shared/view.ts';
import { count } from '../../shared/words.ts';
import { SupplyBook } from '../brain/supply-book.ts';
import { Workspace } from '../brain/workspace.ts';
import { expand } from '../core/plan/expand.ts';
import { targetOf } from '../core/plan/target-of.ts';
import { sequenceHash } from '../storage/sequence-hash.ts';
import { printable } from './fault-line.ts';
import type { GivenSecrets } from './given-secrets.ts';
import { checkPlan, type StoredFolder } from './stored-folder.ts';

export interface ArmDeps {
  folder: StoredFolder;
  /** What the daemon shows that controls the folder; null: none does. */
  live: Slices | null;
  secrets: GivenSecrets;
  release: string;
  say(line: string): void;
  /** @throws FaultError `not-confirmed` */
  confirm(question: string): Promise<void>;
}

/**
 * Arms the stored sequence that has this hash, and nothing else, with its hosts and with what tells of the power as they
 * are now: after saying what it will do, and a yes. A daemon that runs takes it from the settings.
 * @throws FaultError `refused` when no stored sequence has the hash, or it has errors; `not-confirmed`
 */
export async function arm(hash: string, deps: ArmDeps): Promise<string> {
  const workspace = await open(deps);
  const sequence = deps.folder.sequences.find((each) => sequenceHash(each) === hash);
  if (!sequence) throw unknown(hash, deps.folder.dataFolder);
  const machines = takenDown(sequence, deps.folder.hosts);
  deps.say(
    `“${sequence.name}” (${hash})\nWhen the battery runs low, Glidepath will act on ${count(machines.length, 'machine')} without asking again, in this order:`,
  );
  // A command may hold what a terminal obeys: it must not hide a line of this.
  for (const { host, acts } of machines) deps.say(`  ${host}: ${printable(acts)}`);
  await deps.confirm('Arm it?');
  // Saved as it is, it becomes the plan of the folder.
  if (workspace.plan().hash !== hash) await workspace.savePlan(sequence, hash);
  await workspace.arm(hash);
  return `“${sequence.name}” is armed.\n`;
}

/**
 * @throws FaultError `refused` when nothing is armed, and while a shutdown is past its point of no return;
 * `not-confirmed`
 */
export async function disarm(deps: ArmDeps): Promise<string> {
  const workspace = await open(deps);
  const { armed, sequence, hash } = workspace.plan();
  if (!sequence || !armed) {
    throw new FaultError({
      code: 'refused',
      what: 'No plan is armed.',
      where: deps.folder.dataFolder,
      remedy: '“glidepath status” says what the daemon does.',
    });
  }
  deps.say(`No one will shut the rack down by “${sequence.name}” when the battery runs low.`);
  await deps.confirm('Disarm it?');
  await workspace.disarm(hash);
  return `“${sequence.name}” is not armed.\n`;
}

async function open({ folder, live, secrets, release, say }: ArmDeps): Promise<Workspace> {
  const { dataFolder, secretIds } = folder;
  const workspace: Workspace = new Workspace({
    dataFolder,
    version: release,
    engine: {
      check: (sequence) => checkPlan(sequence, folder),
      setPlan: () => undefined,
      run: () => live?.run ?? null,
    },
    // The daemon may have been given secrets that this process was not.
    secrets: {
      isStrong: secrets.isStrong,
      ids: async () => new Set(secretIds),
      set: (id) => secrets.set(id),
      remove: () => secrets.remove(),
    },
    notifier: { notify: ({ body }) => say(body) },
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
  return workspace;
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

function unknown(hash: string, where: string): FaultError {
  const what = `No sequence of this folder has the hash ${hash}.`;
  const remedy = 'Put the sequence into the folder “sequences”, and give the hash that “glidepath plan FILE” prints.';
  return new FaultError({ code: 'refused', what, where, remedy });
}
