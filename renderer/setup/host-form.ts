import type { Host } from '../../shared/inventory.ts';
import { groupTargets } from '../../shared/target.ts';
import { freshId, losesLetters, slug } from '../plan/ids.ts';

/** The fields as they are typed. Whether they are right is for the main process to say, with its schema. */
export interface HostForm {
  kind: Host['kind'];
  name: string;
  address: string;
  port: number;
  user: string;
  login: Host['login'];
  macs: string;
  fedBy: Host['fedBy'];
  tags: string;
  uses: string[];
  /** The id of a host; null: it is a machine of its own. */
  runsOn: string | null;
  isThisComputer: boolean;
  sudo: boolean;
  powerOffCommand: string;
}

export const formOf = (host: Host | null): HostForm => ({
  kind: host?.kind ?? 'linux',
  name: host?.name ?? '',
  address: host?.address ?? '',
  port: host?.port ?? 22,
  user: host?.user ?? 'root',
  login: host?.login ?? 'key',
  macs: host?.macs.join(', ') ?? '',
  fedBy: host?.fedBy ?? { upses: [], need: 'any' },
  tags: host?.tags.join(', ') ?? '',
  uses: host?.uses ?? [],
  runsOn: host?.runsOn ?? null,
  isThisComputer: host?.isThisComputer ?? false,
  sudo: host?.kind === 'linux' && host.sudo,
  powerOffCommand: host?.kind === 'linux' ? host.powerOffCommand : 'systemctl poweroff',
});

const words = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** As a plan can name it. What would become another tag's equal stays as it was typed, and the schema says what a tag may be. */
const tagOf = (typed: string): string => (losesLetters(typed) ? typed : slug(typed));

/** A new host gets an id from its name; an old one keeps its id, its keys and so everything that refers to it. */
export function hostOf(form: HostForm, old: Host | null, taken: ReadonlySet<string>): Host {
  const common = {
    id: old?.id ?? freshId(form.name, new Set([...taken, ...groupTargets])),
    name: form.name.trim(),
    address: form.address.trim(),
    port: form.port,
    user: form.user.trim(),
    login: form.login,
    // Another address or port may be another machine: its key must be confirmed anew.
    hostKeys: old && old.address === form.address.trim() && old.port === form.port ? old.hostKeys : [],
    macs: words(form.macs),
    fedBy: form.fedBy,
    tags: [...new Set(words(form.tags).map(tagOf))],
    uses: form.uses,
    ...(form.runsOn === null ? {} : { runsOn: form.runsOn }),
    isThisComputer: form.isThisComputer,
  };
  return form.kind === 'esxi'
    ? { ...common, kind: 'esxi' }
    : { ...common, kind: 'linux', sudo: form.sudo, powerOffCommand: form.powerOffCommand.trim() };
}
