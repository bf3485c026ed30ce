import type { Slices } from '../../shared/view.ts';
import { askSnapshot } from '../control/client.ts';
import { controllerOf } from '../control/lock.ts';
import type { Who } from '../control/who.ts';
import { printable } from './fault-line.ts';
import { GivenSecrets } from './given-secrets.ts';
import { heldBy } from './held.ts';
import { readFolder, type StoredFolder } from './stored-folder.ts';

export interface FolderDeps {
  dataFolder: string;
  release: string;
  env: NodeJS.ProcessEnv;
  /** A line for people, beside what was asked for. */
  say(line: string): void;
}

/** What the controller shows; null: nobody controls the folder. */
export type Live = { who: Who; slices: Slices } | null;

/** @throws FaultError `refused` when somebody controls the folder and does not tell what goes on */
export async function askController({ dataFolder, release }: FolderDeps): Promise<Live> {
  const told = await askSnapshot(dataFolder, release);
  const silent = told ? null : controllerOf(dataFolder);
  if (silent) throw heldBy(dataFolder, silent, 'It tells nothing: try again, and look at its log.');
  return told;
}

export const secretsOf = ({ env }: FolderDeps): GivenSecrets => new GivenSecrets(env.CREDENTIALS_DIRECTORY || null);

/** @throws FaultError `file-broken`, `file-newer` */
export async function folderOf(deps: FolderDeps, live: Live): Promise<StoredFolder> {
  const warn = (line: string): void => deps.say(printable(line));
  return readFolder(deps.dataFolder, await secretsOf(deps).ids(), live?.slices ?? null, warn);
}
